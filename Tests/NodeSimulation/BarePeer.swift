import RennbahnBytes
import RennbahnReactor
package import RennbahnSimulationKit
import RennbahnTestKit
package import RennbahnWebSocket

/// A client of a simulated network that does what is asked of it and no more: it reads as much, and when, as its owner likes, and
/// may write what is no message at all. It speaks JSON over WebSocket, with mask keys of zeros, so that a seed repeats its octets.
package final class BarePeer {
    private static let headEnd = Array("\r\n\r\n".utf8)

    private let network: SimulatedNetwork
    private let descriptor: Descriptor
    private var input = ByteBuffer()
    private var output = ByteBuffer()
    /// The answer to its request has come.
    private var isOpen = false
    private var isClosed = false
    /// Octets that it has read.
    package private(set) var octets = 0
    /// It has read the end of the stream, or an error.
    package private(set) var hasEnded = false
    /// Of what it has read last, if that was an error.
    package private(set) var errno: Int32?
    /// The code of the Close frame that came.
    package private(set) var closeCode: Int?

    /// - Parameter request: the head to begin with; `nil`: nothing is said.
    package init(_ network: SimulatedNetwork, port: UInt16, request: String? = BarePeer.upgrade()) throws {
        self.network = network
        descriptor = try network.connect(to: .loopback(port: port))
        if let request { write(request.utf8.span) }
    }

    /// A request to become a WebSocket connection.
    package static func upgrade(path: String = "/", fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Protocol: wamp.2.json\r\n\(fields)\r\n"
    }

    // MARK: Writing

    /// Octets that wait for room.
    package var backlog: Int { output.count }

    package func write(_ octets: Span<UInt8>) {
        output.append(octets)
        pump()
    }

    /// Sends what there is room for.
    package func pump() {
        pump(output.count)
    }

    /// As ``pump()``, but no more than so many octets.
    package func pump(_ limit: Int) {
        guard !isClosed, limit > 0, !output.isEmpty else { return }
        let outcome = network.send(descriptor, output.span.extracting(0..<min(limit, output.count)))
        switch outcome {
        case .bytes(let count): output.removeFirst(count)
        case .wouldBlock, .closed: break
        // Reading tells why.
        case .failed: output.removeAll(keepingCapacity: false)
        }
    }

    package func say(_ text: String) {
        queue(.text, text.utf8.span)
        pump()
    }

    /// Sends so many octets of a message, and never the rest.
    package func begin(_ text: String, octets: Int) {
        var whole = ByteBuffer()
        swap(&whole, &output)
        queue(.text, text.utf8.span)
        swap(&whole, &output)
        write(whole.span.extracting(0..<octets))
    }

    /// Adds a frame to what waits for room.
    package func queue(_ opcode: Opcode, isCompressed: Bool = false, _ payload: Span<UInt8>) {
        FrameHeader(opcode: opcode, isCompressed: isCompressed, maskKey: 0, payloadCount: payload.count)
            .append(to: &output)
        output.append(payload)
    }

    /// Adds the head of a text frame of so many octets to what waits for room.
    package func queueHead(payloadCount: Int) {
        FrameHeader(opcode: .text, maskKey: 0, payloadCount: payloadCount).append(to: &output)
    }

    /// Adds what is no frame to what waits for room.
    func queueRaw(_ text: String) { output.append(utf8: text) }

    /// Adds octets of a text to what waits for room.
    func queueFiller(_ count: Int) {
        for _ in 0..<count { output.append(UInt8(ascii: "#")) }
    }

    func queueRandom(_ count: Int, _ random: inout SeededGenerator) {
        for _ in 0..<count { output.append(UInt8(random.below(256))) }
    }

    // MARK: Reading

    /// Whether the other side has closed, or broken, the connection, although nothing was read of it yet.
    package var isAbandoned: Bool { !isClosed && network.isAbandoned(descriptor) }

    /// Reads up to `limit` octets and hands out the messages that are whole by then. Answers to pings
    /// wait for the next writing.
    package func read(_ limit: Int = 1 << 22, _ take: (Span<UInt8>) -> Void) {
        var left = limit
        while left > 0, !hasEnded, !isClosed {
            let outcome = network.receive(descriptor, into: &input, minimumFree: left)
            switch outcome {
            case .bytes(let count):
                left -= count
                octets += count
            case .wouldBlock: left = 0
            case .closed: hasEnded = true
            case .failed(let code):
                hasEnded = true
                errno = code
            }
        }
        if !input.isEmpty { takeFrames(take) }
    }

    /// As ``read(_:_:)``; the messages, each cut to `head` octets.
    @discardableResult
    package func read(_ limit: Int = 1 << 22, head: Int = 64) -> [String] {
        var messages: [String] = []
        read(limit) { messages.append($0.extracting(0..<min(head, $0.count)).text()) }
        return messages
    }

    private func takeFrames(_ take: (Span<UInt8>) -> Void) {
        // Answers to pings are written meanwhile.
        var bytes = ByteBuffer()
        swap(&bytes, &input)
        var position = 0
        if !isOpen {
            position = BarePeer.end(ofHeadIn: bytes.span)
            isOpen = position > 0
        }
        while isOpen, let header = try? FrameHeader.parse(bytes.span, in: position..<bytes.count) {
            let start = position + header.encodedCount
            guard bytes.count >= start + header.payloadCount else { break }
            position = start + header.payloadCount
            let payload = start..<position
            switch header.opcode {
            case .text: take(bytes.span.extracting(payload))
            case .close where payload.count >= 2:
                closeCode = Int(bytes.span[start]) << 8 | Int(bytes.span[start + 1])
            case .ping: queue(.pong, bytes.span.extracting(payload))
            case .close, .pong, .binary, .continuation: break
            }
        }
        bytes.removeFirst(position)
        swap(&bytes, &input)
    }

    /// Behind the head of an answer; 0: it is not whole.
    private static func end(ofHeadIn bytes: Span<UInt8>) -> Int {
        var matched = 0
        for index in bytes.indices {
            matched = bytes[index] == headEnd[matched] ? matched + 1 : bytes[index] == headEnd[0] ? 1 : 0
            if matched == headEnd.count { return index + 1 }
        }
        return 0
    }

    // MARK: The end

    /// - Parameter resets: whether the other side finds the connection broken.
    package func close(resets: Bool = false) {
        guard !isClosed else { return }
        isClosed = true
        if resets { network.resetOnClose(descriptor) }
        network.close(descriptor)
    }
}
