/// What is known of a connection that was ended for the sake of others: for the log, when it is gone.
package struct EndedPeer: Equatable, Sendable {
    /// Where the peer was.
    package var address = ""
    /// What the oldest EVENT that waited for it was noted by (``LinkLoop/noteEvent(_:of:_:)``); `nil`: none that is known of.
    package var oldestEvent: UInt64?
}
