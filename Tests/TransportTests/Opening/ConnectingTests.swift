import RennbahnBytes
import RennbahnCrypto
import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket
import Testing

/// The client's half of the opening handshake, against servers that a test writes by hand.
@Suite(.serialized)
struct ConnectingTests {
    /// How a client's connection ends when the server answers its request with `response`.
    private func outcome(
        of response: String?, limits: Limits = Limits(), closing: Bool = false
    ) throws -> Station {
        let listener = try Sockets.listen(.loopback(port: 0))
        defer { Sockets.close(listener) }
        let client = try Fixture.client(subprotocols: ["wamp.2.json"], limits: limits)
        _ = try client.loop.connect(to: Sockets.boundAddress(of: listener))
        var peer: RawPeer?
        for _ in 0..<2000 where peer == nil {
            client.turn()
            if case .accepted(let descriptor) = Sockets.accept(listener) { peer = RawPeer(descriptor) }
        }
        let server = try #require(peer)
        try step(client, pumping: server) { server.body != nil }
        if let response { server.send(response) }
        if closing { server.close() }
        try step(client, pumping: server) { !client.closed.isEmpty || !client.opened.isEmpty }
        #expect(client.loop.linkCount == client.opened.count)
        return client
    }

    @Test("the subprotocol that the server chose is told")
    func subprotocol() throws {
        let pair = try Pair(subprotocols: ["chat", "wamp.2.json"])
        #expect(pair.client.opened[0].subprotocol == 1)
        #expect(pair.client.opened[0].link == pair.clientLink)
        #expect(pair.server.opened[0].subprotocol == 0)
        #expect(pair.client.loop.isOpen(pair.clientLink))
    }

    @Test("an answer other than 101 ends the connection with its status")
    func status() throws {
        for (field, seconds) in [
            ("", nil), ("Retry-After: 17\r\n", 17), ("Retry-After: soon\r\n", nil),
            ("Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 0),
        ] as [(String, UInt64?)] {
            let client = try outcome(of: "HTTP/1.1 503 Service Unavailable\r\n\(field)\r\n")
            #expect(
                client.closed.map(\.end) == [
                    .handshake(status: 503, reason: "Service Unavailable", retryAfter: seconds)
                ])
            #expect(client.closed[0].end.retryAfter == seconds)
        }
    }

    /// What a client makes of so many answers before the one that opens the connection, cut behind `cut` octets.
    private func client(hearing interim: String, cut: Int) throws -> Station {
        let client = try Fixture.client()
        let peer = try RawPeer.connected(by: client)
        try step(client, pumping: peer) { peer.body != nil }
        let key = try #require(peer.head.firstMatch(of: #/Sec-WebSocket-Key: (\S+)/#)?.output.1)
        let accept = AcceptKey.value(forDigest: SHA1.digest(AcceptKey.acceptInput(key: String(key))).span)
        let answer = Array(
            (interim + "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: \(accept)\r\n\r\n").utf8)
        peer.send(Array(answer[..<cut]))
        try step(client, pumping: peer) { client.loop.counters.value.bytesIn == UInt64(cut) }
        peer.send(Array(answer[cut...]))
        try step(client, pumping: peer) { client.opened.count + client.closed.count == 1 }
        return client
    }

    @Test("answers before the one that counts are passed over, wherever they are cut, but not without end")
    func interimAnswers() throws {
        let interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        for cut in 1...interim.utf8.count {
            let heard = try client(hearing: interim, cut: cut)
            #expect(heard.opened.count == 1 && heard.closed.isEmpty, "\(cut)")
        }
        let continuing = "HTTP/1.1 100 Continue\r\n\r\n"
        #expect(try client(hearing: String(repeating: continuing, count: 8), cut: 1).opened.count == 1)
        let endless = try client(hearing: String(repeating: continuing, count: 9), cut: 1)
        #expect(endless.closed.map(\.end) == [.handshake(status: 100, reason: "Continue")])
    }

    @Test("a server that refuses our subprotocols is told with its status")
    func refusedSubprotocol() throws {
        let (server, address) = try Fixture.server(AcceptProfile(subprotocols: ["chat"]))
        let client = try Fixture.client(subprotocols: ["wamp.2.json"])
        _ = try client.loop.connect(to: address)
        try step(server, client) { client.closed.count == 1 && server.closed.count == 1 }
        guard case .handshake(status: 400, reason: _, retryAfter: _) = client.closed[0].end else {
            Issue.record("ended with \(client.closed[0].end)")
            return
        }
    }

    @Test(
        "an answer that is no good ends the connection",
        arguments: [
            "garbage\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        ])
    func wrongAnswer(response: String) throws {
        let client = try outcome(of: response)
        guard case .handshake = try #require(client.closed.first).end else {
            Issue.record("ended with \(client.closed[0].end)")
            return
        }
    }

    @Test("a server that resets the connection after both close frames has closed it in good order")
    func resetAfterClosing() throws {
        let client = try Fixture.client()
        let server = try RawPeer.accepted(from: client)
        server.send(RawPeer.frame(.close, [0x03, 0xe9], key: nil))
        try step(client, pumping: server) { server.closeCode == 1001 }
        server.close(reset: true)
        try step(client, pumping: server) { client.closed.count == 1 }
        #expect(client.closed[0].end == .closed(code: 1001))
    }

    @Test("a server that resets the connection without a close frame has lost it")
    func resetWithoutClosing() throws {
        let client = try Fixture.client()
        let server = try RawPeer.accepted(from: client)
        server.close(reset: true)
        try step(client, pumping: server) { client.closed.count == 1 }
        #expect(client.closed[0].end == .lost)
    }

    @Test("an answer without an end is given up at the head limit")
    func largeAnswer() throws {
        var limits = Limits()
        limits.maxHeaderSize = 1024
        let client = try outcome(
            of: "HTTP/1.1 101 Switching Protocols\r\nA: \(String(repeating: "b", count: 4000))", limits: limits)
        #expect(client.closed.map(\.end) == [.handshake(status: 0, reason: "the response head is too large")])
    }

    @Test("a server that closes instead of an answer is a lost connection")
    func closedDuringHandshake() throws {
        let client = try outcome(of: "HTTP/1.1 101 Swit", closing: true)
        #expect(client.closed.map(\.end) == [.lost])
    }

    @Test("a server that does not answer is given up after the timeout")
    func silentServer() throws {
        var limits = Limits()
        limits.openHandshakeTimeout = 30_000_000
        let client = try outcome(of: nil, limits: limits)
        #expect(client.closed.map(\.end) == [.openHandshakeTimeout])
    }

    @Test("a port where nobody listens refuses the connection")
    func refused() throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        let address = try Sockets.boundAddress(of: listener)
        Sockets.close(listener)
        let client = try Fixture.client()
        let link: LinkID
        do {
            link = try client.loop.connect(to: address)
        } catch {
            #expect(SystemError.text(error.code) == "Connection refused")
            return
        }
        try step(client) { client.closed.count == 1 }
        #expect(client.closed[0].link == link)
        #expect(client.closed[0].end.description == "connect failed: Connection refused")
    }

    @Test("a loop without room says so at once and leaves no socket behind")
    func noRoom() throws {
        let (server, address) = try Fixture.server()
        var limits = Limits()
        limits.maxConnections = 1
        let client = try Fixture.client(limits: limits)
        _ = try client.loop.connect(to: address)
        #expect(throws: SystemError.self) { try client.loop.connect(to: address) }
        try step(server, client) { client.opened.count == 1 }
        #expect(client.loop.linkCount == 1)
    }
}
