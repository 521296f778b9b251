/// Takes an input apart from its front: a few octets are choices, such as how a reader is made; the others are what is read.
struct InputReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ input: [UInt8]) {
        rest = input[...]
    }

    /// The next octet; 0 where none is left.
    mutating func octet() -> UInt8 { rest.popFirst() ?? 0 }

    /// One of a list, as the next octet says.
    mutating func choice<Item>(of items: [Item]) -> Item { items[Int(octet()) % items.count] }

    /// As many octets as the next one says, and all of them where it says 255; `nil` at the end.
    mutating func piece() -> [UInt8]? {
        guard let count = rest.popFirst() else { return nil }
        let piece = count == .max ? rest : rest.prefix(Int(count))
        rest = rest.dropFirst(piece.count)
        return Array(piece)
    }

    /// What is left, cut into such pieces.
    mutating func pieces(most: Int) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        while pieces.count < most, let piece = piece() { pieces.append(piece) }
        return pieces
    }
}

/// Where a stream is cut: whatever a network makes of it, the same is read. Every `step` octets, but into 200 pieces at
/// most; once, at `step`; and octet by octet while it is short.
func cuts(of count: Int, step: Int) -> [[Int]] {
    let even = max(step, count / 200)
    var all = [Array(stride(from: even, to: count, by: even))]
    if step < count { all.append([step]) }
    if count <= 100 { all.append(Array(0..<count)) }
    return all
}
