package import Bytes
import CZlib

/// Compresses the messages of one direction (RFC 7692, section 7.2.1).
///
/// zlib's memory (about 2^(windowBits+2) + 2^(memoryLevel+9) octets) is allocated for the first message.
@safe
package struct Deflater: ~Copyable {
    private let windowBits: Int
    private let memoryLevel: Int
    private let level: Int
    private let contextTakeover: Bool
    /// At a fixed address, since zlib's own state points back to it.
    private var stream: UnsafeMutablePointer<z_stream>?

    /// - Parameters:
    ///   - windowBits: 9…15; zlib has no raw deflate with 8.
    ///   - memoryLevel: 1…9.
    ///   - level: 0…9.
    ///   - contextTakeover: whether a message may refer to the ones before.
    package init(windowBits: Int, memoryLevel: Int, level: Int, contextTakeover: Bool) {
        precondition((9...15).contains(windowBits) && (1...9).contains(memoryLevel) && (0...9).contains(level))
        self.windowBits = windowBits
        self.memoryLevel = memoryLevel
        self.level = level
        self.contextTakeover = contextTakeover
        unsafe stream = nil
    }

    deinit {
        if let stream = unsafe stream { unsafe Deflater.end(stream) }
    }

    /// Whether zlib's memory is allocated.
    package var isAllocated: Bool { unsafe stream != nil }

    /// Frees zlib's memory where no later message needs it: without context takeover.
    package mutating func release() {
        guard !contextTakeover, let old = unsafe stream else { return }
        unsafe Deflater.end(old)
        unsafe stream = nil
    }

    /// Appends `message` compressed, without the four octets 00 00 ff ff that end a flush.
    package mutating func compress(_ message: Span<UInt8>, into output: inout ByteBuffer) {
        guard !message.isEmpty else {
            // An empty block: what zlib would make, which does not flush twice in a row (section 7.2.3.6).
            output.append(0)
            return
        }
        let stream = unsafe allocatedStream()
        unsafe message.withUnsafeBytes { bytes in
            // zlib does not write to its input; the header lacks the const.
            unsafe stream.pointee.next_in = UnsafeMutablePointer(
                mutating: bytes.assumingMemoryBound(to: UInt8.self).baseAddress)
            var rest = bytes.count
            repeat {
                let step = min(rest, Int(Int32.max))
                unsafe stream.pointee.avail_in = UInt32(step)
                rest &-= step
                unsafe Deflater.drain(stream, flush: rest == 0 ? Z_SYNC_FLUSH : Z_NO_FLUSH, into: &output)
            } while rest > 0
            unsafe stream.pointee.next_in = nil
        }
        output.truncate(to: output.count &- 4)
        if !contextTakeover { unsafe Deflater.demand(deflateReset(stream)) }
    }

    private static func drain(_ stream: UnsafeMutablePointer<z_stream>, flush: Int32, into output: inout ByteBuffer) {
        var isDone = false
        while !isDone {
            // Room for all of a message that cannot be compressed, up to a size: zlib writes its flush marker (five
            // octets, harmless) a second time when the first one ends exactly where the room does.
            let input = unsafe min(Int(stream.pointee.avail_in), 1 << 18)
            let room = input + input / 8 + 64
            unsafe _ = output.fill(minimum: room) { free in
                let offered = min(free.count, Int(Int32.max))
                unsafe stream.pointee.next_out = free.assumingMemoryBound(to: UInt8.self).baseAddress
                unsafe stream.pointee.avail_out = UInt32(offered)
                let status = unsafe deflate(stream, flush)
                precondition(status == Z_OK || status == Z_BUF_ERROR, "zlib's state is broken")
                let left = unsafe Int(stream.pointee.avail_out)
                isDone = left > 0
                return offered &- left
            }
        }
    }

    private mutating func allocatedStream() -> UnsafeMutablePointer<z_stream> {
        if let stream = unsafe stream { return unsafe stream }
        let fresh = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe fresh.initialize(to: z_stream())
        unsafe Deflater.demand(
            deflateInit2_(
                fresh, Int32(level), Z_DEFLATED, -Int32(windowBits), Int32(memoryLevel), Z_DEFAULT_STRATEGY,
                ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)))
        unsafe stream = unsafe fresh
        return unsafe fresh
    }

    private static func demand(_ status: Int32) {
        precondition(status == Z_OK, "zlib has no memory")
    }

    private static func end(_ stream: UnsafeMutablePointer<z_stream>) {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }
}
