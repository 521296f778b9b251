import RennbahnBytes
import Testing

@testable import RennbahnWorkload

/// Whole messages of the user's, for servers that speak no WAMP.
struct MessageTemplateTests {
    private static let run: UInt64 = 0x12_3456
    private static let stamp = Stamp(sender: 7, sequence: 1234, sentAt: 99)

    private func template(_ text: String, isBinary: Bool = false) throws -> MessageTemplate {
        try MessageTemplate(parsing: Array(text.utf8), isBinary: isBinary)
    }

    private func problem(_ octets: [UInt8], isBinary: Bool = false) -> MessageTemplateProblem? {
        do throws(MessageTemplateProblem) {
            _ = try MessageTemplate(parsing: octets, isBinary: isBinary)
            return nil
        } catch {
            return error
        }
    }

    private func written(_ text: String, _ stamp: Stamp = MessageTemplateTests.stamp) throws -> [UInt8] {
        let writer = MessageTemplateWriter(try template(text), run: Self.run)
        var buffer = ByteBuffer()
        writer.write(stamp, into: &buffer)
        return buffer.span.copied()
    }

    private var stampText: [UInt8] {
        var buffer = ByteBuffer()
        PayloadWriter(payloadBytes: 32, filler: .text, run: Self.run, seed: 0).write(Self.stamp, into: &buffer)
        return buffer.span.copied()
    }

    @Test func `Placeholders are filled in, and all other braces stay`() throws {
        #expect(
            try written(
                #"{"type":"ping","id":{sequence},"by":"{client}","a":{},"b":{"sequence":1},"c":"{}{ sequence}{Sequence}"}"#
            )
                == Array(
                    #"{"type":"ping","id":1234,"by":"7","a":{},"b":{"sequence":1},"c":"{}{ sequence}{Sequence}"}"#.utf8)
        )
        #expect(try written("{stamp}") == stampText)
        #expect(try written("{{sequence}}{stamp}{client}") == Array("{1234}".utf8) + stampText + Array("7".utf8))
        #expect(try written("{sequence") == Array("{sequence".utf8))
        #expect(try written("a{") == Array("a{".utf8))
        let most = Stamp(sender: Stamp.maximumSender, sequence: Stamp.maximumSequence, sentAt: Stamp.maximumTime)
        let whole = try template("{client} {sequence} {stamp}")
        #expect(try written("{client} {sequence} {stamp}", most).count <= whole.largestOctets)
        #expect(whole.nominalOctets == 36 && whole.hasStamp)
        #expect(try !template("{client}").hasStamp)
    }

    @Test func `What is no template is told`() throws {
        #expect(problem([]) == .empty)
        #expect(problem(Array("a{sequnce}".utf8)) == .unknown("sequnce"))
        #expect(problem([0xff]) == .notUTF8)
        #expect(problem([0xc3]) == .notUTF8)
        #expect(problem([0xff, 0xc3], isBinary: true) == nil)
        #expect(problem(Array(repeating: 0x20, count: MessageTemplate.maximumOctets)) == nil)
        #expect(
            problem(Array(repeating: 0x20, count: MessageTemplate.maximumOctets + 1))
                == .tooLarge(MessageTemplate.maximumOctets + 1))
        #expect("\(MessageTemplateProblem.unknown("x"))" == "{x} is not one of {stamp}, {sequence}, {client}")
    }

    /// A class, which expectations can hold.
    private final class Reader {
        private var writer: MessageTemplateWriter

        init(_ template: MessageTemplate) { writer = MessageTemplateWriter(template, run: MessageTemplateTests.run) }

        func stamp(in octets: [UInt8]) -> Stamp? { writer.stamp(in: octets.span) }

        func matches(_ stamp: Stamp, _ octets: [UInt8]) -> Bool { writer.matches(stamp, octets.span) }
    }

    @Test func `A stamp is found wherever it stands in an answer, and nowhere else`() throws {
        let reader = Reader(try template("{stamp}"))
        let text = stampText
        for before in [0, 1, 5, 40, 3, 0] {
            for behind in [0, 1, 33] {
                let answer =
                    Array(repeating: UInt8(ascii: "a"), count: before) + text
                    + Array(repeating: UInt8(ascii: "b"), count: behind)
                #expect(reader.stamp(in: answer) == Self.stamp)
            }
        }
        #expect(reader.stamp(in: []) == nil)
        for cut in 1..<text.count {
            #expect(reader.stamp(in: Array(text.prefix(cut))) == nil)
            #expect(reader.stamp(in: Array(text.suffix(text.count - cut))) == nil)
            var damaged = text
            damaged[cut] ^= 1
            #expect(reader.stamp(in: damaged) == nil)
        }
        var other = ByteBuffer()
        PayloadWriter(payloadBytes: 32, filler: .text, run: Self.run + 1, seed: 0).write(Self.stamp, into: &other)
        #expect(reader.stamp(in: other.span.copied()) == nil, "of another run")
    }

    @Test func `An answer that is to be the message is compared to the last octet`() throws {
        let text = #"{"n":{sequence},"s":"{stamp}"}"#
        let reader = Reader(try template(text))
        let sound = try written(text)
        #expect(reader.matches(Self.stamp, sound))
        for index in sound.indices {
            var damaged = sound
            damaged[index] ^= 1
            #expect(!reader.matches(Self.stamp, damaged))
            #expect(!reader.matches(Self.stamp, Array(sound.prefix(index))))
        }
        #expect(!reader.matches(Self.stamp, sound + [0]))
    }
}
