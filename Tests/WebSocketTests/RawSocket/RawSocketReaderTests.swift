import RennbahnBytes
import RennbahnReferences
import RennbahnTestKit
import RennbahnWebSocket
import Testing

@Suite("RawSocket: frames")
struct RawSocketReaderTests {
    private func read(_ bytes: [UInt8], _ kind: MessageKind, limit: Int, cuts: [Int] = []) -> Reading {
        var reader = MessageReader(rawSocket: kind, maxMessageSize: limit)
        return RennbahnReferences.read(bytes, cuts: cuts, with: &reader)
    }

    private func frame(_ type: RawSocketFrame, _ payload: [UInt8]) -> [UInt8] {
        var bytes = ByteBuffer()
        RawSocketHeader(type, payloadCount: payload.count).append(to: &bytes)
        return bytes.span.copied() + payload
    }

    private func stream(_ random: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let type = RawSocketFrame.allCases.randomElement(using: &random)!
            let sizes = [0, 1, 3, 100, 511, 512, 513, 16_383, 16_384, 16_385, 40_000]
            var head = frame(type, random.bytes(sizes.randomElement(using: &random)!))
            if Int.random(in: 0..<12, using: &random) == 0 { head[0] = random.bytes(1)[0] }
            bytes += head
        }
        return Bool.random(using: &random) ? bytes : Array(bytes.dropLast(Int.random(in: 0...20, using: &random)))
    }

    @Test("Whole, in random pieces and byte by byte, streams give what the reference gives")
    func streams() {
        for seed: UInt64 in 0..<300 {
            var random = SeededGenerator(seed: seed)
            let bytes = stream(&random)
            let limit = [512, 16_384, 65_536, 1 << 24].randomElement(using: &random)!
            let kind = Bool.random(using: &random) ? MessageKind.text : .binary
            let expected = ReferenceRawSocket.decode(bytes, kind, limit: limit)
            #expect(read(bytes, kind, limit: limit).events == expected, "seed \(seed), whole")
            for round in 0..<3 {
                let cuts = randomCuts(of: bytes.count, most: 12, using: &random)
                let reading = read(bytes, kind, limit: limit, cuts: cuts)
                #expect(reading.events == expected, "seed \(seed), round \(round)")
                #expect(reading.mostKept <= 16_384 + 4, "seed \(seed)")
            }
            guard bytes.count < 2000 else { continue }
            let cuts = byteByByte(of: bytes.count)
            #expect(read(bytes, kind, limit: limit, cuts: cuts).events == expected, "seed \(seed), byte by byte")
        }
    }

    @Test("Every cut of a message, a ping and another message gives the same")
    func everyCut() {
        let bytes = frame(.message, Array("[1]".utf8)) + frame(.ping, [7, 8]) + frame(.message, []) + frame(.pong, [9])
        let expected: [Event] = [
            .message(.text, compressed: false, Array("[1]".utf8)), .ping([7, 8]),
            .message(.text, compressed: false, []),
            .pong([9]),
        ]
        for cut in 0...bytes.count {
            #expect(read(bytes, .text, limit: 512, cuts: [cut]).events == expected, "\(cut)")
        }
    }

    @Test("Every first octet is a type, a reserved type or a reserved bit")
    func firstOctets() {
        for first in UInt8.min...UInt8.max {
            let bytes = [first, 0, 0, 0]
            let whole = read(bytes, .binary, limit: 512).events
            #expect(whole == ReferenceRawSocket.decode(bytes, .binary, limit: 512), "\(first)")
            let alone = read([first], .binary, limit: 512).events
            #expect(alone == ReferenceRawSocket.decode([first], .binary, limit: 512), "\(first) alone")
            // As long as a masked frame of WebSocket is, which it would be read as by the short way.
            let long = [first, 0x80, 0, 0, 0, 0, 0, 0]
            let events = read(long, .binary, limit: 512).events
            #expect(events == ReferenceRawSocket.decode(long, .binary, limit: 512), "\(first), eight octets")
        }
    }

    @Test("A message at the limit passes, one above fails by its head alone")
    func limits() {
        for limit in [512, 1024, 65_536] {
            let exact = frame(.message, [UInt8](repeating: 1, count: limit))
            #expect(read(exact, .binary, limit: limit).events.count == 1)
            let head = Array(frame(.message, [UInt8](repeating: 1, count: limit + 1))[..<4])
            #expect(read(head, .binary, limit: limit).events == [.violation(.messageTooBig)])
        }
    }

    @Test("2^24 octets have a head of their own")
    func longest() {
        var bytes = frame(.message, [UInt8](repeating: 0x5a, count: 1 << 24))
        #expect(Array(bytes[..<4]) == [8, 0, 0, 0])
        let reading = read(bytes, .binary, limit: 1 << 24, cuts: [3, 1000, 1 << 20])
        #expect(reading.events == [.message(.binary, compressed: false, Array(bytes[4...]))])
        bytes[3] = 1
        #expect(read(bytes, .binary, limit: 1 << 24).events == [.violation(.lengthNotMinimal)])
    }

    @Test("Garbage never traps, and every cut reads the same from it")
    func garbage() {
        for seed: UInt64 in 0..<10_000 {
            var random = SeededGenerator(seed: seed ^ 0x7261_77)
            var bytes = random.bytes(Int.random(in: 0...60, using: &random))
            for index in bytes.indices where index % 5 < 2 { bytes[index] &= 3 }
            let expected = ReferenceRawSocket.decode(bytes, .text, limit: 512)
            #expect(read(bytes, .text, limit: 512).events == expected, "seed \(seed)")
            #expect(
                read(bytes, .text, limit: 512, cuts: byteByByte(of: bytes.count)).events == expected, "seed \(seed)")
        }
    }

    @Test("A reader for RawSocket takes no room that one for WebSocket does not")
    func size() {
        #expect(MemoryLayout<MessageReader>.size <= 144)
    }
}
