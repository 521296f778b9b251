import RennbahnBytes
import RennbahnReactor
import RennbahnWebSocket
import Testing

@testable import RennbahnTransport

/// The client's side of RawSocket, octet by octet and against our own server.
@Suite(.serialized)
struct RawSocketClientTests {
    private static func policy(maxMessageSize: Int = 1 << 24) -> RawSocketPolicy {
        RawSocketPolicy(
            serializers: [RawSocketPolicy.Serializer(id: 2, kind: .binary, subprotocol: 0)],
            maxMessageSize: maxMessageSize)
    }

    private static func client(maxMessageSize: Int = 1 << 24, limits: Limits = Limits()) throws -> Station {
        var profile = ConnectProfile(host: "", path: "/", subprotocols: ["wamp.2.msgpack"])
        profile.rawSocket = policy(maxMessageSize: maxMessageSize)
        return Station(try LinkLoop(limits: limits, connect: profile))
    }

    private static func server(maxMessageSize: Int = 1 << 24) throws -> (Station, SocketAddress) {
        var profile = AcceptProfile(subprotocols: ["wamp.2.msgpack"])
        profile.webSocket = .nowhere
        profile.rawSocket = policy(maxMessageSize: maxMessageSize)
        return try Fixture.server(profile)
    }

    private static func frame(_ type: RawSocketFrame, _ payload: [UInt8]) -> [UInt8] {
        var bytes = ByteBuffer()
        RawSocketHeader(type, payloadCount: payload.count).append(to: &bytes)
        return bytes.span.copied() + payload
    }

    /// A socket that the client's request has come to.
    private static func asked(by client: Station) throws -> RawPeer {
        let peer = try RawPeer.connected(by: client)
        try step(client, pumping: peer) { peer.received.count == 4 }
        return peer
    }

    @Test("the answer is taken whatever way it is cut, with what is behind it")
    func handshake() throws {
        for cut in 1...8 {
            let client = try Self.client(maxMessageSize: 70_000)
            let peer = try Self.asked(by: client)
            #expect(peer.received == [0x7f, 0x72, 0, 0])
            let bytes = [0x7f, 0x12, 0, 0] + Self.frame(.message, [9, 8])
            peer.send(Array(bytes[..<cut]))
            for _ in 0..<4 { client.turn() }
            #expect(client.opened.isEmpty == (cut < 4))
            peer.send(Array(bytes[cut...]))
            try step(client, pumping: peer) { client.messages.count == 1 }
            #expect(client.messages[0].bytes == [9, 8] && client.messages[0].kind == .binary)
            let link = client.opened[0].link
            #expect(client.opened[0].subprotocol == 0 && client.loop.subprotocolName(of: link) == "wamp.2.msgpack")
            // What the peer has said that it takes.
            #expect(client.loop.peerLimit(of: link) == 1024)
            #expect(client.send([UInt8](repeating: 1, count: 1025), to: link) == .tooLarge)
            #expect(client.send([UInt8](repeating: 2, count: 1024), to: link) == .queued)
            try step(client, pumping: peer) { peer.received.count == 4 + 1028 }
        }
    }

    @Test(
        "a refusal is told with its number, what is no answer ends the connection",
        arguments: [
            ([0x7f, 0x10, 0, 0], 1, "serializer unsupported"),
            ([0x7f, 0x40, 0, 0], 4, "maximum connection count reached"),
            ([0x7f, 0xf1, 0, 0], 0, "serializer"), ([0x7f, 0xf2, 0, 1], 0, "serializer"),
            (Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), 0, "not that of RawSocket"),
        ] as [([UInt8], Int, String)])
    func refusals(answer: [UInt8], status: Int, text: String) throws {
        let client = try Self.client()
        let peer = try Self.asked(by: client)
        peer.send(answer)
        try step(client, pumping: peer) { client.closed.count == 1 }
        guard case .handshake(status, let reason, retryAfter: _) = client.closed[0].end else {
            Issue.record("ended with \(client.closed[0].end)")
            return
        }
        #expect(reason.contains(text) && client.opened.isEmpty && client.loop.linkCount == 0)
    }

    @Test("an answer that does not come, or not all of it, is waited for as long as the handshake's time")
    func silence() throws {
        for sent in [0, 3] {
            let client = try Self.client()
            client.turnTime = 10_000_000
            let peer = try Self.asked(by: client)
            peer.send(Array([0x7f, 0xf2, 0, 0].prefix(sent)))
            let start = client.loop.now
            try step(client, turns: 1000, pumping: peer) { client.closed.count == 1 }
            #expect(client.loop.now - start > 4_000_000_000 && client.closed[0].end == .openHandshakeTimeout)
        }
    }

    @Test(
        "a server that ends, or breaks the framing, ends the connection", arguments: [[], [0, 1, 0, 1], [3, 0, 0, 0]])
    func violations(head: [UInt8]) throws {
        let client = try Self.client(maxMessageSize: 65_536)
        let peer = try Self.asked(by: client)
        peer.send([0x7f, 0xf2, 0, 0] + Self.frame(.message, [7]) + head)
        if head.isEmpty { peer.close() }
        try step(client, pumping: peer) { head.isEmpty ? client.closed.count == 1 : peer.hasEnded }
        peer.close()
        try step(client) { client.closed.count == 1 }
        #expect(client.messages.map(\.bytes) == [[7]])
        switch client.closed[0].end {
        case .lost: #expect(head.isEmpty)
        case .violation: #expect(!head.isEmpty)
        case let other: Issue.record("ended with \(other)")
        }
    }

    @Test("messages go both ways between our own two sides, long ones too; closing ends both")
    func bothSides() throws {
        let (server, address) = try Self.server()
        let client = try Self.client()
        let link = try client.loop.connect(to: address)
        try step(server, client) { client.opened.count == 1 && server.opened.count == 1 }
        server.onMessage = { server.send($0.bytes, $0.kind, to: $0.link) }
        let payloads = [[1], [], Fixture.noise(300_000), Fixture.noise(70_000), [2, 3]]
        for payload in payloads { client.send(payload, to: link) }
        try step(server, client) { client.messages.count == payloads.count }
        #expect(server.messages.map(\.bytes) == payloads && client.messages.map(\.bytes) == payloads)
        client.loop.close(link, code: .normalClosure)
        try step(server, client) { client.closed.count == 1 && server.closed.count == 1 }
        #expect(client.closed[0].end == .closed(code: 1000) && server.closed[0].end == .lost)
        #expect(server.loop.linkCount == 0 && client.loop.linkCount == 0)
    }

    @Test("a client that asks a WebSocket server gets no session of it")
    func webSocketServer() throws {
        let (server, address) = try Fixture.server()
        let client = try Self.client()
        _ = try client.loop.connect(to: address)
        try step(server, client) { client.closed.count == 1 }
        #expect(client.opened.isEmpty && server.opened.isEmpty)
    }
}
