import RennbahnBytes
import RennbahnReactor
import RennbahnWebSocket
import Testing

@testable import RennbahnTransport

/// RawSocket and universal transports, octet by octet.
@Suite(.serialized)
struct RawSocketTests {
    private static func profile(maxMessageSize: Int = 1 << 24) -> AcceptProfile {
        var profile = AcceptProfile(subprotocols: Fixture.protocols)
        profile.webSocket = .nowhere
        profile.rawSocket = RawSocketPolicy(
            serializers: [
                RawSocketPolicy.Serializer(id: 1, kind: .text, subprotocol: 0),
                RawSocketPolicy.Serializer(id: 2, kind: .binary, subprotocol: 1),
            ], maxMessageSize: maxMessageSize)
        return profile
    }

    /// A universal transport: RawSocket, and a WebSocket service at `/ws` and one at `/`.
    private static func universal() throws -> (Station, SocketAddress) {
        var profiles = [profile(), AcceptProfile(subprotocols: ["wamp.2.json"]), AcceptProfile(subprotocols: ["root"])]
        profiles[0].webSocket = .byPath(["ws": 1, "/": 2], rest: nil)
        let loop = try LinkLoop(limits: Limits(), accept: profiles)
        let listener = try Sockets.listen(.loopback(port: 0))
        let address = try Sockets.boundAddress(of: listener)
        try loop.listen(on: listener)
        return (Station(loop, address: address), address)
    }

    private static func frame(_ type: RawSocketFrame, _ payload: [UInt8]) -> [UInt8] {
        var bytes = ByteBuffer()
        RawSocketHeader(type, payloadCount: payload.count).append(to: &bytes)
        return bytes.span.copied() + payload
    }

    private static func opened(
        _ server: Station, _ address: SocketAddress, _ second: UInt8 = 0xf2
    ) throws -> RawPeer {
        let peer = try RawPeer(connectingTo: address)
        let before = server.opened.count
        peer.send([0x7f, second, 0, 0])
        try step(server, pumping: peer) { peer.received.count == 4 && server.opened.count == before + 1 }
        return peer
    }

    @Test("the handshake is answered with the same serializer and the own limit, whatever way it is cut")
    func handshake() throws {
        for cut in 1...8 {
            let (server, address) = try Fixture.server(Self.profile(maxMessageSize: 70_000))
            let peer = try RawPeer(connectingTo: address)
            let bytes = [0x7f, 0x52, 0, 0] + Self.frame(.message, [9, 8])
            peer.send(Array(bytes[..<cut]))
            for _ in 0..<4 {
                peer.pump()
                server.turn()
            }
            peer.send(Array(bytes[cut...]))
            try step(server, pumping: peer) { server.messages.count == 1 }
            try step(server, pumping: peer) { peer.received.count == 4 }
            #expect(peer.received == [0x7f, 0x72, 0, 0])
            #expect(server.messages[0].bytes == [9, 8] && server.messages[0].kind == .binary)
            #expect(server.loop.subprotocolName(of: server.opened[0].link) == "wamp.2.msgpack")
        }
    }

    @Test(
        "a handshake that is wrong is answered with its error, and the connection ends",
        arguments: [
            ([0x7f, 0xf3, 0, 0], 1), ([0x7f, 0xf0, 0, 0], 1), ([0x7f, 0xf1, 1, 0], 3), ([0x7f, 0xf1, 0, 0x80], 3),
        ] as [([UInt8], UInt8)])
    func refusals(request: [UInt8], error: UInt8) throws {
        let (server, address) = try Fixture.server(Self.profile())
        let peer = try RawPeer(connectingTo: address)
        peer.send(request)
        try step(server, pumping: peer) { peer.hasEnded }
        #expect(peer.received == [0x7f, error << 4, 0, 0])
        peer.close()
        try step(server) { server.closed.count == 1 }
        guard case .handshake(status: Int(error), reason: _, retryAfter: _) = server.closed[0].end else {
            Issue.record("ended with \(server.closed[0].end)")
            return
        }
        #expect(server.opened.isEmpty)
    }

    @Test("HTTP at a RawSocket transport gets no answer; who sends part of a handshake is timed out")
    func foreign() throws {
        var limits = Limits()
        limits.openHandshakeTimeout = 30_000_000
        let (server, address) = try Fixture.server(Self.profile(), limits: limits)
        let peer = try RawPeer(connectingTo: address)
        peer.send(RawPeer.request())
        try step(server, pumping: peer) { peer.hasEnded }
        #expect(peer.received.isEmpty)
        let idle = try RawPeer(connectingTo: address)
        idle.send([0x7f, 0xf1, 0])
        try step(server, pumping: idle) { idle.hasEnded }
        #expect(server.closed.last?.end == .openHandshakeTimeout)
    }

    @Test("messages go both ways in frames of four octets, pings are answered, pongs passed over")
    func messages() throws {
        let (server, address) = try Fixture.server(Self.profile())
        let peer = try Self.opened(server, address, 0xf1)
        server.onMessage = { server.send($0.bytes, $0.kind, to: $0.link) }
        let large = Fixture.noise(300_000)
        peer.send(
            Self.frame(.message, [0x5b, 0x5d]) + Self.frame(.ping, [1, 2, 3]) + Self.frame(.pong, [4])
                + Self.frame(.message, []) + Self.frame(.message, large))
        let expected =
            Self.frame(.message, [0x5b, 0x5d]) + Self.frame(.pong, [1, 2, 3]) + Self.frame(.message, [])
            + Self.frame(.message, large)
        try step(server, pumping: peer) { peer.received.count == 4 + expected.count }
        #expect(Array(peer.received.dropFirst(4)) == expected)
        #expect(server.messages.map(\.kind) == [.text, .text, .text])
    }

    @Test("a message at the peer's limit is sent, one above is refused and nothing of it sent")
    func peersLimit() throws {
        let (server, address) = try Fixture.server(Self.profile())
        let peer = try Self.opened(server, address, 0x02)
        let link = server.opened[0].link
        #expect(server.send([UInt8](repeating: 1, count: 513), to: link) == .tooLarge)
        #expect(server.send([UInt8](repeating: 2, count: 512), to: link) == .queued)
        try step(server, pumping: peer) { peer.received.count == 4 + 516 }
        #expect(Array(peer.received[4..<8]) == [0, 0, 2, 0])
    }

    @Test(
        "what breaks the framing ends the connection, by its first octets",
        arguments: [[0, 1, 0, 1], [0x10, 0, 0, 0], [3, 0, 0, 0], [8, 0, 0, 1], [1, 1, 0, 0]] as [[UInt8]])
    func violations(head: [UInt8]) throws {
        let (server, address) = try Fixture.server(Self.profile(maxMessageSize: 65_536))
        let peer = try Self.opened(server, address)
        peer.send(Self.frame(.message, [7]) + head)
        try step(server, pumping: peer) { peer.hasEnded }
        peer.close()
        try step(server) { server.closed.count == 1 }
        #expect(peer.received.count == 4 && server.messages.count == 1)
        guard case .violation = server.closed[0].end else {
            Issue.record("ended with \(server.closed[0].end)")
            return
        }
    }

    @Test("closing sends what is queued and ends the stream; there are no close frames")
    func closing() throws {
        let (server, address) = try Fixture.server(Self.profile())
        let peer = try Self.opened(server, address)
        server.send([1], to: server.opened[0].link)
        server.loop.close(server.opened[0].link, code: .normalClosure)
        try step(server, pumping: peer) { peer.hasEnded }
        #expect(Array(peer.received.dropFirst(4)) == [0, 0, 0, 1, 1])
        peer.close()
        try step(server) { server.closed.count == 1 }
        #expect(server.closed[0].end == .closed(code: 1000))
        let other = try Self.opened(server, address)
        other.close()
        try step(server) { server.closed.count == 2 }
        #expect(server.closed[1].end == .lost)
    }

    @Test("a slow reader of RawSocket congests, drains and loses nothing")
    func backPressure() throws {
        let (server, address) = try Fixture.server(Self.profile(), limits: Fixture.tightLimits, sendBuffer: 4096)
        let peer = try Self.opened(server, address)
        peer.isReading = false
        let link = server.opened[0].link
        var sent = 0
        while server.send([UInt8](repeating: UInt8(truncatingIfNeeded: sent), count: 1000), to: link) == .queued {
            sent += 1
            if sent % 8 == 0 { server.turn() }
        }
        sent += 1
        peer.isReading = true
        try step(server, pumping: peer) { peer.received.count == 4 + sent * 1004 }
        for index in 0..<sent {
            let start = 4 + index * 1004
            #expect(peer.received[start + 4] == UInt8(truncatingIfNeeded: index))
        }
    }

    @Test("a universal transport tells by the first octet, then by the path")
    func universal() throws {
        let (server, address) = try Self.universal()
        let raw = try Self.opened(server, address, 0xf1)
        #expect(raw.received == [0x7f, 0xf1, 0, 0])
        for (path, protocolName, name) in [
            ("/ws", "wamp.2.json", "wamp.2.json"), ("/ws/more?x=/", "wamp.2.json", "wamp.2.json"),
            ("/", "root", "root"),
            ("/?ws", "root", "root"),
        ] {
            let peer = try RawPeer(connectingTo: address)
            let before = server.opened.count
            peer.send(
                RawPeer.request("Sec-WebSocket-Protocol: \(protocolName)\r\n").replacing(
                    "GET /ws ", with: "GET \(path) "))
            try step(server, pumping: peer) { peer.body != nil && server.opened.count == before + 1 }
            #expect(peer.head.contains("Sec-WebSocket-Protocol: \(name)\r\n"), "\(path)")
            #expect(server.loop.subprotocolName(of: server.opened[before].link) == name)
        }
        let lost = try RawPeer(connectingTo: address)
        lost.send(RawPeer.request().replacing("GET /ws ", with: "GET /elsewhere "))
        try step(server, pumping: lost) { lost.hasEnded }
        #expect(lost.head.hasPrefix("HTTP/1.1 404 "))
    }

    @Test("connections are no larger for RawSocket")
    func size() {
        #expect(MemoryLayout<Link>.stride <= 664, "\(MemoryLayout<Link>.stride)")
    }
}
