/// What a side that compresses does before its turns count, besides the rounds of its heat: it sends until the windows of its connections
/// are full, if that is to be had in a few turns.
///
/// With context takeover a message costs the more, and takes the fewer octets, the fuller the windows of its connection are (RFC 7692,
/// section 7.1.1). Turns that begin with empty ones tell how long ago the start was: where a turn has few messages, those of the
/// first second cost a third less than those of the next.
package struct WarmUp: Sendable {
    /// Octets that each sender is to have sent: more than the largest window, which is 32 KiB (RFC 1951, section 2).
    static let octetsOfSender = 40 << 10
    /// A side that would take longer begins with what it has: many small messages of many clients fill no window in a start.
    static let mostTurns = 20
    /// Operations of one turn of an open loop, which are all due in it: with more they would not be through in time.
    static let mostOperations = 4000

    private let receivers: Double
    private var missing: Double
    private var turnsLeft = WarmUp.mostTurns

    /// - Parameters:
    ///   - octets: of a payload, uncompressed.
    ///   - senders: clients that begin operations.
    ///   - messagesInFlight: of all of them, where each has one operation in flight.
    package init(octets: Int, senders: Int, messagesInFlight: Int) {
        let each = (WarmUp.octetsOfSender + max(1, octets) - 1) / max(1, octets)
        missing = Double(each) * Double(messagesInFlight)
        receivers = max(1, Double(messagesInFlight) / Double(max(1, senders)))
    }

    /// Operations that the next turn may begin; `nil`: it is over.
    package var operations: Double? {
        guard missing > 0, turnsLeft > 0 else { return nil }
        return min(missing / receivers, Double(WarmUp.mostOperations))
    }

    /// A turn brought so many messages.
    package mutating func took(_ messages: UInt64) {
        missing -= Double(messages)
        turnsLeft -= 1
        if Double(turnsLeft) * Double(messages) < missing { turnsLeft = 0 }
    }
}
