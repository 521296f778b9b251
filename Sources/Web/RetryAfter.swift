/// The field `Retry-After` (RFC 9110, section 10.2.3): when it makes sense to ask again.
package enum RetryAfter {
    /// A year: nobody waits longer for what a peer says.
    private static let most: UInt64 = 365 * 86_400

    /// - Parameters:
    ///   - text: the field's value, seconds or a date.
    ///   - now: seconds since 1970-01-01 UTC.
    /// - Returns: seconds from now on, 0 for a time that is over, a year at most; `nil` for what is neither of both.
    package static func seconds(_ text: String, now: UInt64) -> UInt64? {
        if let date = HTTPDate.seconds(text) { return min(date > now ? date - now : 0, most) }
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        // More digits than a number has are more than a year.
        return min(UInt64(text) ?? most, most)
    }
}
