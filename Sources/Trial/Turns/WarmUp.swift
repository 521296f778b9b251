/// What a side that compresses does before its turns count, besides the rounds of its heat.
///
/// With context takeover a message costs the more, and takes the fewer octets, the fuller the windows of its connection are (RFC 7692,
/// section 7.1.1). Turns that begin with empty ones tell how long ago the start was: where a turn has few messages, those of the
/// first second cost a third less than those of the next.
package enum WarmUp {
    /// Octets that each sender is to have sent: more than the largest window, which is 32 KiB (RFC 1951, section 2).
    static let octetsOfSender = 40 << 10
    /// Of one side: who is slower than that is as warm as there is time for.
    package static let mostTurns = 20

    /// Messages that each sender is to have sent.
    ///
    /// - Parameter octets: of a payload, uncompressed.
    package static func messagesOfSender(octets: Int) -> Int {
        let octets = max(1, octets)
        return (octetsOfSender + octets - 1) / octets
    }
}
