import RennbahnTrial

/// What of a cell is compared between two builds.
package enum GateMetric: String, Codable, CodingKeyRepresentable, CaseIterable, Sendable {
    /// CPU time of the router per message.
    case routerCPU = "router-cpu-per-message"
    /// Messages a second in a closed loop.
    case throughput
    /// Median latency, from the intended send.
    case responseP50 = "response-p50"
    /// The 99th percentile of it: a block is too short to gate on it.
    case responseP99 = "response-p99"
    /// Bytes on the wire per message, both directions.
    case bytesPerMessage = "bytes-per-message"
    /// Resident memory of the router per connection.
    case memoryPerConnection = "memory-per-connection"

    /// Most metrics are costs.
    package var isBetterWhenHigher: Bool { self == .throughput }

    /// An advisory metric is shown and may warn; it decides nothing.
    package var isAdvisory: Bool { self == .responseP99 }

    /// How much worse a build may be before it is told, as a share: 0.03 is three percent.
    package var standardTolerance: Double {
        switch self {
        case .routerCPU, .throughput: 0.03
        case .responseP50: 0.05
        case .responseP99: 0.1
        case .bytesPerMessage: 0.005
        case .memoryPerConnection: 0.05
        }
    }

    /// Whether the figure is a matter of time, whose tolerance is a matter of the machine.
    package var isTimed: Bool {
        switch self {
        case .routerCPU, .throughput, .responseP50, .responseP99: true
        case .bytesPerMessage, .memoryPerConnection: false
        }
    }

    package var title: String {
        switch self {
        case .routerCPU: "router CPU per message"
        case .throughput: "throughput"
        case .responseP50: "response p50"
        case .responseP99: "response p99"
        case .bytesPerMessage: "bytes per message"
        case .memoryPerConnection: "memory per connection"
        }
    }

    /// The log ratio of candidate to base, signed so that more is worse; nil unless both figures are positive numbers.
    func worsening(base: Double, candidate: Double) -> Double? {
        PairedEstimate.logRatio(base: base, candidate: candidate).map { isBetterWhenHigher ? -$0 : $0 }
    }
}
