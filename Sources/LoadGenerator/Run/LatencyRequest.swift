import RennbahnMeasurement
import Synchronization

/// The main thread asks a shard for the latencies it has recorded so far, now and then; the shard looks once a turn.
final class LatencyRequest: Sendable {
    private let isAsked = Atomic<Bool>(false)
    private let answer = Mutex<LatencyRecorder?>(nil)

    // MARK: Main thread

    func ask() {
        answer.withLock { $0 = nil }
        isAsked.store(true, ordering: .releasing)
    }

    var isAnswered: Bool { !isAsked.load(ordering: .acquiring) }

    /// What the shard answered; `nil` where it did not yet.
    func take() -> LatencyRecorder? {
        answer.withLock { answer in
            defer { answer = nil }
            return answer
        }
    }

    // MARK: Shard

    /// A copy is made of what the shard goes on with, at its next record: 168 KiB once a second, where somebody asks.
    func answer(with recorder: @autoclosure () -> LatencyRecorder) {
        guard isAsked.load(ordering: .relaxed) else { return }
        answer.withLock { $0 = recorder() }
        isAsked.store(false, ordering: .releasing)
    }
}
