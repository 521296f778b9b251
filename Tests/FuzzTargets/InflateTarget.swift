import RennbahnBytes
import RennbahnWebSocketDeflate

extension FuzzTarget {
    /// The window, whether the context is taken over, the limit, whether what came out is compressed again; then messages. Taken
    /// where the first can be inflated.
    static let inflate = FuzzTarget("inflate", longest: 4096) { input in
        var input = InputReader(input)
        let choices = input.octet()
        let shape = InflateShape(
            windowBits: 15 - Int(choices & 7), contextTakeover: choices & 8 != 0,
            limit: [65_536, 1000, 100, 1 << 20][Int(choices >> 4 & 3)])
        let messages = input.pieces(most: 8)
        let live = shape.inflate(messages, shape.neverParked)
        let parked = shape.inflate(messages, shape.alwaysParked)
        try hold(live == parked, "parked or not, \(messages) are the same messages")
        let pieces = shape.inflate(messages, shape.alwaysParked, atMost: 64)
        // With a smaller window zlib takes references that are too far as long as what they mean is still in its output, which is
        // shorter in pieces.
        let areTooFar =
            shape.windowBits < 15 && pieces.last == .failure(.corrupt) && live.starts(with: pieces.dropLast())
        try hold(live == pieces || areTooFar, "in pieces of 64 octets, too, \(messages) are the same messages")
        for case .success(let message) in live {
            try hold(message.count <= shape.limit, "\(message.count) octets are \(shape.limit) at most")
        }
        guard let payload = messages.first, case .success(let message)? = live.first else { return [] }
        if shape.windowBits == 15 { try checkLimit(payload, message, shape) }
        if choices & 64 != 0 { try checkCompression(message, shape) }
        return ["inflate"]
    }

    /// A message of so many octets passes with exactly that limit, and with none below.
    private static func checkLimit(_ payload: [UInt8], _ message: [UInt8], _ shape: InflateShape) throws {
        var exact = shape
        exact.limit = message.count
        try hold(exact.inflate([payload], shape.neverParked) == [.success(message)], "\(exact.limit) octets are enough")
        guard exact.limit > 0 else { return }
        exact.limit -= 1
        try hold(
            exact.inflate([payload], shape.neverParked) == [.failure(.tooLarge)], "\(exact.limit) octets are not enough"
        )
    }

    private static func checkCompression(_ message: [UInt8], _ shape: InflateShape) throws {
        var deflater = Deflater(
            windowBits: max(9, shape.windowBits), memoryLevel: 8, level: 6, contextTakeover: shape.contextTakeover)
        var pool = CodecPool(limits: shape.alwaysParked)
        var payloads: [[UInt8]] = []
        for _ in 0..<2 {
            var output = ByteBuffer()
            try hold(deflater.compress(message.span, into: &output, pool: &pool), "there is memory")
            payloads.append(output.span.copied())
        }
        try hold(
            shape.inflate(payloads, shape.alwaysParked) == [.success(message), .success(message)],
            "what was compressed is inflated again")
    }
}

/// How an inflater is made, and how much it may make.
private struct InflateShape {
    let windowBits: Int
    let contextTakeover: Bool
    var limit: Int

    /// Limits with which a codec has a state of its own from its first message on: zlib's plain stream.
    var neverParked: CodecLimits {
        var limits = CodecLimits()
        limits.messagesToLive = 1
        return limits
    }

    /// Limits with which a codec keeps its window alone between two messages.
    var alwaysParked: CodecLimits {
        var limits = CodecLimits()
        limits.maxLive = 0
        return limits
    }

    /// What becomes of messages, up to the first failure.
    func inflate(
        _ messages: [[UInt8]], _ limits: CodecLimits, atMost piece: Int = .max
    ) -> [Result<[UInt8], InflateFailure>] {
        var inflater = Inflater(windowBits: windowBits, contextTakeover: contextTakeover)
        var pool = CodecPool(limits: limits)
        var results: [Result<[UInt8], InflateFailure>] = []
        for message in messages {
            var output = ByteBuffer()
            do throws(InflateFailure) {
                var progress = Inflater.Progress()
                while try !inflater.inflate(
                    message.span, &progress, into: &output, limit: limit, atMost: piece, pool: &pool)
                {}
                results.append(.success(output.span.copied()))
            } catch {
                return results + [.failure(error)]
            }
        }
        return results
    }
}
