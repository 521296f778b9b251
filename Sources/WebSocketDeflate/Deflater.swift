import CRennbahnZlib
package import RennbahnBytes

/// Compresses the messages of one direction (RFC 7692, section 7.2.1).
///
/// Parked until it is busy, see ``CodecLimits``. What it refers to in earlier messages is its own choice, so of its
/// window it keeps only the end when it parks.
@safe
package struct Deflater: ~Copyable {
    private let shape: ZlibShape
    private let contextTakeover: Bool
    private var own = CodecState()

    /// - Parameters:
    ///   - windowBits: 9…15; zlib has no raw deflate with 8.
    ///   - memoryLevel: 1…9.
    ///   - level: 0…9.
    ///   - contextTakeover: whether a message may refer to the ones before.
    package init(windowBits: Int, memoryLevel: Int, level: Int, contextTakeover: Bool) {
        precondition((9...15).contains(windowBits) && (1...9).contains(memoryLevel) && (0...9).contains(level))
        shape = .compressor(windowBits: UInt8(windowBits), memoryLevel: UInt8(memoryLevel), level: UInt8(level))
        self.contextTakeover = contextTakeover
    }

    /// Window, memory level and level in one number, never 0: the same message compressed without context is the same bytes
    /// for all that have the same.
    package var parameters: UInt16 {
        switch shape {
        case .compressor(let windowBits, let memoryLevel, let level):
            UInt16(windowBits) << 8 | UInt16(memoryLevel) << 4 | UInt16(level)
        case .decompressor: preconditionFailure("a deflater compresses")
        }
    }

    /// Whether it has a state of zlib of its own.
    package var isLive: Bool { unsafe own.live != nil }

    /// Octets of earlier messages that it keeps while it is parked.
    package var parkedCount: Int { own.window.count }

    /// Gives the state back and keeps the end of the window instead.
    package mutating func park(in pool: inout CodecPool) {
        guard let live = unsafe own.live else { return }
        unsafe keepWindow(of: live, &pool)
        own.giveUp(&pool)
    }

    /// Parks if there was no message since the last sweep.
    package mutating func parkIfIdle(in pool: inout CodecPool) {
        if own.isIdle(pool) { park(in: &pool) }
    }

    /// The end of the stream: gives the state back and forgets what was before.
    package mutating func finish(in pool: inout CodecPool) {
        own.finish(&pool)
    }

    /// Appends `message` compressed, without the four octets 00 00 ff ff that end a flush.
    ///
    /// - Returns: false without memory: nothing was appended, and the message has to go as it is, as any may (section 6).
    package mutating func compress(
        _ message: Span<UInt8>, into output: inout ByteBuffer, pool: inout CodecPool
    ) -> Bool {
        guard !message.isEmpty else {
            // An empty block: what zlib would make, which does not flush twice in a row (section 7.2.3.6).
            output.append(0)
            return true
        }
        own.noteUse(pool)
        if let live = unsafe own.live {
            unsafe Deflater.compress(message, &live.pointee.stream, into: &output)
            return true
        }
        guard let borrowed = unsafe borrow(&pool) else { return false }
        unsafe Deflater.compress(message, &borrowed.pointee.stream, into: &output)
        if contextTakeover {
            if unsafe own.settle(borrowed, &pool) { return true }
            unsafe keepWindow(of: borrowed, &pool)
        }
        unsafe pool.giveBack(borrowed)
        return true
    }

    private static func compress(
        _ message: Span<UInt8>, _ stream: UnsafeMutablePointer<z_stream>, into output: inout ByteBuffer
    ) {
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
        // The flush has ended on the border of an octet and left nothing pending, so the window is all there is to keep.
        output.truncate(to: output.count &- 4)
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

    private mutating func borrow(_ pool: inout CodecPool) -> UnsafeMutablePointer<ZlibState>? {
        guard let borrowed = unsafe pool.take(shape) else { return nil }
        if let bytes = unsafe own.window.bytes, own.window.count > 0 {
            let status = unsafe deflateSetDictionary(&borrowed.pointee.stream, bytes, UInt32(own.window.count))
            precondition(status == Z_OK, "zlib's state is broken")
        }
        return unsafe borrowed
    }

    private mutating func keepWindow(of state: UnsafeMutablePointer<ZlibState>, _ pool: inout CodecPool) {
        var count: UInt32 = 0
        unsafe deflateGetDictionary(&state.pointee.stream, nil, &count)
        let kept = min(Int(count), pool.limits.parkedWindow)
        own.window.resize(to: kept)
        guard kept > 0, let target = unsafe own.window.bytes else { return }
        if kept == Int(count) {
            unsafe deflateGetDictionary(&state.pointee.stream, target, &count)
        } else {
            let whole = unsafe pool.wholeWindow()
            unsafe deflateGetDictionary(&state.pointee.stream, whole, &count)
            unsafe target.update(from: whole + (Int(count) - kept), count: kept)
        }
    }
}
