// Bounds-checked reads of integers from a span of bytes: one comparison and one load each.

extension Span where Element == UInt8 {
    /// The integer in network byte order at `offset`.
    @inlinable
    public func bigEndian<Integer: FixedWidthInteger>(_ type: Integer.Type, at offset: Int) -> Integer {
        Integer(bigEndian: load(type, at: offset))
    }

    /// Eight bytes at `offset`, the first in the lowest byte: the unit of the word-at-a-time scanners.
    @inlinable
    public func littleEndianWord(at offset: Int) -> UInt64 {
        UInt64(littleEndian: load(UInt64.self, at: offset))
    }

    /// The integer at `offset` in the machine's byte order, wherever it is aligned.
    @inlinable
    public func load<Integer: FixedWidthInteger>(_ type: Integer.Type, at offset: Int) -> Integer {
        precondition(offset >= 0 && count &- offset >= MemoryLayout<Integer>.size)
        return unsafe withUnsafeBytes { bytes in
            unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Integer.self)
        }
    }

    /// Whether both hold the same bytes.
    @inlinable
    public func equals(_ other: Span<UInt8>) -> Bool {
        let length = count
        guard length == other.count else { return false }
        var offset = 0
        while offset &+ 8 <= length {
            if load(UInt64.self, at: offset) != other.load(UInt64.self, at: offset) { return false }
            offset &+= 8
        }
        while offset < length {
            if self[offset] != other[offset] { return false }
            offset &+= 1
        }
        return true
    }

    /// Whether these are the bytes of `text`.
    @inlinable
    public func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        let start = unsafe text.utf8Start
        for index in indices where unsafe self[index] != start[index] { return false }
        return true
    }

    /// A copy as an array; for control paths and tests.
    public func copied() -> [UInt8] {
        unsafe withUnsafeBufferPointer { unsafe Array($0) }
    }

    /// The bytes as text; ill-formed UTF-8 is repaired. For log lines and control paths.
    public func text() -> String {
        unsafe withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
