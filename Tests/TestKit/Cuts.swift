// Places at which an input of `count` bytes is cut, in order: what a decoder is fed ends at each of them. Two at the same place
// make an empty piece.

/// Byte by byte, and an empty piece first.
package func byteByByte(of count: Int) -> [Int] { Array(0..<count) }

/// At most `most` places, anywhere.
package func randomCuts(of count: Int, most: Int = 20, using random: inout SeededGenerator) -> [Int] {
    guard count > 0 else { return [] }
    return (0..<Int.random(in: 0...most, using: &random)).map { _ in Int.random(in: 0...count, using: &random) }
        .sorted()
}

/// The pieces between the places; together they are `bytes`.
package func pieces(of bytes: [UInt8], cutAt cuts: [Int]) -> [[UInt8]] {
    zip([0] + cuts, cuts + [bytes.count]).map { Array(bytes[$0..<$1]) }
}
