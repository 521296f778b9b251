import RennbahnBytes
import RennbahnWebSocketDeflate

/// permessage-deflate with context takeover for the sessions of a line: the clients' half, and the shard's.
struct LineCompression: ~Copyable {
    private struct Codecs: ~Copyable {
        var client = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: true)
        var inflater = Inflater(windowBits: 15, contextTakeover: true)
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: true)
    }

    let isOn: Bool
    private var sessions: Slab<Codecs>
    private let pool = Box(CodecPool())

    init(isOn: Bool, sessions count: Int) {
        self.isOn = isOn
        sessions = Slab(capacity: count)
        for _ in 0..<count { _ = sessions.insert(Codecs()) }
    }

    /// What the session's client writes.
    mutating func compressForShard(_ session: Int, _ message: borrowing ByteBuffer, into output: inout ByteBuffer) {
        output.removeAll(keepingCapacity: true)
        sessions[session].client.compress(message.span, into: &output, pool: &pool.value)
    }

    mutating func inflate(_ session: Int, _ bytes: Span<UInt8>, into output: inout ByteBuffer) throws {
        output.removeAll(keepingCapacity: true)
        try sessions[session].inflater.inflate(bytes, into: &output, limit: 1 << 20, pool: &pool.value)
    }

    /// What the shard writes for the session: compressed for it alone, since its context is its own.
    mutating func deflate(_ session: Int, _ message: borrowing ByteBuffer, into output: inout ByteBuffer) {
        output.removeAll(keepingCapacity: true)
        sessions[session].deflater.compress(message.span, into: &output, pool: &pool.value)
    }
}
