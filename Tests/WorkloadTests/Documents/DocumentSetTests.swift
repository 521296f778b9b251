import RennbahnWAMP
import Testing

@testable import RennbahnWorkload

struct DocumentSetTests {
    private let documents = DocumentSet(name: "two", variants: [["a": 1], ["abc": [1.5, true]]])

    private func stamp(_ sender: Int, _ sequence: UInt64) -> Stamp {
        Stamp(sender: sender, sequence: sequence, sentAt: 0)
    }

    @Test func `Sizes are those of the octets in each serializer`() {
        #expect(documents.octets(.json) == 7 + 18 && documents.meanOctets(.json) == 12.5)
        #expect(documents.octets(.msgpack) == 4 + 16 && documents.meanOctets(.msgpack) == 10)
        #expect(documents.largestOctets(.json) == 18 && documents.largestOctets(.msgpack) == 16)
        let stamp = DocumentSet.shipped(.stamp, seed: 1)
        #expect(stamp.octets(.json) == 0 && stamp.meanOctets(.json) == 0 && stamp.largestOctets(.msgpack) == 0)
    }

    @Test func `A sender goes through all variants in turn, and senders begin at different ones`() {
        for sender in [0, 1, Stamp.maximumSender] {
            let places = (0..<20).map { DocumentSet.variant(of: stamp(sender, $0), count: 7) }
            #expect(Set(places.prefix(7)) == Set(0..<7))
            #expect(zip(places, places.dropFirst()).allSatisfy { ($0 + 1) % 7 == $1 })
        }
        #expect(Set((0..<50).map { DocumentSet.variant(of: stamp($0, 0), count: 7) }) == Set(0..<7))
        #expect(DocumentSet.variant(of: stamp(Stamp.maximumSender, Stamp.maximumSequence), count: 1) == 0)
    }

    @Test func `A document is carried by the stamps whose turn it is`() {
        for sequence in UInt64(0)..<4 {
            let variant = DocumentSet.variant(of: stamp(3, sequence), count: 2)
            #expect(documents.isCarried(by: stamp(3, sequence), in: [documents.variants[variant]]))
            #expect(!documents.isCarried(by: stamp(3, sequence), in: [documents.variants[1 - variant]]))
            #expect(!documents.isCarried(by: stamp(3, sequence), in: []))
            #expect(!documents.isCarried(by: stamp(3, sequence), in: [documents.variants[variant], 1]))
        }
        let stampOnly = DocumentSet.shipped(.stamp, seed: 1)
        #expect(stampOnly.isCarried(by: stamp(0, 0), in: []) && !stampOnly.isCarried(by: stamp(0, 0), in: [1]))
    }

    @Test func `A document that has a key twice is carried by no message`() {
        let twice = WAMPValue.dictionary(WAMPDictionary([.init(key: "a", value: 1), .init(key: "a", value: 1)]))
        let both: WAMPValue = ["a": 1, "b": 1]
        for (variant, other) in [(twice, both), ([["c": twice]], [["c": both]])] as [(WAMPValue, WAMPValue)] {
            let documents = DocumentSet(name: "twice", variants: [variant])
            #expect(!documents.isCarried(by: stamp(0, 0), in: [variant]))
            #expect(!documents.isCarried(by: stamp(0, 0), in: [other]))
        }
    }

    @Test func `A payload's size counts its stamp and the largest document`() {
        let payload = PayloadContent.documents(documents)
        #expect(payload.largestBytes(.json) == 50 && payload.largestBytes(.msgpack) == 48)
        #expect(payload.nominalBytes == 45 && payload.name == "two" && payload.stampedBytes == 32)
        let filler = PayloadContent.filler(bytes: 100, .random)
        #expect(filler.largestBytes(.json) == 100 && filler.nominalBytes == 100 && filler.name == "100 B")
        #expect(filler.filler == .random && filler.documents == nil)
    }

    @Test func `A document that is too large in one serializer is a problem`() {
        var parameters = WorkloadParameters(scenario: .rpc(callers: 2, callees: 2), clients: 4)
        parameters.payload = .documents(documents)
        #expect(parameters.problems() == [])
        // Four octets each in JSON, nine in MsgPack.
        let numbers = [WAMPValue](repeating: 0.5, count: 2_000_000)
        parameters.payload = .documents(DocumentSet(name: "halves", variants: [.list(numbers)]))
        let octets = 32 + 5 + 9 * 2_000_000
        #expect(
            parameters.problems().map(\.description) == [
                "payload: a document of halves has \(octets) octets with its stamp, more than 16777216"
            ])
    }
}
