import RennbahnBytes
import RennbahnWebSocket
import RennbahnWebSocketDeflate

/// SplitMix64: the same numbers for the same seed on every machine.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

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
    deflater.compress(message.span, into: &output, pool: &pool)
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
