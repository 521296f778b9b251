import RennbahnGate
import RennbahnLoadGenerator
import RennbahnMeasurement

/// What the turns of one block have shown so far: which loop feeds which metric.
///
/// Blocks are compared turn by turn, so a turn that has no figure leaves a gap, for which none is made up; where there are too
/// many, the block is invalid. A figure of 0 that was measured, such as CPU time too short for the kernel's clock, is no gap.
struct BlockFigures {
    /// The share of its turns that a metric may lack: on a machine that is busy with something else, a turn of some hundredths of a
    /// second may pass without a message.
    private static let largestGap = 0.2

    private(set) var turns: BlockOutcome.Turns = [:]

    /// A turn of the closed loop: what the router can do, and what that costs.
    ///
    /// - Parameter samplesServer: whether the router's process is on this machine.
    mutating func takeClosedLoop(_ turn: LoadSession.Turn, samplesServer: Bool) {
        let messages = Double(turn.wholeMessages)
        let isWhole = turn.messages > 0 && turn.seconds > 0
        add(isWhole ? Double(turn.messages) / turn.seconds : nil, to: .throughput)
        add(messages > 0 ? Double(turn.wholeBytes) / messages : nil, to: .bytesPerMessage)
        guard samplesServer else { return }
        add(messages > 0 ? turn.serverSeconds.map { $0 * 1e6 / messages } : nil, to: .routerCPU)
    }

    /// A turn of the open loop: the latency.
    mutating func takeOpenLoop(_ turn: LoadSession.Turn) {
        let response = turn.response.count > 0 ? turn.response.summary() : nil
        add(response.map { Double($0.p50) }, to: .responseP50)
        add(response.map { Double($0.p99) }, to: .responseP99)
    }

    /// What the connections of an idle fleet took, in octets each.
    mutating func take(memoryPerConnection octets: Double) {
        turns[.memoryPerConnection] = [octets]
    }

    /// Forgets the latencies: they would be the generator's own. What the closed loop showed stays.
    mutating func dropLatencies() {
        turns[.responseP50] = nil
        turns[.responseP99] = nil
    }

    /// Why the block is invalid; `nil`: its turns have their figures, but for a few.
    var flaw: String? {
        for metric in GateMetric.allCases {
            guard let figures = turns[metric] else { continue }
            let gaps = figures.count { $0 == nil }
            guard Double(gaps) > BlockFigures.largestGap * Double(figures.count) else { continue }
            return "\(gaps) of \(figures.count) turns have no figure for \(metric.title): is --turn too short?"
        }
        return nil
    }

    private mutating func add(_ value: Double?, to metric: GateMetric) {
        turns[metric, default: []].append(value.flatMap { $0.isFinite ? $0 : nil })
    }
}
