import Synchronization

/// What one instance of a component has done so far.
package final class ComponentFigures: Sendable {
    private let publishedEvents = Atomic<UInt64>(0)
    private let receivedEvents = Atomic<UInt64>(0)
    private let answeredCalls = Atomic<UInt64>(0)
    private let joinedSessions = Atomic<UInt64>(0)
    private let openSessions = Atomic<UInt64>(0)

    package init() {}

    package var published: UInt64 { publishedEvents.load(ordering: .relaxed) }
    package var received: UInt64 { receivedEvents.load(ordering: .relaxed) }
    package var answered: UInt64 { answeredCalls.load(ordering: .relaxed) }
    /// Sessions that were joined.
    package var sessions: UInt64 { joinedSessions.load(ordering: .relaxed) }
    package var isJoined: Bool { openSessions.load(ordering: .relaxed) > 0 }

    func notePublished() { publishedEvents.add(1, ordering: .relaxed) }
    func noteReceived() { receivedEvents.add(1, ordering: .relaxed) }
    func noteAnswered() { answeredCalls.add(1, ordering: .relaxed) }

    func noteJoined() {
        joinedSessions.add(1, ordering: .relaxed)
        openSessions.store(1, ordering: .relaxed)
    }

    func noteLeft() { openSessions.store(0, ordering: .relaxed) }
}
