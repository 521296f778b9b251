/// What the receivers found when they checked every payload for loss, duplication, order and integrity.
package struct VerificationCounters: Codable, Equatable, Sendable {
    /// Messages that should have arrived, as counted by the senders.
    package var expected: UInt64 = 0
    /// Messages that did arrive, faulty ones included.
    package var received: UInt64 = 0
    /// Never arrived, although the drain gave them time.
    package var lost: UInt64 = 0
    /// Arrived once more.
    package var duplicated: UInt64 = 0
    /// Arrived after a later one of the same sender.
    package var reordered: UInt64 = 0
    /// Payload damaged: the checksum does not match or the length is wrong.
    package var corrupted: UInt64 = 0
    /// Intact, but not meant for this receiver: another topic, another call, another run, or an error in place of a
    /// result.
    package var unexpected: UInt64 = 0

    package init() {}

    /// Whether the run kept every promise; a single violation fails it, whatever its speed.
    package var isClean: Bool { violations == 0 }

    package var violations: UInt64 { lost &+ duplicated &+ reordered &+ corrupted &+ unexpected }

    package static func += (sum: inout VerificationCounters, other: VerificationCounters) {
        sum.expected &+= other.expected
        sum.received &+= other.received
        sum.lost &+= other.lost
        sum.duplicated &+= other.duplicated
        sum.reordered &+= other.reordered
        sum.corrupted &+= other.corrupted
        sum.unexpected &+= other.unexpected
    }

    /// One clause a person reads: `ok`, or the violations by name.
    package var summary: String {
        let named: [(String, UInt64)] = [
            ("lost", lost), ("duplicated", duplicated), ("reordered", reordered), ("corrupted", corrupted),
            ("unexpected", unexpected),
        ]
        let found = named.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
        return found.isEmpty ? "ok" : found.joined(separator: ", ")
    }
}
