import RennbahnMeasurement
import RennbahnReactor
import RennbahnWorkload

/// Cuts a run into intervals of a second. At the edge of each the shards are asked for the latencies so far; when all have answered,
/// or the next edge is there, the interval is complete.
struct IntervalWatch {
    private struct Edge {
        var time: UInt64
        var messages: UInt64 = 0
        /// CPU seconds by process.
        var generator: [Int32: Double]
        var target: [Int32: Double]
    }

    private let startedAt: UInt64
    private var last: Edge
    /// When the interval ends, and when its end is not waited for any longer.
    private var dueAt: UInt64
    private var askedUntil: UInt64?

    /// Nanoseconds.
    private static let length: UInt64 = 1_000_000_000

    init(from now: UInt64, generator: ProcessWatch, target: ProcessWatch?) {
        startedAt = now
        last = Edge(time: now, generator: generator.cpuSeconds(), target: target?.cpuSeconds() ?? [:])
        dueAt = now + IntervalWatch.length
    }

    /// The interval that is complete now, if one is.
    mutating func look(
        at now: UInt64, _ phase: Phase, _ report: ShardReport, _ controls: [FleetControl], generator: ProcessWatch,
        target: ProcessWatch?
    ) -> RunInterval? {
        guard let name = phase.name else { return nil }
        guard let askedUntil else {
            guard now >= dueAt else { return nil }
            for control in controls { control.latencies.ask() }
            self.askedUntil = now + IntervalWatch.length
            return nil
        }
        guard now >= askedUntil || controls.allSatisfy(\.latencies.isAnswered) else { return nil }
        self.askedUntil = nil
        let edge = Edge(
            time: now, messages: report.messages, generator: generator.cpuSeconds(), target: target?.cpuSeconds() ?? [:]
        )
        var interval = RunInterval(
            at: IntervalWatch.seconds(startedAt, now), seconds: IntervalWatch.seconds(last.time, now), phase: name,
            connections: report.ready, messages: edge.messages - min(edge.messages, last.messages))
        interval.generatorSeconds = IntervalWatch.difference(last.generator, edge.generator)
        interval.routerSeconds = IntervalWatch.difference(last.target, edge.target)
        var response = LatencyRecorder()
        for control in controls { if let part = control.latencies.take() { response.merge(part) } }
        if response.count > 0 { interval.response = response.summary() }
        last = edge
        dueAt = max(dueAt + IntervalWatch.length, now)
        return interval
    }

    private static func seconds(_ start: UInt64, _ end: UInt64) -> Double { Double(end - start) / 1_000_000_000 }

    /// Of the processes that were there at both edges; `nil` where none was.
    private static func difference(_ start: [Int32: Double], _ end: [Int32: Double]) -> Double? {
        let used = end.compactMap { pid, seconds in start[pid].map { max(0, seconds - $0) } }
        return used.isEmpty ? nil : used.reduce(0, +)
    }
}

extension Phase {
    /// As intervals have it; `nil` where nothing happens.
    fileprivate var name: String? {
        switch self {
        case .idle, .waiting, .finished: nil
        case .connecting: "connecting"
        case .settling: "settling"
        case .warmingUp: "warming-up"
        case .measuring: "measuring"
        case .draining: "draining"
        case .closing: "closing"
        }
    }
}
