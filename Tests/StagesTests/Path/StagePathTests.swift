import RennbahnBytes
import RennbahnTestKit
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWebSocketDeflate
import Testing

@testable import RennbahnStages

struct StagePathTests {
    /// Each frame that the path makes for the subscriber.
    private func frames(_ input: StageInput) throws -> [[UInt8]] {
        var frames: [[UInt8]] = []
        _ = try StagePath.make(input, .repeatable) { (index, frame) throws(StageFailure) in
            #expect(index == frames.count)
            frames.append(frame.copied())
        }
        return frames
    }

    /// What a receiver with context reads in frames.
    private func messages(_ frames: [WireFrame]) throws -> [[UInt8]] {
        var inflater = Inflater(windowBits: 15, contextTakeover: true)
        var pool = CodecPool()
        return try frames.map { frame in
            guard frame.isCompressed else { return frame.payload }
            var message = ByteBuffer()
            try inflater.inflate(frame.payload.span, into: &message, limit: 1 << 20, pool: &pool)
            return message.bytes
        }
    }

    private func expectEvent(_ message: [UInt8], _ serializer: Serializer, _ arguments: [UInt8], elements: UInt8) {
        switch serializer {
        case .json:
            let tail = arguments.isEmpty ? ",{}]" : ",{}," + text(arguments) + "]"
            #expect(text(message).hasPrefix("[36,1,") && text(message).hasSuffix(tail))
        case .msgpack:
            #expect(message.starts(with: [0x94 + elements, 36, 1, 0xcf]))
            #expect(message.suffix(arguments.count + 1) == [0x80] + arguments)
        }
    }

    @Test(arguments: Serializer.allCases, policies.keys.sorted())
    func `A subscriber gets an EVENT with the arguments of each PUBLISH`(serializer: Serializer, policy: String) throws
    {
        for size in [32, 1024, 8192] {
            let arguments = texts(serializer, size: size, count: 5)
            let input = StageInput(
                serializer: serializer, deflate: try #require(policies[policy]), payloads: arguments)
            let frames = try frames(input).map { WireFrame($0) }
            let messages = try messages(frames)
            #expect(messages.count % 5 == 0)
            for (index, message) in messages.enumerated() {
                #expect(!frames[index].isMasked && frames[index].isText == (serializer == .json))
                #expect(frames[index].isCompressed == !["none", "disabled"].contains(policy))
                expectEvent(message, serializer, arguments[index % 5], elements: 1)
            }
        }
    }

    @Test(arguments: Serializer.allCases, policies.keys.sorted())
    func `Empty arguments and both kinds of arguments are sent`(serializer: Serializer, policy: String) throws {
        let both = serializer == .json ? utf8(#"[1],{"a":2}"#) : [0x91, 1, 0x81, 0xa1, 0x61, 2]
        for (arguments, elements) in [([], 0), (both, 2)] as [([UInt8], UInt8)] {
            let input = StageInput(
                serializer: serializer, deflate: try #require(policies[policy]), payloads: [arguments])
            let messages = try messages(try frames(input).map { WireFrame($0) })
            for message in messages { expectEvent(message, serializer, arguments, elements: elements) }
            var path = try StagePath.checked(input, .random)
            for stage in path.parts { try path.run(stage, 2 * path.messages) }
        }
    }

    @Test(arguments: Serializer.allCases, policies.keys.sorted())
    func `What inflate gives is what was sent, however often the stream comes again`(
        serializer: Serializer, policy: String
    ) throws {
        let input = StageInput(
            serializer: serializer, deflate: try #require(policies[policy]),
            payloads: texts(serializer, size: 300, count: 7))
        var path = try StagePath.checked(input, .repeatable)
        guard path.parts.contains(.inflate) else { return }
        for number in 0..<(3 * path.messages) {
            try path.run(.inflate, 1)
            let expected = path.client.publishes[number % path.messages].copied()
            #expect(path.inflating.message.bytes == expected, "message \(number) of \(path.messages)")
        }
    }

    @Test(arguments: policies.keys.sorted())
    func `There are stages for what is compressed only where something is`(policy: String) throws {
        let input = StageInput(
            serializer: .json, deflate: try #require(policies[policy]), payloads: texts(.json, size: 32, count: 2))
        let path = try StagePath.checked(input, .repeatable)
        let isCompressed = !["none", "disabled"].contains(policy)
        #expect(path.parts == (isCompressed ? Stage.allCases : [.frame, .scan, .route, .build]))
    }

    @Test func `A message below the threshold goes as it is, each way`() throws {
        var policy = DeflatePolicy()
        policy.threshold = 200
        let arguments = [texts(.json, size: 32, count: 1)[0], texts(.json, size: 1024, count: 1)[0]]
        let input = StageInput(serializer: .json, deflate: policy, payloads: arguments)
        let frames = try frames(input).map { WireFrame($0) }
        for (index, frame) in frames.enumerated() { #expect(frame.isCompressed == (index % 2 == 1)) }
        for (index, message) in try messages(frames).enumerated() {
            expectEvent(message, .json, arguments[index % 2], elements: 1)
        }
        policy.threshold = 2000
        let path = try StagePath.checked(
            StageInput(serializer: .json, deflate: policy, payloads: arguments), .repeatable)
        #expect(path.parts == [.frame, .scan, .route, .build])
    }

    @Test func `With repeatable ids two paths make the same octets, otherwise others`() throws {
        let input = StageInput(
            serializer: .json, deflate: DeflatePolicy(), payloads: texts(.json, size: 20, count: 3))
        #expect(try frames(input) == frames(input))
        var random: [[UInt8]] = []
        _ = try StagePath.make(input, .random) { (_, frame) throws(StageFailure) in random.append(frame.copied()) }
        #expect(try frames(input) != random)
        let messages = try messages(try frames(input).map { WireFrame($0) })
        let publications = messages.map { text($0).split(separator: ",")[2] }
        #expect(Set(publications).count == publications.count)
        #expect(publications.allSatisfy { $0.count == 16 })
    }

    // MARK: Wrong input

    @Test(arguments: [
        "x", "[", "[1", "[1]]", "[1],[2]", "[1],{},3", "{}", "1", " [1]", "[1] ", "[1],", "[1]],[16,1,{},\"a\",[1]",
        "\u{0}",
    ])
    func `Arguments that are no JSON, or would be another message, are an error`(arguments: String) {
        #expect(throws: StageFailure.wrongArguments(1, .json)) {
            _ = try StagePath.checked(
                StageInput(serializer: .json, deflate: nil, payloads: [utf8("[1]"), utf8(arguments)]), .repeatable)
        }
    }

    @Test func `Text that is not UTF-8 is an error`() {
        #expect(throws: StageFailure.wrongArguments(0, .json)) {
            _ = try StagePath.checked(
                StageInput(serializer: .json, deflate: nil, payloads: [utf8("[\"") + [0xff] + utf8("\"]")]), .random)
        }
    }

    @Test(arguments: [
        [0xc1], [0x91], [0x92, 1], [0x91, 1, 1], [0x91, 1, 0x80, 0xc0], [0x80], [0xdb, 0xff, 0xff, 0xff, 0xff],
    ])
    func `Arguments that are no MsgPack are an error`(arguments: [UInt8]) {
        #expect(throws: StageFailure.wrongArguments(0, .msgpack)) {
            _ = try StagePath.checked(
                StageInput(serializer: .msgpack, deflate: DeflatePolicy(), payloads: [arguments]), .repeatable)
        }
    }

    @Test func `Messages that no router takes, and policies that do not agree, are errors`() {
        let large = utf8("[\"") + [UInt8](repeating: 0x61, count: 16 << 20) + utf8("\"]")
        #expect(throws: StageFailure.tooLarge(1)) {
            _ = try StagePath.checked(
                StageInput(serializer: .json, deflate: nil, payloads: [utf8("[]"), large]), .repeatable)
        }
        let policy = DeflatePolicy(noContextTakeover: false, requestNoContextTakeover: true)
        #expect(throws: StageFailure.noAgreement) {
            _ = try StagePath.checked(
                StageInput(serializer: .json, deflate: policy, payloads: [utf8("[]")]), .repeatable)
        }
    }

    @Test func `What is said of a failure has no name of a case in it`() {
        let failures: [StageFailure] = [
            .noPayloads, .wrongArguments(0, .msgpack), .tooLarge(1), .noAgreement, .wrongOutcome(.scan),
            .clockStandsStill,
        ]
        for failure in failures { #expect("\(failure)".firstMatch(of: /[a-z][A-Z]/) == nil, "\(failure)") }
    }
}
