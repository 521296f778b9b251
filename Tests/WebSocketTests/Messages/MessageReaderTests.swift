import RennbahnBytes
import RennbahnReferences
import RennbahnWebSocket
import Testing

@Suite("Message reader: rules")
struct MessageReaderTests {
    private func violation(_ frames: [WireFrame], _ setup: ReaderSetup = ReaderSetup()) -> ProtocolViolation? {
        let bytes = frames.flatMap(\.bytes)
        let whole = read(bytes, setup).events
        #expect(whole == read(bytes, cuts: Array(1..<max(1, bytes.count)), setup).events)
        guard case .violation(let violation) = whole.last else { return nil }
        return violation
    }

    private func read(_ bytes: [UInt8], cuts: [Int] = [], _ setup: ReaderSetup = ReaderSetup()) -> Reading {
        RennbahnReferences.read(bytes, cuts: cuts, setup)
    }

    @Test("The masked example of RFC 6455, section 5.7, is read in place")
    func example() {
        let reading = read([0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58])
        #expect(reading.events == [.message(.text, compressed: false, Array("Hello".utf8))])
        #expect(reading.inPlace == 1)
        #expect(reading.mostOwned == 0)
    }

    @Test("The unmasked examples of section 5.7 are read by a client")
    func clientExamples() {
        let setup = ReaderSetup(role: .client)
        let bytes: [UInt8] = [0x01, 0x03, 0x48, 0x65, 0x6c, 0x89, 0x01, 0x21, 0x80, 0x02, 0x6c, 0x6f]
        #expect(read(bytes, setup).events == [.ping([0x21]), .message(.text, compressed: false, Array("Hello".utf8))])
        let large = [UInt8](repeating: 1, count: 65536)
        let events = read([0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0] + large, setup).events
        #expect(events == [.message(.binary, compressed: false, large)])
    }

    @Test("Frames must be masked by clients and must not be by servers, unless the rule is off")
    func maskingRule() {
        let masked = [WireFrame(0x81, "x")]
        let plain = [WireFrame(0x81, "x", mask: nil)]
        #expect(violation(masked, ReaderSetup(role: .server)) == nil)
        #expect(violation(plain, ReaderSetup(role: .server)) == .unmaskedClientFrame)
        #expect(violation(plain, ReaderSetup(role: .client)) == nil)
        #expect(violation(masked, ReaderSetup(role: .client)) == .maskedServerFrame)
        for role in [Role.client, .server] {
            let setup = ReaderSetup(role: role, acceptsEitherMasking: true)
            let events = read((masked + plain).flatMap(\.bytes), setup).events
            #expect(events == [Event](repeating: .message(.text, compressed: false, [0x78]), count: 2))
        }
    }

    @Test("RSV1 needs the extension, and stands on the first data frame only")
    func compressionBit() {
        #expect(violation([WireFrame(0xc2, "x")]) == .compressionNotNegotiated)
        let setup = ReaderSetup(compression: true)
        #expect(violation([WireFrame(0xc2, "x")], setup) == nil)
        #expect(violation([WireFrame(0x42, "x"), WireFrame(0xc0, "y")], setup) == .compressedContinuation)
        #expect(violation([WireFrame(0x42, "x"), WireFrame(0xc9, "y")], setup) == .compressedControlFrame)
        let events = read([WireFrame(0x41, [0xff]), WireFrame(0x80, "y")].flatMap(\.bytes), setup).events
        #expect(events == [.message(.text, compressed: true, [0xff, 0x79])])
        #expect(read(WireFrame(0x82, "y").bytes, setup).events == [.message(.binary, compressed: false, [0x79])])
    }

    @Test("Fragments come in order: a first, continuations, a final one")
    func fragmentOrder() {
        #expect(violation([WireFrame(0x80, "x")]) == .unexpectedContinuation)
        #expect(violation([WireFrame(0x00, "x")]) == .unexpectedContinuation)
        #expect(violation([WireFrame(0x01, "x"), WireFrame(0x81, "y")]) == .interruptedMessage)
        #expect(violation([WireFrame(0x01, "x"), WireFrame(0x02, "y")]) == .interruptedMessage)
        #expect(violation([WireFrame(0x81, "x"), WireFrame(0x80, "y")]) == .unexpectedContinuation)
    }

    @Test("Control frames may stand between fragments, empty fragments are legal")
    func interleavedControl() {
        let frames = [
            WireFrame(0x02), WireFrame(0x89, "p"), WireFrame(0x00, "ab"), WireFrame(0x8a, "q"), WireFrame(0x00),
            WireFrame(0x89), WireFrame(0x80), WireFrame(0x82, "z"),
        ]
        let events = read(frames.flatMap(\.bytes)).events
        #expect(
            events == [
                .ping([0x70]), .pong([0x71]), .ping([]), .message(.binary, compressed: false, [0x61, 0x62]),
                .message(.binary, compressed: false, [0x7a]),
            ])
    }

    @Test("A message and a frame that are too big are refused as soon as the head says so")
    func sizes() {
        var setup = ReaderSetup(maxMessageSize: 1000)
        #expect(violation([WireFrame(0x82, [UInt8](repeating: 1, count: 1000))], setup) == nil)
        var announced = WireFrame(0x82)
        announced.announced = 1001
        #expect(violation([announced], setup) == .messageTooBig)
        announced.announced = UInt64(Int.max)
        #expect(violation([announced], setup) == .messageTooBig)
        var rest = WireFrame(0x80)
        rest.announced = 401
        #expect(violation([WireFrame(0x02, [UInt8](repeating: 1, count: 600)), rest], setup) == .messageTooBig)
        rest.announced = 400
        #expect(violation([WireFrame(0x02, [UInt8](repeating: 1, count: 600)), rest], setup) == nil)
        setup = ReaderSetup(maxMessageSize: .max, maxFrameSize: 10)
        announced.announced = 11
        #expect(violation([announced], setup) == .frameTooBig)
        // A control frame is no part of the message.
        setup = ReaderSetup(maxMessageSize: 0, maxFrameSize: 0)
        #expect(violation([WireFrame(0x89, "ping"), WireFrame(0x82)], setup) == nil)
        // Without a limit the longest length and its sum with another do not overflow.
        announced.announced = UInt64(Int.max)
        #expect(violation([announced], ReaderSetup(maxMessageSize: .max)) == nil)
        var continuation = WireFrame(0x00)
        continuation.announced = UInt64(Int.max)
        #expect(violation([WireFrame(0x02, "x"), continuation], ReaderSetup(maxMessageSize: .max)) == .messageTooBig)
    }

    @Test("A frame above the threshold is collected as it comes, one at the threshold stays with the caller")
    func streaming() {
        let threshold = MessageReader.streamingThreshold
        for count in [threshold - 1, threshold, threshold + 1] {
            let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let bytes = WireFrame(0x82, payload).bytes
            let reading = read(bytes, cuts: [9, bytes.count - 1])
            #expect(reading.events == [.message(.binary, compressed: false, payload)])
            #expect(reading.inPlace == (count > threshold ? 0 : 1))
            #expect(reading.mostKept == (count > threshold ? 0 : bytes.count - 1))
            #expect((reading.mostOwned > 0) == (count > threshold))
            #expect(reading.ownedAtEnd == 0)
        }
    }

    @Test("Memory grows with what came, not with what was announced")
    func announcedSize() {
        var frame = WireFrame(0x82, [UInt8](repeating: 1, count: 1000))
        frame.announced = 1 << 40
        let reading = read(frame.bytes, cuts: [100, 500], ReaderSetup(maxMessageSize: .max))
        #expect(reading.events.isEmpty)
        #expect((1000...2048).contains(reading.mostOwned))
    }

    @Test("A collected message that was taken leaves no memory, and one that was not gives way to the next")
    func taking() throws {
        var reader = ReaderSetup().reader()
        func feed(_ frame: WireFrame) throws -> Inbound? {
            var buffer = ByteBuffer()
            let bytes = frame.bytes
            buffer.append(bytes.span)
            var window = 0..<buffer.count
            return try reader.next(in: &buffer, window: &window)
        }
        #expect(try feed(WireFrame(0x02, "ab")) == nil)
        #expect(try feed(WireFrame(0x80, "c")) == .message(.binary, compressed: false, .assembly))
        #expect(reader.taken() == Array("abc".utf8))
        #expect(reader.taken().isEmpty && reader.ownedMemory == 0)
        _ = try feed(WireFrame(0x02, [UInt8](repeating: 1, count: 100_000)))
        _ = try feed(WireFrame(0x80))
        #expect(reader.ownedMemory >= 100_000)
        _ = try feed(WireFrame(0x02, "d"))
        _ = try feed(WireFrame(0x80, "e"))
        #expect(reader.taken() == Array("de".utf8))
        #expect(reader.ownedMemory == 0)
    }

    @Test("A limit that is changed holds for the next frame, also of a message that has begun, which the reader tells")
    func changedLimit() throws {
        var reader = ReaderSetup(maxMessageSize: 10).reader()
        func feed(_ head: UInt8, _ count: Int) throws -> Inbound? {
            var buffer = ByteBuffer()
            let bytes = WireFrame(head, [UInt8](repeating: 1, count: count)).bytes
            buffer.append(bytes.span)
            var window = 0..<buffer.count
            return try reader.next(in: &buffer, window: &window)
        }
        #expect(try feed(0x82, 10) != nil)
        reader.limitMessages(to: 200)
        #expect(try feed(0x82, 200) != nil)
        #expect(reader.isInsideMessage == false)
        #expect(try feed(0x02, 150) == nil)
        #expect(reader.isInsideMessage == true)
        #expect(reader.collectedCount == 150)
        reader.limitMessages(to: 100)
        var violation: ProtocolViolation?
        do { _ = try feed(0x80, 1) } catch { violation = error as? ProtocolViolation }
        #expect(violation == .messageTooBig)
        #expect(reader.isInsideMessage == false)
    }

    @Test("A collected message stays readable until it is taken, whatever control frames come")
    func assemblyLifetime() throws {
        var reader = ReaderSetup().reader()
        var buffer = ByteBuffer()
        let bytes = [WireFrame(0x02, "ab"), WireFrame(0x80, "c"), WireFrame(0x89, "p")].flatMap(\.bytes)
        buffer.append(bytes.span)
        var window = 0..<buffer.count
        #expect(try reader.next(in: &buffer, window: &window) == .message(.binary, compressed: false, .assembly))
        guard case .ping = try reader.next(in: &buffer, window: &window) else { throw Stray() }
        #expect(reader.taken() == Array("abc".utf8))
        #expect(window.isEmpty && window.lowerBound == bytes.count)
    }

    private struct Stray: Error {}
}
