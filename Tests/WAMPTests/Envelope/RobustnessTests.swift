import RennbahnBytes
import RennbahnTestKit
import RennbahnWAMP
import Testing

@Suite("Broken input of both serializers") struct RobustnessTests {
    @Test("A message cut off at any length is refused", arguments: Serializer.allCases)
    func truncation(serializer: Serializer) throws {
        for sample in ClientMessageTests.samples {
            let bytes = try message(sample.json, serializer)
            for length in 0..<bytes.count {
                #expect(clientViolation(Array(bytes[..<length]), serializer) != nil, "\(sample.json) \(length)")
            }
        }
        for sample in RouterMessageTests.samples {
            let bytes = try message(sample.json, serializer)
            for length in 0..<bytes.count {
                #expect(routerViolation(Array(bytes[..<length]), serializer) != nil, "\(sample.json) \(length)")
            }
        }
    }

    @Test("Garbage is refused and never traps", arguments: Serializer.allCases, [21, 22] as [UInt64])
    func garbage(serializer: Serializer, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var scanner = EnvelopeScanner()
        for _ in 0..<20_000 {
            var bytes = (0..<random.below(48)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            // Half of them start like a message, to come further.
            if random.oneIn(2) { bytes = (serializer == .json ? utf8("[16,1,{") : hex("951001")) + bytes }
            _ = try? scanner.scanClientMessage(bytes.span, serializer: serializer)
            _ = try? scanner.scanRouterMessage(bytes.span, serializer: serializer)
            _ = try? WAMPValue.decode(bytes.span, serializer: serializer)
            for elements: UInt8 in 0...2 {
                let payload = Payload(serializer: serializer, elements: elements)
                for target in Serializer.allCases {
                    var output = ByteBuffer()
                    try? Transcoder.transcode(payload, bytes.span, to: target, into: &output)
                }
                _ = PayloadStrings.firstString(in: bytes.span, payload: payload)
                _ = try? PayloadValues(payload, bytes.span)
            }
            for match in MatchPolicy.allCases { _ = URIRules.isValid(bytes.span, match: match) }
        }
    }

    @Test("Deep towers of every container never trap", arguments: Serializer.allCases)
    func towers(serializer: Serializer) {
        let heads = serializer == .json ? ["[", "{\"a\":"].map(utf8) : ["91", "8101", "80a161", "dd00000001"].map(hex)
        for head in heads {
            for levels in [1, 31, 32, 33, 126, 127, 128, 129, 130, 500] {
                let tower = Array(repeating: head, count: levels).flatMap { $0 }
                _ = try? decode(tower, serializer)
                for target in Serializer.allCases {
                    _ = try? transcoded(tower, elements: 1, from: serializer, to: target)
                }
                _ = clientViolation(tower, serializer)
            }
        }
    }

    @Test("A scanner that has refused a message reads the next as if nothing had been", arguments: Serializer.allCases)
    func reuse(serializer: Serializer) throws {
        var random = SeededGenerator(seed: 5)
        var scanner = EnvelopeScanner()
        for _ in 0..<2000 {
            let sample = ClientMessageTests.samples[random.below(ClientMessageTests.samples.count)]
            let bytes = try message(sample.json, serializer)
            let cut = Array(bytes[..<random.below(bytes.count)])
            _ = try? scanner.scanClientMessage(cut.span, serializer: serializer)
            #expect(try scanner.scanClientMessage(bytes.span, serializer: serializer).message == sample.message)
        }
    }
}
