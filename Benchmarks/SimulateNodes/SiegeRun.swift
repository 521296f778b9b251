import RennbahnNodeSimulation
import RennbahnReactor
import Synchronization

/// What came of many runs.
struct SiegeTally: Sendable {
    var seeds: [UInt64] = []
    var ticks = 0
    var steps: UInt64 = 0
    var messages = 0
    var longestSilence: UInt64 = 0
    /// Of the simulated clocks, in nanoseconds.
    var duration: UInt64 = 0
    /// Of the machine's clock.
    var seconds = 0.0
    var threads = 0
    /// Of all digests, in no order.
    var digest: UInt64 = 0
    var faultsInjected: [String: Int] = [:]
    var endings: [String: [String: Int]] = [:]
    /// By seed.
    var faults: [UInt64: [String]] = [:]

    var hasFaults: Bool { !faults.isEmpty }

    mutating func add(_ outcome: Siege.Outcome) {
        seeds.append(outcome.seed)
        steps += outcome.steps
        messages += outcome.messages
        longestSilence = max(longestSilence, outcome.longestSilence)
        duration += outcome.duration
        digest ^= outcome.digest
        faultsInjected.merge(outcome.faultsInjected, uniquingKeysWith: +)
        endings.merge(outcome.endings) { $0.merging($1, uniquingKeysWith: +) }
        if !outcome.faults.isEmpty { faults[outcome.seed] = outcome.faults }
    }
}

/// Runs from one seed after the other, on all processors, until a time is over or so many steps are done.
final class SiegeRun: Sendable {
    private struct State: Sendable {
        var tally = SiegeTally()
        var next: UInt64
        /// Seeds that are being played.
        var playing: Set<UInt64> = []
        var told: UInt64
    }

    private static let progressInterval: UInt64 = 10_000_000_000

    private let ticks: Int
    private let start = MonotonicClock.now()
    private let nanoseconds: UInt64
    private let steps: UInt64
    private let state: Mutex<State>

    init(first: UInt64, ticks: Int, nanoseconds: UInt64, steps: UInt64) {
        (self.ticks, self.nanoseconds, self.steps) = (ticks, nanoseconds, steps)
        state = Mutex(State(next: first, told: start))
    }

    func play() throws -> SiegeTally {
        let count = Processor.count
        // A thread cannot be copied, and no array holds one: they are waited for by those that began them.
        try spawn(count)
        var tally = state.withLock { $0.tally }
        tally.ticks = ticks
        tally.threads = count
        tally.seconds = Double(MonotonicClock.now() - start) / 1e9
        SiegeReport.tell(tally)
        return tally
    }

    /// So many threads play, this one among them.
    private func spawn(_ count: Int) throws {
        guard count > 1 else { return work() }
        let other = try Thread.spawn(name: "siege \(count)") { self.work() }
        let result = Result { try spawn(count - 1) }
        other.join()
        try result.get()
    }

    private func work() {
        while let seed = nextSeed() {
            var outcome = Siege.Outcome(seed: seed)
            do {
                outcome = try Siege.run(seed: seed, ticks: ticks)
            } catch {
                outcome.faults = ["\(error)"]
            }
            finish(outcome)
        }
    }

    private func nextSeed() -> UInt64? {
        state.withLock { state in
            guard state.tally.steps < steps, MonotonicClock.now() - start < nanoseconds else { return nil }
            defer { state.next += 1 }
            state.playing.insert(state.next)
            return state.next
        }
    }

    private func finish(_ outcome: Siege.Outcome) {
        state.withLock { state in
            state.playing.remove(outcome.seed)
            state.tally.add(outcome)
            if !outcome.faults.isEmpty { SiegeReport.tell(outcome, ticks: ticks) }
            let now = MonotonicClock.now()
            guard now - state.told >= SiegeRun.progressInterval else { return }
            state.told = now
            let rate = Double(state.tally.steps) / (Double(now - start) / 1e9)
            let oldest = state.playing.min().map { ", seed \($0) is played" } ?? ""
            let done = "\(state.tally.steps) steps of \(state.tally.seeds.count) seeds"
            SiegeReport.say("\(done), \(Int(rate)) a second\(oldest)")
        }
    }
}
