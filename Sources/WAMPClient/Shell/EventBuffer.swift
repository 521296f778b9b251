import Synchronization

/// The events of one subscription between the session's thread and the tasks that read them.
final class EventBuffer: Sendable {
    private typealias Reader = CheckedContinuation<Result<WAMPEvent?, WAMPError>, Never>

    private enum End {
        case none
        /// To be thrown once.
        case failed(WAMPError)
        case finished
    }

    /// Invariant: while readers wait there are no events and there is no end.
    private struct State {
        var events: [WAMPEvent] = []
        /// Events before it were taken.
        var first = 0
        var end = End.none
        var readers: [(id: UInt64, continuation: Reader)] = []
        var lastReader: UInt64 = 0

        mutating func takeEvent() -> WAMPEvent? {
            guard first < events.count else { return nil }
            let event = events[first]
            first += 1
            if first * 2 >= events.count {
                events.removeFirst(first)
                first = 0
            }
            return event
        }

        /// What a reader gets at once.
        mutating func take() -> Result<WAMPEvent?, WAMPError>? {
            if let event = takeEvent() { return .success(event) }
            switch end {
            case .none: return nil
            case .finished: return .success(nil)
            case .failed(let error):
                end = .finished
                return .failure(error)
            }
        }
    }

    let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// - Returns: false when the buffer is full; the event is not taken then.
    func push(_ event: WAMPEvent) -> Bool {
        let (reader, isTaken) = state.withLock { state -> (Reader?, Bool) in
            guard case .none = state.end else { return (nil, true) }
            if !state.readers.isEmpty { return (state.readers.removeFirst().continuation, true) }
            guard state.events.count - state.first < capacity else { return (nil, false) }
            state.events.append(event)
            return (nil, true)
        }
        reader?.resume(returning: .success(event))
        return isTaken
    }

    /// Ends the events behind those that are buffered; with an error, the first to get there is thrown it.
    func finish(_ error: WAMPError?) {
        let readers = state.withLock { state -> [Reader] in
            guard case .none = state.end else { return [] }
            let readers = state.readers.map(\.continuation)
            state.readers = []
            state.end = error.map { readers.isEmpty ? .failed($0) : .finished } ?? .finished
            return readers
        }
        for (index, reader) in readers.enumerated() {
            if let error, index == 0 {
                reader.resume(returning: .failure(error))
            } else {
                reader.resume(returning: .success(nil))
            }
        }
    }

    /// The next event, or `nil` at the end and when the task is canceled.
    func next() async -> Result<WAMPEvent?, WAMPError> {
        let id = state.withLock { state in
            state.lastReader += 1
            return state.lastReader
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state -> Result<WAMPEvent?, WAMPError>? in
                    if let ready = state.take() { return ready }
                    state.readers.append((id, continuation))
                    return nil
                }
                if let ready {
                    continuation.resume(returning: ready)
                } else if Task.isCancelled {
                    // The cancellation may have come before there was a reader to be found.
                    cancel(id)
                }
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func cancel(_ id: UInt64) {
        let reader = state.withLock { state -> Reader? in
            guard let place = state.readers.firstIndex(where: { $0.id == id }) else { return nil }
            return state.readers.remove(at: place).continuation
        }
        reader?.resume(returning: .success(nil))
    }
}
