import RennbahnBytes
import RennbahnWAMP
import RennbahnWorkload
import Testing

@testable import RennbahnLoadGenerator

/// What the payload of a message is, and which payloads are taken for it.
struct ArgumentsTests {
    private static let run: UInt64 = 9
    private let stamp = Stamp(sender: 2, sequence: 5, sentAt: 1)

    private func arguments(_ payload: PayloadContent, _ serializer: Serializer) -> Arguments {
        let workload = WorkloadParameters(scenario: .rpc(callers: 1, callees: 1), clients: 2, payload: payload)
        return Arguments(workload, serializer: serializer, run: Self.run)
    }

    private func octets(_ arguments: Arguments, _ stamp: Stamp) -> [UInt8] {
        arguments.write(stamp)
        return arguments.bytes.copied()
    }

    private func verify(_ arguments: Arguments, _ octets: [UInt8]) -> Result<Stamp, Stamp.Fault> {
        Result { () throws(Stamp.Fault) in try arguments.verify(octets.span, arguments.payload, run: Self.run) }
    }

    private static let kinds: [DocumentKind] = [.flags, .chat, .order, .binary, .stamp]

    private static func set(_ kind: DocumentKind) -> DocumentSet { .shipped(kind, seed: 1) }

    private func values(_ octets: [UInt8], _ serializer: Serializer) -> PayloadValues? {
        try? PayloadValues(Payload(serializer: serializer, elements: 1), octets.span)
    }

    private func encoded(_ values: PayloadValues, _ serializer: Serializer) -> [UInt8] {
        var buffer = ByteBuffer()
        _ = values.encode(serializer, into: &buffer)
        return buffer.span.copied()
    }

    @Test(arguments: Serializer.allCases, kinds)
    func `A payload is the stamped text and the document that is its turn`(
        serializer: Serializer, kind: DocumentKind
    ) throws {
        let set = Self.set(kind)
        let arguments = arguments(.documents(set), serializer)
        var seen: [[WAMPValue]] = []
        for sequence in UInt64(0)..<20 {
            let stamp = Stamp(sender: 2, sequence: sequence, sentAt: 1)
            let octets = octets(arguments, stamp)
            #expect(verify(arguments, octets) == .success(stamp))
            let values = try #require(self.values(octets, serializer)).arguments
            #expect(values[0].stringValue?.utf8.count == 32)
            seen.append(Array(values.dropFirst()))
        }
        let start = try #require(set.variants.isEmpty ? 0 : set.variants.firstIndex(of: seen[0][0]))
        for (index, documents) in seen.enumerated() {
            let due = set.variants.isEmpty ? [] : [set.variants[(start + index) % set.variants.count]]
            #expect(documents == due)
        }
    }

    @Test(arguments: Serializer.allCases, kinds)
    func `A flipped bit anywhere is damage, unless the values are the same`(
        serializer: Serializer, kind: DocumentKind
    ) throws {
        let set = Self.set(kind)
        let arguments = arguments(.documents(set), serializer)
        let sound = octets(arguments, stamp)
        let values = try #require(self.values(sound, serializer))
        var damaged = 0
        for index in sound.indices {
            var flipped = sound
            flipped[index] ^= 1 << UInt8(index % 8)
            if self.values(flipped, serializer) == values { continue }
            damaged += 1
            #expect(verify(arguments, flipped) == .failure(.corrupted), "octet \(index)")
        }
        #expect(damaged > sound.count * 9 / 10)
    }

    @Test(arguments: Serializer.allCases)
    func `A document that belongs to another message is damage`(serializer: Serializer) {
        let arguments = arguments(.documents(Self.set(.chat)), serializer)
        let (sound, next) = (octets(arguments, stamp), octets(arguments, Stamp(sender: 2, sequence: 6, sentAt: 1)))
        // In MsgPack a head of three octets stands before the text, in JSON one of two.
        let end = (serializer == .json ? 2 : 3) + Stamp.byteCount
        #expect(verify(arguments, Array(sound[..<end] + next[end...])) == .failure(.corrupted))
    }

    @Test(arguments: Serializer.allCases)
    func `What is cut off or added is damage`(serializer: Serializer) throws {
        for payload in [PayloadContent.documents(Self.set(.flags)), .documents(Self.set(.stamp)), .filler(bytes: 50)] {
            let arguments = arguments(payload, serializer)
            let sound = octets(arguments, stamp)
            #expect(verify(arguments, sound) == .success(stamp))
            for count in 0..<sound.count {
                #expect(verify(arguments, Array(sound.prefix(count))) == .failure(.corrupted), "\(count) octets")
            }
            var more = try #require(self.values(sound, serializer))
            more.arguments.append(1)
            #expect(verify(arguments, encoded(more, serializer)) == .failure(.corrupted))
        }
    }

    @Test(arguments: Serializer.allCases)
    func `The same values in other octets are no damage, nor is an empty dictionary behind them`(
        serializer: Serializer
    ) throws {
        let arguments = arguments(.documents(Self.set(.flags)), serializer)
        let sound = octets(arguments, stamp)
        var values = try #require(self.values(sound, serializer))
        let pairs = try #require(values.arguments[1].dictionaryValue).pairs
        values.arguments[1] = .dictionary(WAMPDictionary(pairs.reversed()))
        let other = encoded(values, serializer)
        #expect(other != sound && verify(arguments, other) == .success(stamp))

        let twoElements = Payload(serializer: serializer, elements: 2)
        func verified(_ keywords: [UInt8]) -> Stamp? {
            let octets = sound + keywords
            return try? arguments.verify(octets.span, twoElements, run: Self.run)
        }
        #expect(verified(serializer == .json ? Array(",{}".utf8) : [0x80]) == stamp)
        #expect(verified(serializer == .json ? Array(#",{"a":1}"#.utf8) : [0x81, 0xa1, 0x61, 1]) == nil)
    }

    /// A class, which expectations can hold.
    private final class Echo {
        private let writer: EchoWriter

        init(_ payload: PayloadContent, _ serializer: Serializer) {
            let workload = WorkloadParameters(scenario: .echo, clients: 2, payload: payload)
            writer = EchoWriter(workload, serializer: serializer, run: ArgumentsTests.run)
        }

        func octets(_ stamp: Stamp) -> [UInt8] {
            var buffer = ByteBuffer()
            writer.write(stamp, into: &buffer)
            return buffer.span.copied()
        }

        func verify(_ octets: [UInt8]) -> Stamp? { writer.verify(octets.span, run: ArgumentsTests.run) }
    }

    @Test(arguments: Serializer.allCases)
    func `An echo carries what a PUBLISH would, and is checked to the last octet`(serializer: Serializer) throws {
        for payload in [PayloadContent.documents(Self.set(.order)), .documents(Self.set(.stamp)), .filler(bytes: 50)] {
            let echo = Echo(payload, serializer)
            let sound = echo.octets(stamp)
            let list = octets(arguments(payload, serializer), stamp)
            #expect(sound.count - list.count == (serializer == .json ? 45 : 35))
            if payload.documents != nil {
                let message = try WAMPValue.decode(sound.span, serializer: serializer)
                #expect(message[4]?.listValue == values(list, serializer)?.arguments)
            }
            #expect(echo.verify(sound) == stamp)
            for index in sound.indices {
                var flipped = sound
                flipped[index] ^= 1
                #expect(echo.verify(flipped) == nil, "octet \(index)")
            }
            for count in 0..<sound.count { #expect(echo.verify(Array(sound.prefix(count))) == nil) }
            #expect(echo.verify(sound + [0x5d]) == nil)
        }
    }
}
