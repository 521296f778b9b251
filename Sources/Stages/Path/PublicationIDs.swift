import RennbahnCrypto
import RennbahnRouter

/// Where the ids of publications come from.
enum PublicationIDs {
    /// From where a router has them.
    case random
    /// The same in every run, of sixteen digits, and none twice within the window of deflate.
    case repeatable

    var reservoir: RandomReservoir {
        switch self {
        case .random: RandomReservoir { SecureRandom.fill(&$0) }
        case .repeatable: RandomReservoir(refill: PublicationIDs.fillAlike)
        }
    }

    /// Each word follows from the one that it takes the place of (SplitMix64).
    private static func fillAlike(_ words: inout [UInt64]) {
        for index in words.indices {
            var word = words[index] &+ UInt64(truncatingIfNeeded: index &+ 1) &* 0x9e37_79b9_7f4a_7c15
            word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
            words[index] = 1 << 63 | (word ^ word >> 31) >> 1
        }
    }
}
