/// An owned, growable run of bytes at a stable address between two growths.
///
/// The one place where the package allocates byte storage. A buffer that was never written to owns no memory, so a
/// connection may hold several at no cost. Growth doubles; ``removeAll(keepingCapacity:)`` keeps or frees the storage.
@safe
public struct ByteBuffer: ~Copyable {
    @usableFromInline
    var base: UnsafeMutableRawPointer?
    @usableFromInline
    var allocated: Int
    @usableFromInline
    var used: Int

    /// An empty buffer; allocates only when `capacity` is not zero.
    @inlinable
    public init(capacity: Int = 0) {
        precondition(capacity >= 0)
        unsafe base = capacity == 0 ? nil : UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        allocated = capacity
        used = 0
    }

    @inlinable
    deinit {
        unsafe base?.deallocate()
    }

    /// Bytes written so far.
    @inlinable
    public var count: Int { used }

    /// Bytes that fit without growing.
    @inlinable
    public var capacity: Int { allocated }

    /// Whether nothing was written.
    @inlinable
    public var isEmpty: Bool { used == 0 }

    /// The bytes written so far.
    @inlinable
    public var span: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get {
            let bytes = unsafe UnsafeRawBufferPointer(start: base, count: used)
            let span = unsafe Span<UInt8>(_unsafeBytes: bytes)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Makes room for `extra` more bytes.
    @inlinable
    public mutating func reserve(_ extra: Int) {
        if allocated &- used < extra { grow(extra) }
    }

    @usableFromInline
    @inline(never)
    mutating func grow(_ extra: Int) {
        precondition(extra >= 0)
        let wanted = max(used + extra, allocated * 2, 64)
        let fresh = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 16)
        if let old = unsafe base {
            unsafe fresh.copyMemory(from: old, byteCount: used)
            unsafe old.deallocate()
        }
        unsafe base = fresh
        allocated = wanted
    }

    /// Appends one byte.
    @inlinable
    public mutating func append(_ byte: UInt8) {
        reserve(1)
        unsafe base.unsafelyUnwrapped.storeBytes(of: byte, toByteOffset: used, as: UInt8.self)
        used &+= 1
    }

    /// Appends a copy of `bytes`.
    @inlinable
    public mutating func append(_ bytes: Span<UInt8>) {
        let extra = bytes.count
        guard extra > 0 else { return }
        reserve(extra)
        let target = unsafe base.unsafelyUnwrapped + used
        unsafe bytes.withUnsafeBytes { source in
            unsafe target.copyMemory(from: source.baseAddress.unsafelyUnwrapped, byteCount: extra)
        }
        used &+= extra
    }

    /// Appends a literal's UTF-8.
    @inlinable
    public mutating func append(_ text: StaticString) {
        let extra = text.utf8CodeUnitCount
        guard extra > 0 else { return }
        reserve(extra)
        unsafe (base.unsafelyUnwrapped + used).copyMemory(from: text.utf8Start, byteCount: extra)
        used &+= extra
    }

    /// Appends the UTF-8 of `text`.
    public mutating func append(utf8 text: String) {
        append(text.utf8.span)
    }

    /// Appends an integer in network byte order.
    @inlinable
    public mutating func append<Integer: FixedWidthInteger>(bigEndian value: Integer) {
        reserve(MemoryLayout<Integer>.size)
        unsafe base.unsafelyUnwrapped.storeBytes(of: value.bigEndian, toByteOffset: used, as: Integer.self)
        used &+= MemoryLayout<Integer>.size
    }

    /// Stores a word whose lowest `count` octets are the next ones. Room for eight must have been made.
    @inline(__always)
    mutating func store(_ word: UInt64, counting count: Int) {
        unsafe base.unsafelyUnwrapped.storeBytes(of: word.littleEndian, toByteOffset: used, as: UInt64.self)
        used &+= count
    }

    /// Overwrites one byte that was written before.
    @inlinable
    public mutating func set(_ byte: UInt8, at index: Int) {
        precondition(index >= 0 && index < used)
        unsafe base.unsafelyUnwrapped.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
    }

    /// Drops the bytes past `count`.
    @inlinable
    public mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= used)
        used = count
    }

    /// Drops `count` bytes from the front and moves the rest down.
    public mutating func removeFirst(_ count: Int) {
        precondition(count >= 0 && count <= used)
        guard count > 0 else { return }
        let rest = used - count
        if rest > 0 {
            let start = unsafe base.unsafelyUnwrapped
            unsafe start.copyMemory(from: start + count, byteCount: rest)
        }
        used = rest
    }

    /// Empties the buffer; without `keepingCapacity` its storage is freed.
    @inlinable
    public mutating func removeAll(keepingCapacity: Bool) {
        used = 0
        if !keepingCapacity, let old = unsafe base {
            unsafe old.deallocate()
            unsafe base = nil
            allocated = 0
        }
    }

    /// Hands at least `minimum` free bytes past the end to `body`, which returns how many it filled (0 or less for
    /// none, such as the result of a failed `read`).
    @inlinable
    public mutating func fill<Failure: Error>(
        minimum: Int, _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        reserve(minimum)
        let free = unsafe UnsafeMutableRawBufferPointer(
            start: base.map { unsafe $0 + used }, count: allocated &- used)
        let filled = try unsafe body(free)
        precondition(filled <= allocated &- used)
        if filled > 0 { used &+= filled }
        return filled
    }

    /// Applies a WebSocket mask (RFC 6455, section 5.3) to `range`, in place.
    @inlinable
    public mutating func applyMask(_ mask: inout XORMask, to range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= used)
        guard !range.isEmpty else { return }
        unsafe mask.apply(to: base.unsafelyUnwrapped + range.lowerBound, count: range.count)
    }

    /// Applies a WebSocket mask to all of a payload, `range`, in place; the lowest octet of `key` is the first.
    @inlinable
    @inline(__always)
    public mutating func applyMask(littleEndianKey key: UInt32, to range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= used)
        guard let base = unsafe base else { return }
        unsafe XORMask.apply(key, to: base + range.lowerBound, count: range.upperBound &- range.lowerBound)
    }
}
