import CRennbahnZlib
package import RennbahnBytes

/// Decompresses the messages of one direction (RFC 7692, section 7.2.2).
///
/// Parked until it is busy, see ``CodecLimits``; then it keeps what the peer may refer to, and no more than that.
@safe
package struct Inflater: ~Copyable {
    /// 00 00 ff ff, which the sender left out: with the last octets of the payload an empty block without compression.
    private static let tail: [UInt8] = [0x00, 0x00, 0xff, 0xff]

    /// How far a message is inflated, between two pieces of it.
    package struct Progress: Sendable {
        /// Octets that zlib has taken of the payload, or of the tail behind it.
        fileprivate var position = 0
        fileprivate var isInTail = false
        /// Octets of the message so far.
        fileprivate var produced = 0
        /// zlib had no room for all that it has to say.
        fileprivate var isStarved = false
        /// What zlib took last is the end of a final block, after which no tail is missing.
        fileprivate var hasEnded = false

        package init() {}
    }

    private let windowBits: UInt8
    private let contextTakeover: Bool
    /// A piece of a message is inflated, and not its end.
    private var isMidway = false
    private var own = CodecState()

    /// - Parameters:
    ///   - windowBits: 8…15, the sender's window. At least 9 are used, since zlib on the other side may do so when
    ///     asked for 8.
    ///   - contextTakeover: whether the sender may refer to earlier messages.
    package init(windowBits: Int, contextTakeover: Bool) {
        precondition((8...15).contains(windowBits))
        self.windowBits = UInt8(max(windowBits, 9))
        self.contextTakeover = contextTakeover
    }

    /// Whether it has a state of zlib of its own.
    package var isLive: Bool { unsafe own.live != nil }

    /// Octets of earlier messages that it keeps while it is parked.
    package var parkedCount: Int { own.window.count }

    /// Gives the state back and keeps the window instead. Between messages only.
    package mutating func park(in pool: inout CodecPool) {
        guard let live = unsafe own.live else { return }
        unsafe keepWindow(of: live)
        own.giveUp(&pool)
    }

    /// Parks if there was no message since the last sweep.
    package mutating func parkIfIdle(in pool: inout CodecPool) {
        if !isMidway, own.isIdle(pool) { park(in: &pool) }
    }

    /// The end of the stream: gives the state back and forgets what was before.
    package mutating func finish(in pool: inout CodecPool) {
        own.finish(&pool)
    }

    /// Appends the message that `payload` is the compressed form of.
    ///
    /// Never appends more than `limit` octets. After a failure the inflater must not be used any more, and what was
    /// appended is of no use.
    package mutating func inflate(
        _ payload: Span<UInt8>, into output: inout ByteBuffer, limit: Int, pool: inout CodecPool
    ) throws(InflateFailure) {
        var progress = Progress()
        _ = try inflate(payload, &progress, into: &output, limit: limit, atMost: .max, pool: &pool)
    }

    /// As ``inflate(_:into:limit:pool:)``, piece by piece: called again with the same payload, progress and output it goes on.
    ///
    /// - Parameters:
    ///   - limit: octets of the whole message.
    ///   - piece: octets that are appended now, and that are taken of the payload, at most; above 0.
    /// - Returns: whether the message is whole. Until it is, the inflater keeps a state of zlib, and no other message may come.
    package mutating func inflate(
        _ payload: Span<UInt8>, _ progress: inout Progress, into output: inout ByteBuffer, limit: Int,
        atMost piece: Int, pool: inout CodecPool
    ) throws(InflateFailure) -> Bool {
        precondition(limit >= 0 && piece > 0)
        // An empty message that its sender's zlib flushed a second time to nothing.
        guard !payload.isEmpty else { return true }
        own.noteUse(pool)
        if let live = unsafe own.live {
            let isWhole = try unsafe Inflater.inflate(
                payload, &live.pointee.stream, &progress, into: &output, limit: limit, atMost: piece)
            let wasMidway = isMidway
            isMidway = !isWhole
            if wasMidway, isWhole { endMidway(&pool) }
            return isWhole
        }
        guard let borrowed = unsafe borrow(&pool) else { throw .outOfMemory }
        let isWhole: Bool
        do throws(InflateFailure) {
            isWhole = try unsafe Inflater.inflate(
                payload, &borrowed.pointee.stream, &progress, into: &output, limit: limit, atMost: piece)
        } catch {
            unsafe pool.giveBack(borrowed)
            throw error
        }
        guard isWhole else {
            unsafe own.keep(borrowed, &pool)
            isMidway = true
            return false
        }
        if contextTakeover {
            if unsafe own.settle(borrowed, &pool) { return true }
            unsafe keepWindow(of: borrowed)
        }
        unsafe pool.giveBack(borrowed)
        return true
    }

    /// A message of several pieces is whole: its state may have been kept for the rest of it alone.
    private mutating func endMidway(_ pool: inout CodecPool) {
        guard contextTakeover else { return own.giveUp(&pool) }
        if pool.isCrowded { park(in: &pool) }
    }

    private static func inflate(
        _ payload: Span<UInt8>, _ stream: UnsafeMutablePointer<z_stream>, _ progress: inout Progress,
        into output: inout ByteBuffer, limit: Int, atMost piece: Int
    ) throws(InflateFailure) -> Bool {
        var left = piece
        if !progress.isInTail {
            guard try unsafe feed(stream, payload, &progress, into: &output, limit: limit, left: &left) else {
                return false
            }
            guard !progress.hasEnded else { return true }
            progress.isInTail = true
            progress.position = 0
        }
        guard try unsafe feed(stream, Inflater.tail.span, &progress, into: &output, limit: limit, left: &left) else {
            return false
        }
        // Bit 7: the last octet ended a block; the low bits count what is left of it. So it is the border of an octet,
        // and nothing but the window matters to the next message.
        guard unsafe stream.pointee.data_type & 0x87 == 0x80 else { throw .corrupt }
        return true
    }

    /// Inflates what is left of the payload, or of the tail.
    ///
    /// - Parameter left: octets, on either side, that may pass yet.
    /// - Returns: whether nothing is left of it.
    private static func feed(
        _ stream: UnsafeMutablePointer<z_stream>, _ input: Span<UInt8>, _ progress: inout Progress,
        into output: inout ByteBuffer, limit: Int, left: inout Int
    ) throws(InflateFailure) -> Bool {
        while progress.position < input.count || progress.isStarved {
            guard left > 0 else { return false }
            // The limit may have become less since the piece before.
            let room = max(0, limit &- progress.produced)
            let dataType = unsafe stream.pointee.data_type
            let (status, consumed, filled, produced) = unsafe step(
                stream, input, from: progress.position, &output, room: room, atMost: left)
            // A call that did nothing, since all was done by the one before, says nothing of where a block has ended.
            if consumed == 0, produced == 0 { unsafe stream.pointee.data_type = dataType }
            guard produced <= room else { throw .tooLarge }
            progress.produced &+= produced
            progress.position &+= consumed
            left &-= max(consumed, produced)
            progress.isStarved = filled
            progress.hasEnded = false
            switch status {
            case Z_OK, Z_BUF_ERROR:
                if consumed == 0, produced == 0 { progress.isStarved = false }
                if consumed == 0, produced == 0, progress.position < input.count { throw .corrupt }
            case Z_STREAM_END:
                // A final block (section 7.2.3.4); what follows is a stream of its own.
                unsafe inflateReset(stream)
                progress.hasEnded = progress.position == input.count
                progress.isStarved = false
            case Z_MEM_ERROR:
                throw .outOfMemory
            case _:
                throw .corrupt
            }
        }
        return true
    }

    /// One call of zlib. With no room left it gets one octet of scratch, so that a message which ends at the limit can
    /// be told from a longer one: `produced` is above `room` only then.
    private static func step(
        _ stream: UnsafeMutablePointer<z_stream>, _ input: Span<UInt8>, from position: Int,
        _ output: inout ByteBuffer, room: Int, atMost piece: Int
    ) -> (status: Int32, consumed: Int, filled: Bool, produced: Int) {
        let offeredInput = min(input.count &- position, piece, Int(Int32.max))
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
                    status = unsafe CRennbahnZlib.inflate(stream, Z_SYNC_FLUSH)
                }
                produced = unsafe 1 &- Int(stream.pointee.avail_out)
            } else {
                let minimum = min(room, piece, max(256, min(offeredInput, 1 << 28) &* 2))
                produced = unsafe output.fill(minimum: minimum) { free in
                    let offered = min(free.count, min(room, piece, Int(Int32.max)))
                    unsafe stream.pointee.next_out = free.assumingMemoryBound(to: UInt8.self).baseAddress
                    unsafe stream.pointee.avail_out = UInt32(offered)
                    status = unsafe CRennbahnZlib.inflate(stream, Z_SYNC_FLUSH)
                    return unsafe offered &- Int(stream.pointee.avail_out)
                }
            }
            unsafe filled = stream.pointee.avail_out == 0
            unsafe stream.pointee.next_in = nil
            unsafe stream.pointee.next_out = nil
        }
        return (status, unsafe offeredInput &- Int(stream.pointee.avail_in), filled, produced)
    }

    private mutating func borrow(_ pool: inout CodecPool) -> UnsafeMutablePointer<ZlibState>? {
        guard let borrowed = unsafe pool.take(.decompressor(windowBits: windowBits)) else { return nil }
        if let bytes = unsafe own.window.bytes, own.window.count > 0 {
            guard unsafe inflateSetDictionary(&borrowed.pointee.stream, bytes, UInt32(own.window.count)) == Z_OK else {
                unsafe pool.giveBack(borrowed)
                return nil
            }
        }
        return unsafe borrowed
    }

    private mutating func keepWindow(of state: UnsafeMutablePointer<ZlibState>) {
        var count: UInt32 = 0
        unsafe inflateGetDictionary(&state.pointee.stream, nil, &count)
        own.window.resize(to: Int(count))
        if let target = unsafe own.window.bytes, count > 0 {
            unsafe inflateGetDictionary(&state.pointee.stream, target, &count)
        }
    }
}
