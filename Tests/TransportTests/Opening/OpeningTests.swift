import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket
import Testing

/// The opening handshake of RFC 6455, section 4, in both roles.
@Suite(.serialized)
struct OpeningTests {
    private static func answer(
        to request: String, profile: AcceptProfile, limits: Limits = Limits()
    ) throws -> (peer: RawPeer, server: Station) {
        let (server, address) = try Fixture.server(profile, limits: limits)
        let peer = try RawPeer(connectingTo: address)
        peer.send(request)
        try step(server, pumping: peer) { peer.body != nil }
        return (peer, server)
    }

    private static let strict = AcceptProfile(subprotocols: Fixture.protocols, requiresSubprotocol: true)
    private static let lax = AcceptProfile(subprotocols: Fixture.protocols, requiresSubprotocol: false)

    @Test("the server answers with the accept value of the RFC's own key")
    func acceptValue() throws {
        let (peer, server) = try Self.answer(to: RawPeer.request(), profile: Self.lax)
        #expect(peer.head.hasPrefix("HTTP/1.1 101 "))
        #expect(peer.head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
        #expect(!peer.head.contains("Sec-WebSocket-Protocol"))
        #expect(server.opened.first?.subprotocol == -1)
    }

    @Test("the client's order of subprotocols decides")
    func subprotocolOrder() throws {
        let (peer, server) = try Self.answer(
            to: RawPeer.request("Sec-WebSocket-Protocol: chat, wamp.2.msgpack, wamp.2.json\r\n"),
            profile: Self.strict)
        #expect(peer.head.contains("Sec-WebSocket-Protocol: wamp.2.msgpack\r\n"))
        #expect(server.opened.first?.subprotocol == 1)
        #expect(server.loop.subprotocolName(of: server.opened[0].link) == "wamp.2.msgpack")
    }

    @Test(
        "a client without a common subprotocol is refused with 400 where one is required",
        arguments: ["", "Sec-WebSocket-Protocol: chat\r\n"])
    func noCommonSubprotocol(fields: String) throws {
        let (peer, server) = try Self.answer(to: RawPeer.request(fields), profile: Self.strict)
        #expect(peer.head.hasPrefix("HTTP/1.1 400 "))
        peer.close()
        try step(server) { server.closed.count == 1 }
        guard case .handshake(status: 400, reason: _, retryAfter: _) = server.closed[0].end else {
            Issue.record("ended with \(server.closed[0].end)")
            return
        }
        #expect(server.opened.isEmpty && server.loop.linkCount == 0)
    }

    @Test("an unknown subprotocol is passed over where none is required")
    func unknownSubprotocol() throws {
        let (peer, server) = try Self.answer(
            to: RawPeer.request("Sec-WebSocket-Protocol: chat\r\n"), profile: Self.lax)
        #expect(peer.head.hasPrefix("HTTP/1.1 101 ") && !peer.head.contains("chat"))
        #expect(server.opened.first?.subprotocol == -1)
    }

    @Test("a request cut at any octet is read whole, and so is the frame behind it")
    func cutRequest() throws {
        let (server, address) = try Fixture.server()
        let bytes = Array(RawPeer.request().utf8) + RawPeer.frame(.text, Array("hello".utf8))
        for cut in 1..<bytes.count {
            let peer = try RawPeer(connectingTo: address)
            let seen = server.loop.counters.value.bytesIn
            peer.send(Array(bytes[..<cut]))
            try step(server, pumping: peer) { server.loop.counters.value.bytesIn == seen + UInt64(cut) }
            peer.send(Array(bytes[cut...]))
            try step(server, pumping: peer) { server.messages.count == cut && peer.body != nil }
            #expect(server.messages[cut - 1].bytes == Array("hello".utf8))
            #expect(peer.head.hasPrefix("HTTP/1.1 101 "))
        }
        #expect(server.opened.count == bytes.count - 1)
    }

    @Test("a request that comes octet by octet is read")
    func dribbledRequest() throws {
        let (server, address) = try Fixture.server()
        let peer = try RawPeer(connectingTo: address)
        for octet in RawPeer.request().utf8 {
            peer.send([octet])
            server.turn()
        }
        try step(server, pumping: peer) { peer.body != nil }
        #expect(peer.head.hasPrefix("HTTP/1.1 101 "))
    }

    @Test("a head above the limit is refused with 431, complete or not", arguments: [true, false])
    func largeHead(isComplete: Bool) throws {
        var limits = Limits()
        limits.maxHeaderSize = 1024
        var request = RawPeer.request("Cookie: \(String(repeating: "c", count: 2000))\r\n")
        if !isComplete { request.removeLast(4) }
        let (peer, server) = try Self.answer(to: request, profile: Self.lax, limits: limits)
        #expect(peer.head.hasPrefix("HTTP/1.1 431 "))
        try step(server, pumping: peer) { peer.hasEnded }
        #expect(server.opened.isEmpty)
    }

    @Test(
        "what is no request is answered with an error and the end of the connection",
        arguments: [
            ("\u{1}\u{2}\u{3}\r\n\r\n", "400"), ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "426"),
            ("POST /ws HTTP/1.1\r\nHost: a\r\n\r\n", "405"), ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", "505"),
            (String(repeating: "\r\n", count: HTTPHeadSearch.mostEmptyLines + 2), "400"),
            (RawPeer.request().replacing("HTTP/1.1", with: "HTTP/1.0"), "505"), ("GET / HTTP/1.0\r\n\r\n", "426"),
        ])
    func garbage(request: String, status: String) throws {
        let (peer, server) = try Self.answer(to: request, profile: Self.lax)
        #expect(peer.head.hasPrefix("HTTP/1.1 \(status) "))
        try step(server, pumping: peer) { peer.hasEnded }
        #expect(server.opened.isEmpty)
    }

    @Test("empty lines in front of a request are passed over, wherever they are cut")
    func emptyLines() throws {
        let (server, address) = try Fixture.server()
        let bytes = Array((String(repeating: "\r\n", count: HTTPHeadSearch.mostEmptyLines) + RawPeer.request()).utf8)
        for cut in 1...(2 * HTTPHeadSearch.mostEmptyLines + 1) {
            let peer = try RawPeer(connectingTo: address)
            let seen = server.loop.counters.value.bytesIn
            peer.send(Array(bytes[..<cut]))
            try step(server, pumping: peer) { server.loop.counters.value.bytesIn == seen + UInt64(cut) }
            peer.send(Array(bytes[cut...]))
            try step(server, pumping: peer) { peer.body != nil }
            #expect(peer.head.hasPrefix("HTTP/1.1 101 "), "\(cut)")
        }
    }

    @Test("a client that waits for 100 gets it before 101, and not before a refusal")
    func expectation() throws {
        let (peer, server) = try Self.answer(
            to: RawPeer.request("Expect: 100-continue\r\nSec-WebSocket-Protocol: wamp.2.json\r\n"), profile: Self.strict
        )
        try step(server, pumping: peer) { peer.body?.isEmpty == false && server.opened.count == 1 }
        #expect(
            String(decoding: peer.received, as: UTF8.self).hasPrefix(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 Switching Protocols\r\n"))
        let (refused, _) = try Self.answer(to: RawPeer.request("Expect: 100-continue\r\n"), profile: Self.strict)
        #expect(refused.head.hasPrefix("HTTP/1.1 400 "))
    }

    @Test("frames behind a refused request are not read")
    func bytesBehindRefusal() throws {
        let (peer, server) = try Self.answer(
            to: RawPeer.request(), profile: Self.strict)
        peer.send(RawPeer.frame(.text, Array("hello".utf8)))
        try step(server, pumping: peer) { peer.hasEnded }
        peer.close()
        try step(server) { server.loop.linkCount == 0 }
        #expect(server.messages.isEmpty && server.closed.count == 1)
    }

    @Test("a client that sends nothing is dropped after the handshake timeout")
    func timeout() throws {
        var limits = Limits()
        limits.openHandshakeTimeout = 30_000_000
        let (server, address) = try Fixture.server(limits: limits)
        let peer = try RawPeer(connectingTo: address)
        try step(server, pumping: peer) { peer.hasEnded }
        #expect(server.closed.map(\.end) == [.openHandshakeTimeout])
        #expect(peer.received.isEmpty && server.loop.linkCount == 0)
    }

    @Test("an open connection outlives the handshake timeout")
    func noTimeoutOnceOpen() throws {
        var limits = Limits()
        limits.openHandshakeTimeout = 20_000_000
        let pair = try Pair(serverLimits: limits, clientLimits: limits)
        let deadline = MonotonicClock.now() + 60_000_000
        try step(pair.server, pair.client) { MonotonicClock.now() > deadline }
        #expect(pair.server.closed.isEmpty && pair.client.closed.isEmpty)
        pair.client.send([1], to: pair.clientLink)
        try step(pair.server, pair.client) { pair.server.messages.count == 1 }
    }
}
