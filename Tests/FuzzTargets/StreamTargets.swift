import RennbahnBytes
import RennbahnReferences
import RennbahnWebSocket

// What begins a stream of frames, and the frames. Each is read whole and cut, and gives what the slow reference gives.

extension FuzzTarget {
    /// How a reader is made, one bit a choice; where the stream is cut; the stream. Taken where its beginning is.
    static let frames = FuzzTarget("frames", longest: 20_000) { input in
        var input = InputReader(input)
        let choices = input.octet()
        let step = 1 + Int(input.octet())
        let bytes = Array(input.rest)
        let setup = ReaderSetup(
            role: choices & 1 == 0 ? .server : .client,
            maxMessageSize: [1 << 20, 300, 100, 17_000][Int(choices >> 1 & 3)], compression: choices & 8 != 0,
            validatesText: choices & 16 != 0, maxFrameSize: choices & 32 != 0 ? 150 : .max,
            acceptsEitherMasking: choices & 64 != 0, isTraced: choices & 128 != 0,
            isCounted: step & 1 == 0)
        let whole = read(bytes, setup)
        let expected = ReferenceDecoder.decode(bytes, setup)
        try hold(whole.events == expected, "\(whole.events) is \(expected), which the reference reads")
        for places in cuts(of: bytes.count, step: step) {
            let reading = read(bytes, cuts: places, setup)
            try hold(reading.events == expected, "cut at \(places), \(reading.events) is \(expected)")
            try hold(reading.frames == whole.frames, "cut at \(places), the same frames are told")
            try hold(
                reading.mostKept <= MessageReader.streamingThreshold + FrameHeader.longest,
                "\(reading.mostKept) octets that the caller keeps are a threshold and a head at most")
        }
        return beginsWell(expected) ? ["frames"] : []
    }

    /// Whether something was read of a stream before what breaks it.
    private static func beginsWell(_ events: [Event]) -> Bool {
        switch events.first {
        case nil, .violation?: false
        case .message?, .ping?, .pong?, .close?: true
        }
    }

    /// The bound of a message; text or binary; where the stream is cut; the stream. What begins it is read as a handshake, too.
    static let rawSocket = FuzzTarget("rawsocket", longest: 20_000, kinds: ["stream", "handshake"]) { input in
        var input = InputReader(input)
        let limit = input.choice(of: [512, 16_384, 65_536, 1 << 24])
        let kind = input.choice(of: [MessageKind.text, .binary])
        let step = 1 + Int(input.octet())
        let bytes = Array(input.rest)
        let expected = ReferenceRawSocket.decode(bytes, kind, limit: limit)
        for places in [[]] + cuts(of: bytes.count, step: step) {
            var reader = MessageReader(rawSocket: kind, maxMessageSize: limit)
            let reading = read(bytes, cuts: places, with: &reader)
            try hold(reading.events == expected, "cut at \(places), \(reading.events) is \(expected)")
            try hold(
                reading.mostKept <= MessageReader.streamingThreshold + RawSocketHeader.count,
                "\(reading.mostKept) octets that the caller keeps are a threshold and a head at most")
        }
        let isHandshake = try checkHandshake(bytes)
        return (beginsWell(expected) ? ["stream"] : []) + (isHandshake ? ["handshake"] : [])
    }

    /// Whether it is one.
    private static func checkHandshake(_ bytes: [UInt8]) throws -> Bool {
        var isHandshake = false
        let isPossible = bytes.first ?? RawSocketHandshake.magic == RawSocketHandshake.magic
        let isShort = bytes.count < RawSocketHandshake.count
        switch RawSocketHandshake.request(bytes.span) {
        case .incomplete: try hold(isPossible && isShort, "\(bytes) is the beginning of a handshake")
        case .complete(let handshake):
            isHandshake = true
            var output = ByteBuffer()
            handshake.append(to: &output)
            try hold(output.span.copied() == Array(bytes.prefix(RawSocketHandshake.count)), "\(handshake) is \(bytes)")
        case .refused: try hold(isPossible && !isShort, "\(bytes) can be refused")
        case .foreign: try hold(!isPossible, "\(bytes) is foreign")
        }
        for serializer: UInt8 in [1, 2] {
            guard case .accepted(let answer) = RawSocketHandshake.answer(bytes.span, serializer: serializer) else {
                continue
            }
            try hold(answer.serializer == serializer, "\(answer) is of serializer \(serializer)")
            try hold(RawSocketHandshake.request(bytes.span) == .complete(answer), "\(answer) is what \(bytes) say")
        }
        return isHandshake
    }
}
