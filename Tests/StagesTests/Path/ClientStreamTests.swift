import RennbahnBytes
import RennbahnTestKit
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWebSocketDeflate
import Testing

@testable import RennbahnStages

struct ClientStreamTests {
    private func stream(_ input: StageInput) throws -> ClientStream {
        try ClientStream(input, try Agreement(input.deflate))
    }

    private func frames(_ stream: borrowing ClientStream) -> [WireFrame] {
        var rest = stream.wire.frames.bytes[...]
        var frames: [WireFrame] = []
        while !rest.isEmpty { frames.append(WireFrame(taking: &rest)) }
        return frames
    }

    @Test(arguments: Serializer.allCases, policies.keys.sorted())
    func `The frames are those of a client that publishes the payloads in turn`(
        serializer: Serializer, policy: String
    ) throws {
        let arguments = texts(serializer, size: 500, count: 6)
        let stream = try stream(
            StageInput(serializer: serializer, deflate: try #require(policies[policy]), payloads: arguments))
        let frames = frames(stream)
        #expect(frames.count == stream.count)
        var inflater = Inflater(windowBits: 15, contextTakeover: true)
        var pool = CodecPool()
        var message = ByteBuffer()
        for index in 0..<stream.wire.beforeCount {
            try inflater.inflate(stream.wire.before[index], into: &message, limit: 1 << 20, pool: &pool)
        }
        for (index, frame) in frames.enumerated() {
            #expect(frame.isMasked && frame.isText == (serializer == .json))
            #expect(frame.isCompressed == !["none", "disabled"].contains(policy))
            message.removeAll(keepingCapacity: true)
            if frame.isCompressed {
                try inflater.inflate(frame.payload.span, into: &message, limit: 1 << 20, pool: &pool)
            } else {
                message.append(frame.payload.span)
            }
            let (topic, sent) = (utf8("com.example.topic"), arguments[index % 6])
            var expected = ByteBuffer()
            MessageWriter.publish(
                serializer, request: RequestID(100_000 + UInt64(index)), acknowledge: false,
                topic: topic.span, payload: Payload(serializer: serializer, elements: 1),
                sent.span, into: &expected)
            #expect(message.bytes == expected.bytes)
        }
    }

    @Test func `With context takeover a stream is longer than the window, otherwise as long as the payloads`() throws {
        for size in [0, 32, 1024, 8192] {
            for serializer in Serializer.allCases {
                var input = StageInput(
                    serializer: serializer, deflate: DeflatePolicy(),
                    payloads: texts(serializer, size: size, count: 3))
                let stream = try stream(input)
                let frames = frames(stream)
                #expect(frames.count % 3 == 0 && frames.count * (input.payloads[0].count + 13) >= 1 << 15)
                #expect(stream.wire.beforeCount > 0)
                for without in [nil, DeflatePolicy(noContextTakeover: true, requestNoContextTakeover: true)] {
                    input.deflate = without
                    let shorter = try self.stream(input)
                    #expect(shorter.count == 3 && shorter.wire.beforeCount == 0)
                }
            }
        }
    }

    @Test func `Messages are compressed against those before them`() throws {
        let common = utf8("[\"all messages of this stream have this in common, and it is long enough to be found: ")
        let payloads = (0..<8).map { common + utf8("\($0)\"]") }
        let kept = try stream(StageInput(serializer: .json, deflate: DeflatePolicy(), payloads: payloads))
        let alone = try stream(
            StageInput(
                serializer: .json, deflate: DeflatePolicy(noContextTakeover: true, requestNoContextTakeover: true),
                payloads: payloads))
        // The very first of a stream, too: it comes behind the last one.
        for frame in frames(kept) { #expect(frame.payload.count < frames(alone)[0].payload.count / 3) }
    }
}
