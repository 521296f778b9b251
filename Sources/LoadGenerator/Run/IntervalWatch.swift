import RennbahnMeasurement
import RennbahnReactor
import RennbahnWorkload

/// Cuts a run into intervals of a second. At the edge of each the shards are asked for the latencies so far; when all have
/// answered, or the next edge is there, the interval is complete. What is left when the run is over is the last one.
struct IntervalWatch {
    private struct Edge {
        var time: UInt64
        var messages: UInt64 = 0
        var errors: UInt64 = 0
        /// CPU seconds by process.
        var generator: [Int32: Double]
        var target: [Int32: Double]
    }

    private let startedAt: UInt64
    private var last: Edge
    /// When the interval ends, and when its end is not waited for any longer.
    private var dueAt: UInt64
    private var askedUntil: UInt64?
    /// What each shard had recorded when it last told.
    private var recorded: [LatencyRecorder]
    private var resources: ResourceWatch
    private let takesTotals: Bool
    /// `nil` until all shards have answered once, and where they are not taken.
    private(set) var totals: RunTotals?

    /// Nanoseconds.
    private static let length: UInt64 = 1_000_000_000

    init(
        from now: UInt64, shards: Int, generator: ProcessWatch, target: ProcessWatch?, takesTotals: Bool = false
    ) {
        self.takesTotals = takesTotals
        startedAt = now
        last = Edge(time: now, generator: generator.cpuSeconds(), target: target?.cpuSeconds() ?? [:])
        dueAt = now + IntervalWatch.length
        recorded = Array(repeating: LatencyRecorder(), count: shards)
        resources = ResourceWatch(from: now, generator: generator, target: target)
    }

    /// The interval that is complete now, if one is.
    mutating func look(
        at now: UInt64, _ phase: Phase, _ report: ShardReport, _ controls: [FleetControl], generator: ProcessWatch,
        target: ProcessWatch?
    ) -> RunInterval? {
        guard let name = phase.name else { return nil }
        resources.look(at: now, generator: generator, target: target)
        guard let askedUntil else {
            guard now >= dueAt else { return nil }
            for control in controls { control.latencies.ask(forLag: takesTotals) }
            self.askedUntil = now + IntervalWatch.length
            return nil
        }
        guard now >= askedUntil || controls.allSatisfy(\.latencies.isAnswered) else { return nil }
        self.askedUntil = nil
        let edge = IntervalWatch.edge(now, report, controls, generator, target)
        var interval = interval(to: edge, name, report)
        let answers = controls.map { $0.latencies.take() }
        let outstanding = answers.compactMap { $0?.outstanding }
        if outstanding.count == controls.count { interval.outstanding = outstanding.reduce(0, &+) }
        note(answers.map { $0?.response }, in: &interval)
        if takesTotals { noteTotals(answers) }
        dueAt = max(dueAt + IntervalWatch.length, now)
        return interval
    }

    /// The rest of a run that is over, whose shards have ended and left their figures.
    mutating func finish(
        at now: UInt64, _ report: ShardReport, _ controls: [FleetControl], generator: ProcessWatch,
        target: ProcessWatch?
    ) -> RunInterval {
        resources.finish(at: now, generator: generator, target: target)
        let edge = IntervalWatch.edge(now, report, controls, generator, target)
        var interval = interval(to: edge, "closing", report)
        interval.outstanding = report.outstanding
        note(controls.map { $0.takeFigures().latencies.response }, in: &interval)
        return interval
    }

    private static func edge(
        _ now: UInt64, _ report: ShardReport, _ controls: [FleetControl], _ generator: ProcessWatch,
        _ target: ProcessWatch?
    ) -> Edge {
        Edge(
            time: now, messages: report.messages, errors: controls.reduce(0) { $0 &+ $1.tally.total },
            generator: generator.cpuSeconds(), target: target?.cpuSeconds() ?? [:])
    }

    /// Without its latencies.
    private mutating func interval(to edge: Edge, _ phase: String, _ report: ShardReport) -> RunInterval {
        var interval = RunInterval(
            at: IntervalWatch.seconds(startedAt, edge.time), seconds: IntervalWatch.seconds(last.time, edge.time),
            phase: phase, connections: report.ready, messages: edge.messages - min(edge.messages, last.messages))
        interval.generatorSeconds = IntervalWatch.difference(last.generator, edge.generator)
        interval.routerSeconds = IntervalWatch.difference(last.target, edge.target)
        interval.errors = edge.errors - min(edge.errors, last.errors)
        let samples = resources.take()
        interval.resources = samples.isEmpty ? nil : samples
        last = edge
        return interval
    }

    /// - Parameter told: what each shard has recorded by now; `nil` where it did not tell: its part is in the next interval.
    private mutating func note(_ told: [LatencyRecorder?], in interval: inout RunInterval) {
        var (all, own) = (LatencyRecorder(), LatencyRecorder())
        for (shard, recorder) in told.enumerated() {
            if let recorder {
                own.merge(recorder.since(recorded[shard]))
                recorded[shard] = recorder
            }
            all.merge(recorded[shard])
        }
        if all.count > 0 { interval.response = all.summary() }
        if own.count > 0 { interval.latency = LatencyFigure(own) }
    }

    /// Where one shard did not tell, they stay as they were: a sum without it would be less than the one before.
    private mutating func noteTotals(_ answers: [LatencyRequest.Answer?]) {
        var sum = RunTotals()
        for answer in answers {
            guard let answer else { return }
            sum.add(answer)
        }
        totals = sum
    }

    private static func seconds(_ start: UInt64, _ end: UInt64) -> Double { Double(end - start) / 1_000_000_000 }

    /// Of the processes that were there at both edges; `nil` where none was.
    private static func difference(_ start: [Int32: Double], _ end: [Int32: Double]) -> Double? {
        let used = end.compactMap { pid, seconds in start[pid].map { max(0, seconds - $0) } }
        return used.isEmpty ? nil : used.reduce(0, +)
    }
}
