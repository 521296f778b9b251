import RennbahnBytes
import RennbahnTestKit
import RennbahnWebSocket
import RennbahnWebSocketDeflate

extension SeededGenerator {
    /// Octets that look like messages: words that come again, and some noise.
    mutating func message(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            switch Int.random(in: 0..<4, using: &self) {
            case 0: bytes += self.bytes(Int.random(in: 1...9, using: &self))
            case 1: bytes += [UInt8](repeating: 0x20, count: Int.random(in: 1...300, using: &self))
            default: bytes += Array("[36,5512315355,4429313566,{},[\"com.example.topic\"]]".utf8)
            }
        }
        return Array(bytes.prefix(count))
    }
}

/// Limits with which a codec is live from its first message on: zlib's plain stream.
var neverParked: CodecLimits {
    var limits = CodecLimits()
    limits.messagesToLive = 1
    return limits
}

func compress(_ message: [UInt8], _ deflater: inout Deflater, _ pool: inout CodecPool) -> [UInt8] {
    var output = ByteBuffer()
    guard deflater.compress(message.span, into: &output, pool: &pool) else { preconditionFailure("no memory") }
    return output.span.copied()
}

func compress(_ message: [UInt8], _ deflater: inout Deflater) -> [UInt8] {
    var pool = CodecPool(limits: neverParked)
    return compress(message, &deflater, &pool)
}

func inflate(
    _ payload: [UInt8], _ inflater: inout Inflater, _ pool: inout CodecPool, limit: Int = 1 << 24
) throws(InflateFailure) -> [UInt8] {
    var output = ByteBuffer()
    try inflater.inflate(payload.span, into: &output, limit: limit, pool: &pool)
    return output.span.copied()
}

func inflate(
    _ payload: [UInt8], _ inflater: inout Inflater, limit: Int = 1 << 24
) throws(InflateFailure) -> [UInt8] {
    var pool = CodecPool(limits: neverParked)
    return try inflate(payload, &inflater, &pool, limit: limit)
}

/// The result of a fresh inflater.
func inflated(_ payload: [UInt8], limit: Int = 1 << 24) -> Result<[UInt8], InflateFailure> {
    var inflater = Inflater(windowBits: 15, contextTakeover: true)
    do throws(InflateFailure) {
        return .success(try inflate(payload, &inflater, limit: limit))
    } catch {
        return .failure(error)
    }
}

let hello = Array("Hello".utf8)
