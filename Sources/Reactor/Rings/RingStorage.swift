import Synchronization

/// A position in a ring, alone on its cache lines: two of them, since the prefetcher fetches lines in pairs.
struct PaddedPosition: ~Copyable {
    let value = Atomic<Int>(0)
    private let padding: InlineArray<15, Int> = InlineArray(repeating: 0)

    init() {}
}

/// What the two ends of a ring share. See ``Ring`` for the layout.
///
/// Unchecked: `bytes` is written by the producer past `tail` and read by the consumer before it; `tail` is stored with
/// release after the bytes and loaded with acquire before they are read, and so is `head` for the way back, so no byte is
/// ever accessed by both at a time.
@safe
final class RingStorage: @unchecked Sendable {
    let bytes: UnsafeMutableRawPointer
    let capacity: Int
    private let padding: InlineArray<16, Int> = InlineArray(repeating: 0)
    /// Bytes consumed since the beginning; the consumer writes it.
    let head = PaddedPosition()
    /// Bytes produced since the beginning; the producer writes it.
    let tail = PaddedPosition()
    /// Bytes in heap blocks on their way: the producer adds, the consumer subtracts.
    let blockBytes = PaddedPosition()

    init(capacity: Int) {
        self.capacity = capacity
        unsafe bytes = .allocate(byteCount: capacity, alignment: 128)
    }

    /// Both ends are gone: frees the blocks of records that nobody read.
    deinit {
        var position = head.value.load(ordering: .acquiring)
        let end = tail.value.load(ordering: .acquiring)
        while position < end {
            let header = unsafe RecordHeader(
                word: bytes.load(fromByteOffset: position & (capacity - 1), as: UInt64.self))
            if header.kind == .block {
                let offset = position & (capacity - 1) + RecordHeader.size
                unsafe bytes.load(fromByteOffset: offset, as: UnsafeMutableRawPointer.self).deallocate()
            }
            position += header.footprint
        }
        unsafe bytes.deallocate()
    }
}

/// The word in front of each record: its length in bytes, and in the two lowest bits where the bytes are.
@usableFromInline
package struct RecordHeader {
    @usableFromInline
    package enum Kind: UInt64 {
        /// The bytes follow.
        case inline
        /// The address of a heap block follows, which the consumer frees.
        case block
        /// No record: the rest of the ring up to its wrap.
        case padding
    }

    @usableFromInline
    package let word: UInt64

    @usableFromInline
    package static var size: Int { 8 }

    @inlinable
    package init(word: UInt64) {
        self.word = word
    }

    @inlinable
    package init(_ kind: Kind, count: Int) {
        word = UInt64(truncatingIfNeeded: count) << 2 | kind.rawValue
    }

    @inlinable
    package var kind: Kind {
        switch word & 3 {
        case 0: .inline
        case 1: .block
        default: .padding
        }
    }

    @inlinable
    package var count: Int { Int(truncatingIfNeeded: word >> 2) }

    /// Bytes of the ring that the record takes, header included.
    @inlinable
    package var footprint: Int {
        switch kind {
        case .inline: RecordHeader.footprint(of: count)
        case .block: RecordHeader.size + 8
        case .padding: count
        }
    }

    /// What `count` bytes take inline: the header and the bytes, rounded up to whole words.
    @inlinable
    package static func footprint(of count: Int) -> Int {
        size &+ ((count &+ 7) & ~7)
    }
}
