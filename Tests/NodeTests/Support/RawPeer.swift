import RennbahnBytes
import RennbahnReactor
import RennbahnTestKit
import RennbahnWAMP
import RennbahnWebSocket
import Testing

/// A client that is written by hand upon a socket: JSON over RawSocket, or over WebSocket with header fields of its own.
final class RawPeer {
    enum Speech {
        case rawSocket
        case webSocket(path: String, fields: String)
    }

    private let descriptor: Descriptor
    private let isRawSocket: Bool
    private var received: [UInt8] = []
    private(set) var hasEnded = false
    /// RawSocket: octets of a message that the router takes.
    private(set) var limit = 0
    /// The head of the answer to the opening handshake.
    private(set) var head = ""

    /// - Parameter limit: RawSocket: 2^(9+this) octets are taken.
    init(_ address: SocketAddress, _ speech: Speech, limit: UInt8 = 15) throws {
        descriptor = try Sockets.connect(to: address).descriptor
        switch speech {
        case .rawSocket:
            isRawSocket = true
            write([0x7f, limit << 4 | 1, 0, 0])
            try pump { received.count >= 4 }
            #expect(received[0] == 0x7f && received[1] & 0xf == 1)
            self.limit = 512 << Int(received[1] >> 4)
            received.removeFirst(4)
        case .webSocket(let path, let fields):
            isRawSocket = false
            write(
                Array(
                    """
                    GET \(path) HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r
                    Sec-WebSocket-Protocol: wamp.2.json\r\n\(fields)\r\n
                    """.utf8))
            let end = Array("\r\n\r\n".utf8)
            func position() -> Int? {
                received.indices.first { received[$0...].starts(with: end) }
            }
            try pump { position() != nil }
            head = String(decoding: received[..<position()!], as: UTF8.self)
            received.removeFirst(position()! + 4)
        }
    }

    deinit { Sockets.close(descriptor) }

    /// The cookie that the answer has set.
    var cookie: String? { head.firstMatch(of: #/Set-Cookie: cbtid=([^;\r]+)/#).map { String($0.output.1) } }

    private func write(_ bytes: [UInt8]) {
        var rest = bytes
        while !rest.isEmpty, case .bytes(let count) = Sockets.send(descriptor, rest.span) { rest.removeFirst(count) }
        #expect(rest.isEmpty)
    }

    private func pump(_ patience: Patience = Patience(), until condition: () -> Bool) throws {
        while !condition() {
            try #require(!patience.isOver && !hasEnded, "the router said no more")
            var buffer = ByteBuffer()
            switch Sockets.read(descriptor, into: &buffer, minimumFree: 64 * 1024) {
            case .bytes: received += buffer.span.copied()
            case .wouldBlock: Thread.yield()
            case .closed, .failed: hasEnded = true
            }
        }
    }

    func send(_ text: String) {
        let payload = Array(text.utf8)
        var bytes = ByteBuffer()
        if isRawSocket {
            RawSocketHeader(.message, payloadCount: payload.count).append(to: &bytes)
            write(bytes.span.copied() + payload)
        } else {
            FrameHeader(opcode: .text, isFinal: true, isCompressed: false, maskKey: 0, payloadCount: payload.count)
                .append(to: &bytes)
            write(bytes.span.copied() + payload)
        }
    }

    /// The next message.
    func next() throws -> WAMPValue {
        func frame() -> (head: Int, payload: Int)? {
            let bytes = received
            if isRawSocket {
                guard let header = try? RawSocketHeader.parse(bytes.span, in: 0..<bytes.count) else { return nil }
                return (RawSocketHeader.count, header.payloadCount)
            }
            guard let header = try? FrameHeader.parse(bytes.span, in: 0..<bytes.count) else { return nil }
            return (header.encodedCount, header.payloadCount)
        }
        try pump { frame().map { received.count >= $0.head + $0.payload } ?? false }
        let (head, count) = try #require(frame())
        let payload = Array(received[head..<(head + count)])
        received.removeFirst(head + count)
        return try WAMPValue.decode(payload.span, serializer: .json)
    }

    /// Sends and takes the answer.
    func ask(_ text: String) throws -> WAMPValue {
        send(text)
        return try next()
    }

    /// The router waits two seconds for the answer to its Close frame, which this peer does not give.
    func expectEnd() throws {
        try? pump(Patience(seconds: 8)) { hasEnded }
        try #require(hasEnded, "the connection did not end")
    }
}
