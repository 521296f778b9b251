import RennbahnBytes
import RennbahnReferences
import RennbahnWebSocket
import Testing

/// The short way of ``MessageReader``, and where it ends: at each edge the events must be those of the reference.
@Suite("Message reader: plain frames")
struct PlainFrameTests {
    private static let setups: [ReaderSetup] = [
        ReaderSetup(validatesText: false), ReaderSetup(validatesText: true),
        ReaderSetup(compression: true, validatesText: false), ReaderSetup(compression: true, validatesText: true),
        ReaderSetup(role: .client, validatesText: false), ReaderSetup(role: .client, compression: true),
        ReaderSetup(validatesText: false, acceptsEitherMasking: true),
        ReaderSetup(maxMessageSize: 20, validatesText: false), ReaderSetup(validatesText: false, maxFrameSize: 20),
    ]

    private func compare(_ frames: [WireFrame], _ setup: ReaderSetup, _ what: @autoclosure () -> String) {
        let bytes = frames.flatMap(\.bytes)
        let expected = ReferenceDecoder.decode(bytes, setup)
        let events = read(bytes, setup).events
        if events != expected { Issue.record("\(what()): \(events) instead of \(expected)") }
    }

    private func key(_ setup: ReaderSetup) -> [UInt8]? {
        setup.role == .server ? [0x37, 0xfa, 0x21, 0x3d] : nil
    }

    @Test("Every first octet, masked and not, is judged as the reference does", arguments: setups.indices)
    func firstOctets(index: Int) {
        let setup = Self.setups[index]
        for first in UInt8.min...UInt8.max {
            for mask in [[0x37, 0xfa, 0x21, 0x3d] as [UInt8], nil] {
                for count in [0, 1, 2, 3, 9, 20, 21, 125, 126, 300] {
                    let payload = (0..<count).map { UInt8($0 & 0x7f) }
                    let frames = [WireFrame(first, payload, mask: mask), WireFrame(0x82, "next", mask: mask)]
                    compare(frames, setup, "\(first), \(count) octets, masked: \(mask != nil)")
                }
            }
        }
    }

    @Test("Every length of a small frame, in every form of the length", arguments: setups.indices)
    func lengths(index: Int) {
        let setup = Self.setups[index]
        for count in Array(0...260) + [65534, 65535, 65536, 65537] {
            for octets in [0, 2, 8] where (octets > 0 || count < 126) && (octets != 2 || count < 65536) {
                var frame = WireFrame(0x81, (0..<count).map { UInt8($0 % 96 + 32) }, mask: key(setup))
                frame.lengthOctets = octets
                compare([frame, WireFrame(0x82, "next", mask: key(setup))], setup, "\(count) in \(octets) octets")
            }
        }
    }

    @Test("A plain frame is taken only between messages", arguments: setups.indices)
    func openMessages(index: Int) {
        let setup = Self.setups[index]
        let mask = key(setup)
        let plain = WireFrame(0x82, "a plain frame", mask: mask)
        let first = WireFrame(0x02, "a first", mask: mask)
        let last = WireFrame(0x80, "last", mask: mask)
        compare([first, plain], setup, "inside a message")
        compare([first, WireFrame(0x89, "a ping", mask: mask), last, plain, plain], setup, "after a message")
        compare([WireFrame(0x88, [0x03, 0xe8], mask: mask), plain], setup, "after a close")
        compare([WireFrame(0x83, "reserved", mask: mask), plain], setup, "after a violation")
    }

    @Test("A frame that is not complete is left alone, whatever is missing", arguments: [0, 1, 3, 125, 126, 300])
    func incomplete(count: Int) throws {
        let setup = ReaderSetup(validatesText: false)
        let bytes = WireFrame(0x81, [UInt8](repeating: 0x61, count: count)).bytes
        for end in 0..<bytes.count {
            var reader = setup.reader()
            var buffer = ByteBuffer()
            // What lies behind the window is no part of it.
            buffer.append(bytes.span)
            var window = 0..<end
            #expect(try reader.next(in: &buffer, window: &window) == nil)
            #expect(window == 0..<end && buffer.span.copied() == bytes)
            window = 0..<bytes.count
            let message = try reader.next(in: &buffer, window: &window)
            #expect(message == .message(.text, compressed: false, .buffer((bytes.count - count)..<bytes.count)))
            #expect(window == bytes.count..<bytes.count)
        }
    }
}
