import RennbahnBytes
import RennbahnWebSocketDeflate

/// permessage-deflate both ways: with context takeover the codecs are live after their first messages, without they
/// borrow states of zlib from their pool.
enum Compression {
    enum Failure: Error {
        case isNotTheSame
    }

    static func count(size: Int, contextTakeover: Bool, warmUp: Int, measured: Int) throws -> Count {
        var message = ByteBuffer(capacity: size)
        while message.count < size { message.append(bigEndian: UInt64(message.count) &* 0x9e37_79b9) }
        message.truncate(to: size)
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: contextTakeover)
        var inflater = Inflater(windowBits: 15, contextTakeover: contextTakeover)
        var pool = CodecPool()
        var compressed = ByteBuffer(capacity: 2 * size + 64)
        var inflated = ByteBuffer(capacity: 2 * size + 64)
        func roundTrips(_ times: Int) throws {
            for _ in 0..<times {
                compressed.removeAll(keepingCapacity: true)
                _ = deflater.compress(message.span, into: &compressed, pool: &pool)
                inflated.removeAll(keepingCapacity: true)
                try inflater.inflate(compressed.span, into: &inflated, limit: 1 << 20, pool: &pool)
            }
        }
        try roundTrips(warmUp)
        let count = try Count.during { try roundTrips(measured) }
        guard inflated.span.equals(message.span) else { throw Failure.isNotTheSame }
        return count
    }
}
