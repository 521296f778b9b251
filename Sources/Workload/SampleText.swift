/// Texts that are the same in every run and differ from message to message: half of each is one that all have in common, as
/// is usual, so that compression has something to do.
package struct SampleText: Sendable {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let common = Array("The quick brown fox jumps over the lazy dog. ".utf8)
    /// Octets that differ, and then as many that do not.
    private static let stretch = 16

    private let count: Int
    private var state: UInt64 = 0x5eed

    /// - Parameter count: octets of each text; ASCII that JSON needs no escapes for.
    package init(count: Int) {
        self.count = count
    }

    package mutating func next() -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(count)
        for index in 0..<count {
            let isCommon = index / SampleText.stretch % 2 == 1
            text.append(isCommon ? SampleText.common[index % SampleText.common.count] : letter())
        }
        return text
    }

    /// The upper bits of a linear congruential generator (Knuth's MMIX).
    private mutating func letter() -> UInt8 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return SampleText.letters[Int(state >> 58)]
    }
}
