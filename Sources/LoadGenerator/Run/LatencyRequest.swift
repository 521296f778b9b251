import RennbahnMeasurement
import Synchronization

/// The main thread asks a shard how it is doing, now and then; the shard looks once a turn.
final class LatencyRequest: Sendable {
    struct Answer: Sendable {
        /// The response times it has recorded so far.
        var response: LatencyRecorder
        /// Operations without their completion.
        var outstanding: UInt64
        /// The generator's own delays, of an open loop; `nil` where nobody asked.
        var lag: LatencyRecorder?
        /// Sent in the measured window.
        var operations: UInt64 = 0
        /// Octets of the whole run.
        var bytesSent: UInt64 = 0
        var bytesReceived: UInt64 = 0
    }

    private let isAsked = Atomic<Bool>(false)
    private let includesLag = Atomic<Bool>(false)
    private let answer = Mutex<Answer?>(nil)

    // MARK: Main thread

    func ask(forLag includesLag: Bool = false) {
        answer.withLock { $0 = nil }
        self.includesLag.store(includesLag, ordering: .relaxed)
        isAsked.store(true, ordering: .releasing)
    }

    var isAnswered: Bool { !isAsked.load(ordering: .acquiring) }

    /// What the shard answered; `nil` where it did not yet.
    func take() -> Answer? {
        answer.withLock { answer in
            defer { answer = nil }
            return answer
        }
    }

    // MARK: Shard

    /// Whether the delays are asked for, too: that is another copy.
    var isForLag: Bool { includesLag.load(ordering: .relaxed) }

    /// A copy is made of the recorder that the shard goes on with, at its next record: 168 KiB a second, where somebody asks.
    func answer(with told: @autoclosure () -> Answer) {
        guard isAsked.load(ordering: .relaxed) else { return }
        answer.withLock { $0 = told() }
        isAsked.store(false, ordering: .releasing)
    }
}
