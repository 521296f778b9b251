import RennbahnBytes
import RennbahnWAMP
import Testing

@testable import RennbahnWorkload

/// What follows the stamped text.
struct ContinuationsTests {
    private let documents = DocumentSet(name: "two", variants: [["a": 1], "text"])

    /// Of sender 0; a class, which expectations can hold.
    private final class Sender {
        private let continuations: Continuations

        init(_ documents: DocumentSet?, _ serializer: Serializer, closing: StaticString) {
            continuations = Continuations(documents, serializer: serializer, closing: closing)
        }

        init() {
            continuations = Continuations()
        }

        func octets(_ sequence: UInt64) -> [UInt8] {
            var buffer = ByteBuffer()
            continuations.append(of: Stamp(sender: 0, sequence: sequence, sentAt: 9), to: &buffer)
            return buffer.span.copied()
        }

        func matches(_ octets: [UInt8], _ sequence: UInt64) -> Bool {
            continuations.matches(Stamp(sender: 0, sequence: sequence, sentAt: 0), octets.span)
        }
    }

    /// The sequence number of the message that carries the first variant.
    private var first: UInt64 {
        DocumentSet.variant(of: Stamp(sender: 0, sequence: 0, sentAt: 0), count: 2) == 0 ? 0 : 1
    }

    @Test func `In JSON a document stands between a comma and what closes, in MsgPack alone`() {
        let json = Sender(documents, .json, closing: "]]")
        #expect(json.octets(first) == Array(#"",{"a":1}]]"#.utf8))
        #expect(json.octets(first + 1) == Array(#"","text"]]"#.utf8))
        let msgpack = Sender(documents, .msgpack, closing: "]]")
        #expect(msgpack.octets(first) == [0x81, 0xa1, 0x61, 1])
        #expect(msgpack.octets(first + 1) == [0xa4] + Array("text".utf8))
    }

    @Test func `Without a document only what closes follows, or nothing`() {
        for documents in [nil, DocumentSet.shipped(.stamp, seed: 1)] {
            #expect(Sender(documents, .json, closing: "]").octets(5) == Array(#""]"#.utf8))
            #expect(Sender(documents, .msgpack, closing: "]").octets(5) == [])
        }
        #expect(Sender().octets(7) == [])
    }

    @Test(arguments: Serializer.allCases) func `What was appended matches, and nothing else`(serializer: Serializer) {
        let sender = Sender(documents, serializer, closing: "]")
        for sequence in UInt64(0)..<4 {
            let sound = sender.octets(sequence)
            #expect(sender.matches(sound, sequence) && !sender.matches(sound, sequence + 1))
            #expect(
                !sender.matches(Array(sound.dropLast()), sequence) && !sender.matches(sound + [0], sequence)
                    && !sender.matches([], sequence)
            )
            for index in sound.indices {
                var flipped = sound
                flipped[index] ^= 1 << UInt8(index % 8)
                #expect(!sender.matches(flipped, sequence))
            }
        }
    }
}
