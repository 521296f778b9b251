/// What is told of each side of a trial, turn by turn.
package enum TrialMetric: String, Codable, CodingKeyRepresentable, CaseIterable, Sendable {
    /// CPU time of the router per message, in µs.
    case routerCPU = "router-cpu-per-message"
    /// CPU time of the generator per message, in µs.
    case generatorCPU = "generator-cpu-per-message"
    /// Messages a second.
    case rate = "messages-per-second"
    /// Octets on the wire per message, both directions.
    case bytes = "bytes-per-message"
    /// Messages that a client's socket gave at a time: what the router had sent at once.
    case batch = "messages-per-receive"

    /// Whether somebody else's work beside it changes the figure: rates first, CPU time when it is much, octets never.
    var patience: Double {
        switch self {
        case .rate, .batch: TurnSample.waitLimit
        case .routerCPU, .generatorCPU: TurnSample.waitLimitOfCPU
        case .bytes: .infinity
        }
    }
}
