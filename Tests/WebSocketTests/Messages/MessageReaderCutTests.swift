import RennbahnBytes
import RennbahnReferences
import RennbahnTestKit
import RennbahnWebSocket
import Testing

@Suite("Message reader: every cut")
struct MessageReaderCutTests {
    /// Frames as a lively peer sends them; with some chance one of them breaks a rule.
    private func stream(_ random: inout SeededGenerator, _ setup: ReaderSetup, largest: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var isOpen = false
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let mask = setup.role == .server ? random.bytes(4) : nil
            let kind = Int.random(in: 0..<20, using: &random)
            if kind < 4 {
                let payload = random.bytes(Int.random(in: 0...125, using: &random))
                bytes += WireFrame(kind < 2 ? 0x89 : 0x8a, payload, mask: mask).bytes
                continue
            }
            if kind == 4 {
                bytes += fault(&random, mask)
                continue
            }
            let isFinal = Bool.random(using: &random)
            let isText = Bool.random(using: &random)
            let isCompressed = !isOpen && setup.compression && Bool.random(using: &random)
            let count = Bool.random(using: &random) ? Int.random(in: 0...200, using: &random) : largest
            let payload = isText ? text(&random, count) : random.bytes(count)
            let opcode: UInt8 = isOpen ? 0 : isText ? 1 : 2
            bytes += WireFrame(opcode | (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0), payload, mask: mask).bytes
            isOpen = !isFinal
        }
        // The stream may break off anywhere.
        return Bool.random(using: &random) ? bytes : Array(bytes.dropLast(Int.random(in: 0...20, using: &random)))
    }

    private func text(_ random: inout SeededGenerator, _ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += Array(["a", "κ", "€", "🏁"].randomElement(using: &random)!.utf8) }
        if Int.random(in: 0..<8, using: &random) == 0, !bytes.isEmpty {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0x80...0xff, using: &random)
        }
        return bytes
    }

    private func fault(_ random: inout SeededGenerator, _ mask: [UInt8]?) -> [UInt8] {
        var frame = WireFrame(random.bytes(1)[0], random.bytes(Int.random(in: 0...3, using: &random)), mask: mask)
        if Bool.random(using: &random) { frame.mask = mask == nil ? [1, 2, 3, 4] : nil }
        if Bool.random(using: &random) { frame.lengthOctets = [2, 8].randomElement(using: &random) }
        if Bool.random(using: &random) { frame.announced = random.next() }
        if let announced = frame.announced, announced > 125, frame.lengthOctets != 8 { frame.lengthOctets = 8 }
        return frame.bytes
    }

    private func setup(_ random: inout SeededGenerator) -> ReaderSetup {
        ReaderSetup(
            role: Bool.random(using: &random) ? .server : .client,
            maxMessageSize: [100, 300, 1 << 20].randomElement(using: &random)!,
            compression: Bool.random(using: &random), validatesText: Bool.random(using: &random),
            maxFrameSize: [150, .max, .max].randomElement(using: &random)!,
            acceptsEitherMasking: Bool.random(using: &random), isTraced: Bool.random(using: &random),
            isCounted: Bool.random(using: &random))
    }

    @Test("Whole, byte by byte and in random pieces, small frames give what the reference gives")
    func smallFrames() {
        for seed: UInt64 in 0..<1500 {
            var random = SeededGenerator(seed: seed)
            let setup = setup(&random)
            let bytes = stream(&random, setup, largest: 260)
            let expected = ReferenceDecoder.decode(bytes, setup)
            #expect(read(bytes, setup).events == expected, "seed \(seed), whole")
            #expect(
                read(bytes, cuts: byteByByte(of: bytes.count), setup).events == expected, "seed \(seed), byte by byte")
            for round in 0..<3 {
                let cuts = randomCuts(of: bytes.count, using: &random)
                #expect(read(bytes, cuts: cuts, setup).events == expected, "seed \(seed), random cuts \(round)")
            }
        }
    }

    @Test("A reader that is traced or counted tells each frame once, however it is cut; another tells none")
    func tracedFrames() {
        for seed: UInt64 in 0..<200 {
            var random = SeededGenerator(seed: seed)
            var bytes: [UInt8] = []
            var expected: [FrameHeader] = []
            var isOpen = false
            for index in 0..<8 {
                let isControl = Int.random(in: 0..<4, using: &random) == 0
                let isFinal = isControl || index == 7 || Bool.random(using: &random)
                let opcode: Opcode = isControl ? .ping : isOpen ? .continuation : .binary
                if !isControl { isOpen = !isFinal }
                let count = Int.random(in: 0...(isControl ? 125 : 300), using: &random)
                expected.append(
                    FrameHeader(opcode: opcode, isFinal: isFinal, maskKey: 0x37fa213d, payloadCount: count))
                bytes += WireFrame((isFinal ? 0x80 : 0) | opcode.rawValue, random.bytes(count)).bytes
            }
            let cuts = randomCuts(of: bytes.count, using: &random)
            for told in [ReaderSetup(isTraced: true), ReaderSetup(isCounted: true)] {
                #expect(read(bytes, told).frames == expected, "seed \(seed), whole")
                #expect(
                    read(bytes, cuts: byteByByte(of: bytes.count), told).frames == expected,
                    "seed \(seed), byte by byte")
                #expect(read(bytes, cuts: cuts, told).frames == expected, "seed \(seed), random cuts")
                #expect(read(bytes, cuts: cuts, told).events == read(bytes).events, "seed \(seed), what they are")
            }
            #expect(read(bytes, cuts: cuts).frames.isEmpty)
        }
    }

    @Test("Large frames give what the reference gives, and the caller never keeps more than the threshold and a head")
    func largeFrames() {
        for seed: UInt64 in 0..<60 {
            var random = SeededGenerator(seed: seed)
            let threshold = MessageReader.streamingThreshold
            let around = [125, 126, 65535, 65536, threshold, threshold + 1, 40_000]
            var setup = setup(&random)
            setup.maxMessageSize = 1 << 20
            let bytes = stream(&random, setup, largest: around.randomElement(using: &random)!)
            let expected = ReferenceDecoder.decode(bytes, setup)
            for round in 0..<4 {
                let cuts = round == 0 ? [] : randomCuts(of: bytes.count, using: &random)
                let reading = read(bytes, cuts: cuts, setup)
                #expect(reading.events == expected, "seed \(seed), round \(round)")
                #expect(reading.mostKept <= threshold + FrameHeader.longest, "seed \(seed)")
            }
        }
    }

    @Test("Every single cut of sizes around the limits of the length forms gives the same message")
    func lengthForms() {
        let threshold = MessageReader.streamingThreshold
        for count in [0, 1, 125, 126, 127, 65535, 65536, threshold, threshold + 1] {
            let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let bytes = WireFrame(0x82, payload).bytes + WireFrame(0x89, "p").bytes
            let expected: [Event] = [.message(.binary, compressed: false, payload), .ping([0x70])]
            let cuts = Set(0...20).union(bytes.count - 20...bytes.count).union([count / 2, threshold])
            for cut in cuts.sorted() where cut >= 0 && cut <= bytes.count {
                #expect(read(bytes, cuts: [cut]).events == expected, "\(count) octets, cut at \(cut)")
            }
        }
    }

    @Test("A mask keeps its phase over pieces and fragments of every length")
    func maskPhase() {
        let payload = (0..<67).map { UInt8(truncatingIfNeeded: $0) }
        let mask: [UInt8] = [0xa1, 0xb2, 0xc3, 0xd4]
        for first in 0...17 {
            let head = WireFrame(0x02, Array(payload[..<first]), mask: mask).bytes
            let bytes = head + WireFrame(0x80, Array(payload[first...]), mask: mask).bytes
            for cut in 0...bytes.count {
                let second = min(bytes.count, cut + 13)
                let events = read(bytes, cuts: [cut, second]).events
                #expect(events == [.message(.binary, compressed: false, payload)], "\(first), \(cut)")
            }
        }
    }

    @Test("Garbage never traps, and every cut reads the same from it")
    func garbage() {
        for seed: UInt64 in 0..<20_000 {
            var random = SeededGenerator(seed: seed ^ 0x6761_7262)
            let setup = setup(&random)
            var bytes = random.bytes(Int.random(in: 0...80, using: &random))
            // A plausible first octet gets further.
            if !bytes.isEmpty, Bool.random(using: &random) { bytes[0] &= 0x8f }
            let whole = read(bytes, setup).events
            let cuts = randomCuts(of: bytes.count, using: &random)
            #expect(whole == read(bytes, cuts: cuts, setup).events, "seed \(seed)")
            #expect(whole == ReferenceDecoder.decode(bytes, setup), "seed \(seed)")
        }
    }
}
