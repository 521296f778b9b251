import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket
import Testing

/// How connections end: in good order, by a broken rule, or by a peer that is gone.
@Suite(.serialized)
struct ClosingTests {
    @Test("the close handshake ends both sides with the code, whoever begins", arguments: [true, false])
    func closeHandshake(serverBegins: Bool) throws {
        let pair = try Pair()
        if serverBegins {
            pair.server.loop.close(pair.serverLink, code: .goingAway)
        } else {
            pair.client.loop.close(pair.clientLink, code: .goingAway)
        }
        try step(pair.server, pair.client) { pair.server.closed.count == 1 && pair.client.closed.count == 1 }
        #expect(pair.server.closed[0].end == .closed(code: 1001))
        #expect(pair.client.closed[0].end == .closed(code: 1001))
        #expect(pair.server.loop.linkCount == 0 && pair.client.loop.linkCount == 0)
    }

    @Test("what was sent before the close arrives before it")
    func closeBehindOutput() throws {
        let pair = try Pair()
        for _ in 0..<20 { pair.server.send(Fixture.noise(60_000), to: pair.serverLink) }
        pair.server.loop.close(pair.serverLink, code: .normalClosure)
        #expect(pair.server.send([1], to: pair.serverLink) == .gone)
        try step(pair.server, pair.client) { pair.server.closed.count == 1 && pair.client.closed.count == 1 }
        #expect(pair.client.messages.count == 20)
        #expect(pair.client.closed[0].end == .closed(code: 1000))
    }

    @Test("both sides may close at the same moment")
    func crossingCloses() throws {
        let pair = try Pair()
        pair.server.loop.close(pair.serverLink, code: .goingAway)
        pair.client.loop.close(pair.clientLink, code: .normalClosure)
        try step(pair.server, pair.client) { pair.server.closed.count == 1 && pair.client.closed.count == 1 }
        #expect(pair.server.closed[0].end == .closed(code: 1000))
        #expect(pair.client.closed[0].end == .closed(code: 1001))
    }

    @Test("a close frame without a code is answered without one")
    func closeWithoutCode() throws {
        let (server, address) = try Fixture.server()
        let peer = try RawPeer.opened(server, address)
        peer.send(RawPeer.frame(.close, []))
        try step(server, pumping: peer) { peer.hasEnded }
        #expect(peer.frames == [RawPeer.Frame(opcode: .close, isFinal: true, payload: [])])
        peer.close()
        try step(server) { server.closed.count == 1 }
        #expect(server.closed[0].end == .closed(code: 1005))
    }

    @Test("messages behind the peer's close frame are not read")
    func messageBehindClose() throws {
        let (server, address) = try Fixture.server()
        let peer = try RawPeer.opened(server, address)
        peer.send(RawPeer.frame(.close, [0x03, 0xe8]) + RawPeer.frame(.text, [0x61]))
        try step(server, pumping: peer) { peer.hasEnded }
        #expect(server.messages.isEmpty && peer.closeCode == 1000)
    }

    @Test("a peer that never answers our close frame is dropped after the timeout")
    func closeTimeout() throws {
        var limits = Limits()
        limits.closeHandshakeTimeout = 30_000_000
        let (server, address) = try Fixture.server(limits: limits)
        let peer = try RawPeer.opened(server, address)
        server.loop.close(server.opened[0].link, code: .normalClosure)
        try step(server, pumping: peer) { server.closed.count == 1 }
        #expect(server.closed[0].end == .closeHandshakeTimeout)
        #expect(peer.closeCode == 1000)
    }

    @Test("a peer that ends its stream is lost, in the middle of a frame too", arguments: [0, 1, 5, 100])
    func vanishing(sent: Int) throws {
        let (server, address) = try Fixture.server()
        let peer = try RawPeer.opened(server, address)
        peer.send(Array(RawPeer.frame(.binary, Fixture.noise(200)).prefix(sent)))
        peer.close()
        try step(server) { server.closed.count == 1 }
        #expect(server.closed[0].end == .lost)
        #expect(server.messages.isEmpty && server.loop.linkCount == 0)
    }

    @Test("a reset is a lost connection, with output queued too", arguments: [0, 100_000])
    func reset(queued: Int) throws {
        let (server, address) = try Fixture.server(sendBuffer: 65_536)
        let peer = try RawPeer.opened(server, address)
        peer.isReading = false
        if queued > 0 {
            for _ in 0..<60 { server.send(Fixture.noise(queued), to: server.opened[0].link) }
            try step(server) { server.loop.counters.value.bytesOut > 4096 }
            #expect(server.loop.queuedBytes > 0)
        }
        peer.close(reset: true)
        try step(server) { server.closed.count == 1 }
        #expect(server.closed[0].end == .lost)
        #expect(server.loop.queuedBytes == 0 && server.loop.linkCount == 0)
    }

    @Test("a message before the peer's end of stream is still told")
    func messageThenEnd() throws {
        let (server, address) = try Fixture.server()
        let peer = try RawPeer.opened(server, address)
        peer.send(RawPeer.frame(.text, [0x61]))
        peer.close()
        try step(server) { server.closed.count == 1 }
        #expect(server.messages.map(\.bytes) == [[0x61]])
    }

    @Test(
        "a broken rule is answered with its close code and the end",
        arguments: [
            (RawPeer.frame(.text, [0x61], key: nil), 1002), (RawPeer.frame(.continuation, [0x61]), 1002),
            (RawPeer.frame(.text, [0x61], compressed: true), 1002),
            (RawPeer.frame(.ping, [UInt8](repeating: 0, count: 126)), 1002),
            (RawPeer.frame(.ping, [], isFinal: false), 1002), ([0x83, 0x80, 0, 0, 0, 0], 1002),
            ([0xa1, 0x80, 0, 0, 0, 0], 1002), (RawPeer.frame(.close, [0]), 1002),
            (RawPeer.frame(.close, [0x03, 0xed]), 1002), (RawPeer.frame(.close, [0x03, 0xe8, 0xff]), 1007),
            (RawPeer.frame(.text, [], isFinal: false) + RawPeer.frame(.text, []), 1002),
            (RawPeer.frame(.text, [0xc3, 0x28]), 1007),
            (RawPeer.frame(.text, [0xc3], isFinal: false) + RawPeer.frame(.continuation, []), 1007),
            ([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4], 1002),
            (RawPeer.frame(.binary, [UInt8](repeating: 0, count: 5001)), 1009),
            (
                RawPeer.frame(.binary, [UInt8](repeating: 0, count: 5000), isFinal: false)
                    + RawPeer.frame(.continuation, [0]), 1009
            ),
            ([0x82, 0xff, 0, 0, 0xff, 0, 0, 0, 0, 0, 1, 2, 3, 4], 1009),
        ] as [([UInt8], UInt16)])
    func violations(wire: [UInt8], code: UInt16) throws {
        var limits = Limits()
        limits.maxMessageSize = 5000
        let (server, address) = try Fixture.server(
            AcceptProfile(subprotocols: [], requiresSubprotocol: false, validatesText: true), limits: limits)
        let peer = try RawPeer.opened(server, address)
        peer.send(RawPeer.frame(.text, [0x6f]) + wire + RawPeer.frame(.text, [0x70]))
        try step(server, pumping: peer) { peer.hasEnded }
        #expect(peer.closeCode == code)
        #expect(peer.frames.count == 1)
        peer.close()
        try step(server) { server.closed.count == 1 }
        guard case .violation(code, _) = server.closed[0].end else {
            Issue.record("ended with \(server.closed[0].end)")
            return
        }
        #expect(server.messages.map(\.bytes) == [[0x6f]])
    }

    @Test("a message that inflates beyond the limit is refused with 1009, a corrupt one with 1007")
    func compressedViolations() throws {
        var limits = Limits()
        limits.maxMessageSize = 5000
        let accept = AcceptProfile(
            subprotocols: [], requiresSubprotocol: false, deflate: DeflatePolicy(), validatesText: true)
        let pair = try Pair(accept: accept, deflate: DeflatePolicy(), serverLimits: limits)
        pair.client.send([UInt8](repeating: 0, count: 5000), to: pair.clientLink)
        try step(pair.server, pair.client) { pair.server.messages.count == 1 }
        pair.client.send([UInt8](repeating: 0, count: 5001), to: pair.clientLink)
        try step(pair.server, pair.client) { pair.client.closed.count == 1 && pair.server.closed.count == 1 }
        #expect(pair.client.closed[0].end == .closed(code: 1009))

        let (server, address) = try Fixture.server(accept)
        for (payload, code) in [([0xff, 0xff, 0xff], 1007), ([0x3a, 0xf9, 0xfc, 0x00], 1007)] as [([UInt8], UInt16)] {
            let peer = try RawPeer.opened(
                server, address, fields: "Sec-WebSocket-Extensions: permessage-deflate\r\n")
            peer.send(RawPeer.frame(.text, payload, compressed: true))
            try step(server, pumping: peer) { peer.hasEnded }
            #expect(peer.closeCode == code)
        }
    }

    @Test(
        "the client fails a server that masks, or compresses what was not agreed on",
        arguments: [RawPeer.frame(.text, [0x61]), RawPeer.frame(.text, [0x61], compressed: true, key: nil)])
    func clientChecksServer(wire: [UInt8]) throws {
        // Between the two a relay, which finishes a true handshake and then speaks for the server.
        let (server, address) = try Fixture.server()
        let client = try Fixture.client()
        let toClient = try RawPeer.connected(by: client)
        try step(client, pumping: toClient) { toClient.body != nil }
        let toServer = try RawPeer(connectingTo: address)
        toServer.send(toClient.received)
        try step(server, pumping: toServer) { toServer.body != nil }
        toClient.send(toServer.received)
        try step(client, pumping: toClient) { client.opened.count == 1 }
        toClient.send(wire)
        try step(client, pumping: toClient) { toClient.hasEnded }
        #expect(toClient.closeCode == 1002)
        toClient.close()
        try step(client) { client.closed.count == 1 }
        guard case .violation(1002, _) = client.closed[0].end else {
            Issue.record("ended with \(client.closed[0].end)")
            return
        }
    }
}
