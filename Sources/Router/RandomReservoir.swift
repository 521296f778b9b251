/// A stock of random words, from which the ids of global scope come: sessions and publications.
///
/// The source is handed in (the operating system's or a cryptographic generator in the router, a seeded one in tests)
/// and asked for many words at a time.
package struct RandomReservoir {
    private static let capacity = 512

    private let refill: @Sendable (inout [UInt64]) -> Void
    private var words = [UInt64](repeating: 0, count: RandomReservoir.capacity)
    private var used = RandomReservoir.capacity

    /// - Parameter refill: overwrites every element with a random word.
    package init(refill: @escaping @Sendable (inout [UInt64]) -> Void) {
        self.refill = refill
    }

    /// The number of an id of global scope: uniform in 1 … 2^53.
    @inline(__always)
    package mutating func id() -> UInt64 {
        if used == RandomReservoir.capacity { fill() }
        let word = words[used]
        used &+= 1
        return word >> 11 &+ 1
    }

    @inline(never)
    private mutating func fill() {
        refill(&words)
        precondition(words.count == RandomReservoir.capacity)
        used = 0
    }
}
