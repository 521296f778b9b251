import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnMetrics
import RennbahnWorkload
import Synchronization

/// What `rennbahn load --metrics` tells: the thread that leads the run notes it, the server's thread writes it.
final class LoadMetrics: Sendable {
    private struct State: Sendable {
        var progress: LoadProgress?
        var outstanding: UInt64 = 0
        /// CPU seconds, and octets that are resident: of the generator and of the router, where it is known.
        var cpu: [Side: Double] = [:]
        var resident: [Side: UInt64] = [:]
    }

    private enum Side: String, CaseIterable {
        case generator, router
    }

    private let state = Mutex(State())

    func note(_ progress: LoadProgress) {
        state.withLock { $0.progress = progress }
    }

    func note(_ interval: RunInterval) {
        state.withLock { state in
            if let outstanding = interval.outstanding { state.outstanding = outstanding }
            let seconds = [(Side.generator, interval.generatorSeconds), (Side.router, interval.routerSeconds)]
            for (side, used) in seconds {
                if let used { state.cpu[side, default: 0] += used }
            }
            guard let sample = interval.resources?.last else { return }
            for (side, used) in [(Side.generator, sample.generator), (Side.router, sample.router)] {
                if let used { state.resident[side] = used.residentBytes }
            }
        }
    }

    func text(_ process: OwnProcess, _ format: MetricsFormat) -> MetricsText {
        let state = state.withLock { $0 }
        var text = MetricsText(format)
        LoadMetrics.add(state, to: &text)
        process.write(to: &text)
        return text
    }

    private static func add(_ state: State, to text: inout MetricsText) {
        let progress = state.progress
        let totals = progress?.totals ?? RunTotals()
        let current = phase(progress?.phase ?? .idle)
        text.add(LoadFamilies.phase, phases.map { MetricSample([$0], .count($0 == current ? 1 : 0)) })
        text.add(LoadFamilies.elapsed, .real(progress?.elapsedSeconds ?? 0))
        let clients = [("asked", progress?.requested), ("ready", progress?.ready), ("lost", progress?.lost)]
        text.add(LoadFamilies.clients, clients.map { MetricSample([$0.0], .count(UInt64(clamping: $0.1 ?? 0))) })
        text.add(LoadFamilies.operations, count: totals.operations)
        text.add(LoadFamilies.messages, count: progress?.messages ?? 0)
        text.add(
            LoadFamilies.wireBytes,
            [
                MetricSample(["to_router"], .count(totals.bytesSent)),
                MetricSample(["from_router"], .count(totals.bytesReceived)),
            ])
        text.add(LoadFamilies.outstanding, count: state.outstanding)
        text.add(
            LoadFamilies.errors,
            FailureKind.allCases.map { MetricSample([$0.rawValue], .count(progress?.failureKinds[$0] ?? 0)) })
        text.add(LoadFamilies.response, buckets(of: totals.response))
        text.add(LoadFamilies.lag, buckets(of: totals.lag))
        text.add(
            LoadFamilies.cpu,
            Side.allCases.compactMap { side in state.cpu[side].map { MetricSample([side.rawValue], .real($0)) } })
        text.add(
            LoadFamilies.resident,
            Side.allCases.compactMap { side in state.resident[side].map { MetricSample([side.rawValue], .count($0)) } })
    }

    private static let phases = [
        "idle", "connecting", "settling", "warming_up", "measuring", "draining", "closing", "finished",
    ]

    private static func phase(_ phase: Phase) -> String {
        switch phase {
        case .idle, .waiting: "idle"
        case .connecting: "connecting"
        case .settling: "settling"
        case .warmingUp: "warming_up"
        case .measuring: "measuring"
        case .draining: "draining"
        case .closing: "closing"
        case .finished: "finished"
        }
    }

    /// Upper ends of the buckets, in nanoseconds: from 10 µs to 60 s.
    private static let bounds: [UInt64] = [
        10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
        50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000,
        30_000_000_000, 60_000_000_000,
    ]

    private static func buckets(of recorder: LatencyRecorder) -> MetricBuckets {
        let count = recorder.count
        let sum = count > 0 ? recorder.summary().mean * Double(count) / 1_000_000_000 : 0
        return MetricBuckets(
            bounds: bounds.map { Double($0) / 1_000_000_000 }, counts: recorder.counts(upTo: bounds), count: count,
            sum: sum)
    }
}
