package import Bytes
import CZlib

/// Decompresses the messages of one direction (RFC 7692, section 7.2.2).
///
/// zlib's memory (about 2^windowBits + 7 KiB) is allocated for the first message.
@safe
package struct Inflater: ~Copyable {
    /// 00 00 ff ff, which the sender left out: with the last octets of the payload an empty block without compression.
    private static let tail: [UInt8] = [0x00, 0x00, 0xff, 0xff]

    private let windowBits: Int
    private let contextTakeover: Bool
    /// At a fixed address, since zlib's own state points back to it.
    private var stream: UnsafeMutablePointer<z_stream>?

    /// - Parameters:
    ///   - windowBits: 8…15, the sender's window. At least 9 are used, since zlib on the other side may do so when
    ///     asked for 8.
    ///   - contextTakeover: whether the sender may refer to earlier messages.
    package init(windowBits: Int, contextTakeover: Bool) {
        precondition((8...15).contains(windowBits))
        self.windowBits = max(windowBits, 9)
        self.contextTakeover = contextTakeover
        unsafe stream = nil
    }

    deinit {
        if let stream = unsafe stream { unsafe Inflater.end(stream) }
    }

    /// Whether zlib's memory is allocated.
    package var isAllocated: Bool { unsafe stream != nil }

    /// Frees zlib's memory where no later message needs it: without context takeover.
    package mutating func release() {
        if !contextTakeover { free() }
    }

    /// Appends the message that `payload` is the compressed form of.
    ///
    /// Never appends more than `limit` octets. After a failure the inflater must not be used any more, and what was
    /// appended is of no use.
    package mutating func inflate(
        _ payload: Span<UInt8>, into output: inout ByteBuffer, limit: Int
    ) throws(InflateFailure) {
        precondition(limit >= 0)
        // An empty message that its sender's zlib flushed a second time to nothing.
        guard !payload.isEmpty else { return }
        let stream = try unsafe allocatedStream()
        var room = limit
        let hasEnded = try unsafe Inflater.feed(stream, payload, into: &output, room: &room)
        if !hasEnded {
            _ = try unsafe Inflater.feed(stream, Inflater.tail.span, into: &output, room: &room)
            // Bit 7: the last octet ended a block; the low bits count what is left of it.
            guard unsafe stream.pointee.data_type & 0x87 == 0x80 else { throw .corrupt }
        }
        if !contextTakeover { unsafe inflateReset(stream) }
    }

    /// Inflates one piece of input.
    ///
    /// - Returns: whether the piece ends exactly with a final block, after which no tail is missing.
    private static func feed(
        _ stream: UnsafeMutablePointer<z_stream>, _ input: Span<UInt8>, into output: inout ByteBuffer,
        room: inout Int
    ) throws(InflateFailure) -> Bool {
        var position = 0
        var hasEnded = false
        var isStarved = false
        while position < input.count || isStarved {
            let (status, consumed, filled, produced) = unsafe step(stream, input, from: position, &output, room: room)
            guard produced <= room else { throw .tooLarge }
            room &-= produced
            position &+= consumed
            isStarved = filled
            hasEnded = false
            switch status {
            case Z_OK, Z_BUF_ERROR:
                if consumed == 0, produced == 0 { isStarved = false }
                if consumed == 0, produced == 0, position < input.count { throw .corrupt }
            case Z_STREAM_END:
                // A final block (section 7.2.3.4); what follows is a stream of its own.
                unsafe inflateReset(stream)
                hasEnded = position == input.count
                isStarved = false
            case Z_MEM_ERROR:
                throw .outOfMemory
            case _:
                throw .corrupt
            }
        }
        return hasEnded
    }

    /// One call of zlib. With no room left it gets one octet of scratch, so that a message which ends at the limit can
    /// be told from a longer one: `produced` is above `room` only then.
    private static func step(
        _ stream: UnsafeMutablePointer<z_stream>, _ input: Span<UInt8>, from position: Int,
        _ output: inout ByteBuffer, room: Int
    ) -> (status: Int32, consumed: Int, filled: Bool, produced: Int) {
        let offeredInput = min(input.count &- position, Int(Int32.max))
        var status = Z_OK
        var produced = 0
        var filled = false
        unsafe input.withUnsafeBytes { bytes in
            // zlib does not write to its input; the header lacks the const.
            unsafe stream.pointee.next_in = UnsafeMutablePointer(
                mutating: bytes.assumingMemoryBound(to: UInt8.self).baseAddress.map { unsafe $0 + position })
            unsafe stream.pointee.avail_in = UInt32(offeredInput)
            if room == 0 {
                var scratch: UInt8 = 0
                unsafe withUnsafeMutablePointer(to: &scratch) { target in
                    unsafe stream.pointee.next_out = target
                    unsafe stream.pointee.avail_out = 1
                    status = unsafe CZlib.inflate(stream, Z_SYNC_FLUSH)
                }
                produced = unsafe 1 &- Int(stream.pointee.avail_out)
            } else {
                let minimum = min(room, max(256, min(offeredInput, 1 << 28) &* 2))
                produced = unsafe output.fill(minimum: minimum) { free in
                    let offered = min(free.count, room, Int(Int32.max))
                    unsafe stream.pointee.next_out = free.assumingMemoryBound(to: UInt8.self).baseAddress
                    unsafe stream.pointee.avail_out = UInt32(offered)
                    status = unsafe CZlib.inflate(stream, Z_SYNC_FLUSH)
                    return unsafe offered &- Int(stream.pointee.avail_out)
                }
            }
            unsafe filled = stream.pointee.avail_out == 0
            unsafe stream.pointee.next_in = nil
            unsafe stream.pointee.next_out = nil
        }
        return (status, unsafe offeredInput &- Int(stream.pointee.avail_in), filled, produced)
    }

    private mutating func allocatedStream() throws(InflateFailure) -> UnsafeMutablePointer<z_stream> {
        if let stream = unsafe stream { return unsafe stream }
        let fresh = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe fresh.initialize(to: z_stream())
        let status = unsafe inflateInit2_(
            fresh, -Int32(windowBits), ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            unsafe fresh.deallocate()
            throw .outOfMemory
        }
        unsafe stream = unsafe fresh
        return unsafe fresh
    }

    private mutating func free() {
        guard let old = unsafe stream else { return }
        unsafe Inflater.end(old)
        unsafe stream = nil
    }

    private static func end(_ stream: UnsafeMutablePointer<z_stream>) {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }
}
