import Synchronization

/// A bounded queue of byte records from one producer thread to one consumer thread, without locks.
///
/// ```
///        head (consumer)              tail (producer)
///          ▼                            ▼
/// ┌───┬────┬───────────┬───┬────────┬───┬─────────────┬──────────┐
/// │   │ hd │ bytes, 8n │ hd│ pointer│hd …             │hd padding│  capacity: a power of two
/// └───┴────┴───────────┴───┴────────┴───┴─────────────┴──────────┘
/// ```
///
/// Positions count bytes since the beginning and never wrap; the offset is the position modulo the capacity. Each record
/// starts at a multiple of eight with a ``RecordHeader`` and is contiguous: a record that does not fit in front of the wrap
/// is preceded by a padding record, published together with it. A record above a quarter of the capacity goes to a heap
/// block, of which the ring carries the address; whoever takes the record, or the ring's end, frees it.
///
/// Each side keeps a copy of the other's position and looks at the real one only when the copy says full or empty, so a
/// busy ring moves a cache line once per lap of the copy, not per record.
package enum Ring {
    /// Bytes of heap blocks that may be on their way in one ring; a single larger one goes when there is no other.
    package static let blockLimit = 32 * 1024 * 1024

    /// - Parameter capacity: in bytes; rounded up to a power of two of at least 256.
    package static func make(capacity: Int) -> Ends {
        precondition(capacity > 0 && capacity <= 1 << 40)
        var size = 256
        while size < capacity { size <<= 1 }
        let storage = RingStorage(capacity: size)
        return Ends(producer: RingProducer(storage), consumer: RingConsumer(storage))
    }

    /// Both ends of a new ring; a tuple cannot hold values that are not copied.
    package struct Ends: ~Copyable, Sendable {
        private var producer: RingProducer?
        private var consumer: RingConsumer?

        fileprivate init(producer: consuming RingProducer, consumer: consuming RingConsumer) {
            self.producer = consume producer
            self.consumer = consume consumer
        }

        package mutating func takeProducer() -> RingProducer {
            guard let end = producer.take() else { preconditionFailure("the ring's producer was taken before") }
            return end
        }

        package mutating func takeConsumer() -> RingConsumer {
            guard let end = consumer.take() else { preconditionFailure("the ring's consumer was taken before") }
            return end
        }
    }
}

/// The writing end. It may move to another thread, and is used by one thread at a time, which `~Copyable` and `mutating`
/// enforce: that is why it is `Sendable`.
@safe
package struct RingProducer: ~Copyable, Sendable {
    private let storage: RingStorage
    private var tail = 0
    /// The consumer's position when it was last looked at.
    private var knownHead = 0

    fileprivate init(_ storage: RingStorage) {
        self.storage = storage
    }

    package var capacity: Int { storage.capacity }

    /// Appends one record: the concatenation of the three. False when there is no room; then nothing was written.
    ///
    /// A ring that is empty has room for any record.
    package mutating func push(_ first: Span<UInt8>, _ second: Span<UInt8>, _ third: Span<UInt8>) -> Bool {
        let count = first.count &+ second.count &+ third.count
        let isBlock = count > storage.capacity >> 2
        let footprint = isBlock ? RecordHeader.size &+ 8 : RecordHeader.footprint(of: count)
        guard !isBlock || hasBlockRoom(for: count), var target = unsafe claim(footprint) else { return false }
        if isBlock {
            storage.blockBytes.value.add(count, ordering: .relaxed)
            let block = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
            unsafe target.storeBytes(of: RecordHeader(.block, count: count).word, as: UInt64.self)
            unsafe target.storeBytes(of: block, toByteOffset: RecordHeader.size, as: UnsafeMutableRawPointer.self)
            unsafe target = block
        } else {
            unsafe target.storeBytes(of: RecordHeader(.inline, count: count).word, as: UInt64.self)
            unsafe target += RecordHeader.size
        }
        unsafe RingProducer.copy(first, to: target)
        unsafe RingProducer.copy(second, to: target + first.count)
        unsafe RingProducer.copy(third, to: target + first.count + second.count)
        tail &+= footprint
        storage.tail.value.store(tail, ordering: .releasing)
        return true
    }

    package mutating func push(_ record: Span<UInt8>) -> Bool {
        push(record, Span(), Span())
    }

    /// Whether a heap block of `count` bytes may go: alone, or with the others below ``Ring/blockLimit``.
    private func hasBlockRoom(for count: Int) -> Bool {
        let outstanding = storage.blockBytes.value.load(ordering: .acquiring)
        return outstanding == 0 || outstanding &+ count <= Ring.blockLimit
    }

    /// Where the next record goes, behind a padding record if it would cross the wrap; `nil` when full.
    private mutating func claim(_ footprint: Int) -> UnsafeMutableRawPointer? {
        let padding = padding(before: footprint)
        guard reach(footprint &+ padding) else { return nil }
        if padding > 0 {
            let header = RecordHeader(.padding, count: padding)
            unsafe (storage.bytes + (tail & (storage.capacity &- 1))).storeBytes(of: header.word, as: UInt64.self)
            tail &+= padding
        }
        return unsafe storage.bytes + (tail & (storage.capacity &- 1))
    }

    /// Bytes that stay unused in front of the wrap when a record of `footprint` comes next.
    private func padding(before footprint: Int) -> Int {
        let room = storage.capacity &- (tail & (storage.capacity &- 1))
        return footprint > room ? room : 0
    }

    /// Whether `needed` bytes are free.
    private mutating func reach(_ needed: Int) -> Bool {
        if storage.capacity &- (tail &- knownHead) >= needed { return true }
        knownHead = storage.head.value.load(ordering: .acquiring)
        return storage.capacity &- (tail &- knownHead) >= needed
    }

    private static func copy(_ bytes: Span<UInt8>, to target: UnsafeMutableRawPointer) {
        unsafe bytes.withUnsafeBytes { source in
            if let start = source.baseAddress { unsafe target.copyMemory(from: start, byteCount: source.count) }
        }
    }
}

/// The reading end; as to threads like ``RingProducer``. Unchecked because of `bytes`, for which ``RingStorage`` argues.
@safe
package struct RingConsumer: ~Copyable, @unchecked Sendable {
    private let storage: RingStorage
    /// Of `storage`, which this end keeps alive.
    @usableFromInline
    let bytes: UnsafeRawPointer
    @usableFromInline
    let mask: Int
    @usableFromInline
    var head = 0
    /// The producer's position when it was last looked at.
    @usableFromInline
    var knownTail = 0

    fileprivate init(_ storage: RingStorage) {
        self.storage = storage
        unsafe bytes = UnsafeRawPointer(storage.bytes)
        mask = storage.capacity &- 1
    }

    package var capacity: Int { storage.capacity }

    /// Whether no record waits. Looks at the producer's position: valid for the re-check before a sleep.
    package var isEmpty: Bool { storage.tail.value.load(ordering: .acquiring) == head }

    /// Hands the oldest record to `body` and then frees its place; `nil` when the ring is empty.
    @inlinable
    package mutating func pop<R>(_ body: (Span<UInt8>) -> R) -> R? {
        while true {
            if head == knownTail && !refresh() { return nil }
            let start = unsafe bytes + (head & mask)
            let header = unsafe RecordHeader(word: start.load(as: UInt64.self))
            switch header.kind {
            case .padding:
                head &+= header.footprint
            case .inline:
                let record = unsafe UnsafeRawBufferPointer(start: start + RecordHeader.size, count: header.count)
                let result = unsafe body(Span(_unsafeBytes: record))
                advance(header.footprint)
                return result
            case .block:
                let block = unsafe start.load(fromByteOffset: RecordHeader.size, as: UnsafeMutableRawPointer.self)
                let record = unsafe UnsafeRawBufferPointer(start: block, count: header.count)
                let result = unsafe body(Span(_unsafeBytes: record))
                unsafe block.deallocate()
                releaseBlock(header.count)
                advance(header.footprint)
                return result
            }
        }
    }

    /// Looks at the producer's position; false when nothing was produced.
    @usableFromInline
    mutating func refresh() -> Bool {
        knownTail = storage.tail.value.load(ordering: .acquiring)
        return head != knownTail
    }

    @usableFromInline
    func releaseBlock(_ count: Int) {
        storage.blockBytes.value.subtract(count, ordering: .releasing)
    }

    /// Frees the place of a record that was read.
    @usableFromInline
    mutating func advance(_ footprint: Int) {
        head &+= footprint
        storage.head.value.store(head, ordering: .releasing)
    }
}
