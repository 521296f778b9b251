import Bytes
import WebSocketDeflate

/// permessage-deflate without context takeover, both ways: zlib's state is allocated with the first message and kept.
enum Compression {
    enum Failure: Error {
        case isNotTheSame
    }

    static func count(size: Int, warmUp: Int, measured: Int) throws -> Count {
        var message = ByteBuffer(capacity: size)
        while message.count < size { message.append(bigEndian: UInt64(message.count) &* 0x9e37_79b9) }
        message.truncate(to: size)
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: false)
        var inflater = Inflater(windowBits: 15, contextTakeover: false)
        var compressed = ByteBuffer(capacity: 2 * size + 64)
        var inflated = ByteBuffer(capacity: 2 * size + 64)
        func roundTrips(_ times: Int) throws {
            for _ in 0..<times {
                compressed.removeAll(keepingCapacity: true)
                deflater.compress(message.span, into: &compressed)
                inflated.removeAll(keepingCapacity: true)
                try inflater.inflate(compressed.span, into: &inflated, limit: 1 << 20)
            }
        }
        try roundTrips(warmUp)
        let count = try Count.during { try roundTrips(measured) }
        guard inflated.span.equals(message.span) else { throw Failure.isNotTheSame }
        return count
    }
}
