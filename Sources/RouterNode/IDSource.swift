import RennbahnAuthentication
import RennbahnCrypto
import RennbahnRouter
import RennbahnWAMP

/// Where the random numbers of a shard come from.
enum IDSource {
    static func reservoir(areFixed: Bool) -> RandomReservoir {
        areFixed ? RandomReservoir(refill: fillEqually) : RandomReservoir { SecureRandom.fill(&$0) }
    }

    /// The same numbers again and again, which become ids of sixteen digits: so that runs whose messages are counted
    /// differ in nothing but their length.
    private static func fillEqually(_ words: inout [UInt64]) {
        for index in words.indices {
            let mixed = UInt64(truncatingIfNeeded: index) &* 0x9e37_79b9_7f4a_7c15
            words[index] = 1 << 63 | mixed >> 1
        }
    }

    /// The authid that an anonymous session has in every run: what is compressed behind it refers to its letters.
    static func fixedAuthID(of session: SessionID) -> String {
        var word = session.value
        return RandomAuthID.make { count in
            (0..<count).map { _ in
                word = word &* 0x5851_f42d_4c95_7f2d &+ 1
                return UInt8(truncatingIfNeeded: word >> 56)
            }
        }
    }
}
