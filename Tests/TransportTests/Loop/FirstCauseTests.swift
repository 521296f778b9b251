import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket
import Testing

/// How a connection ends is told as what began it, also where the end itself went on to something else.
@Suite(.serialized)
struct FirstCauseTests {
    /// A Close frame as a server sends it.
    private func close(_ code: UInt16, _ reason: String) -> [UInt8] {
        RawPeer.frame(.close, [UInt8(code >> 8), UInt8(code & 0xff)] + Array(reason.utf8), key: nil)
    }

    /// A client that has not read what its server said before it reset the connection.
    private func client(afterReset bytes: [UInt8], sending: Bool) throws -> Station {
        let client = try Fixture.client()
        let peer = try RawPeer.accepted(from: client)
        let link = client.opened[0].link
        peer.send(bytes)
        peer.close(reset: true)
        // The kernel of the same machine has told by then.
        if sending { client.send([1, 2, 3], to: link) }
        try step(client) { client.closed.count == 1 }
        return client
    }

    @Test(
        "a Close frame and then a reset is what the frame says, whether we were sending or not",
        arguments: [false, true])
    func closeThenReset(sending: Bool) throws {
        let client = try client(afterReset: close(1008, "busy"), sending: sending)
        #expect(client.closed[0].end == .closed(code: 1008, reason: "busy"))
        #expect(client.closed[0].end.description == "closed with 1008: busy")
    }

    @Test("what a peer gives as its reason can begin no line of a log")
    func strangeReason() {
        let end = LinkEnd.closed(code: 1000, reason: "a\nwarning: \u{1b}[2J")
        #expect(end.description == #"closed with 1000: a\u{a}warning: \u{1b}[2J"#)
    }

    @Test("a message before a reset is read, whether we were sending or not", arguments: [false, true])
    func messageThenReset(sending: Bool) throws {
        let client = try client(
            afterReset: RawPeer.frame(.text, Array("ABORT".utf8), key: nil) + close(1002, ""), sending: sending)
        #expect(client.messages.map(\.bytes) == [Array("ABORT".utf8)])
        #expect(client.closed[0].end == .closed(code: 1002))
    }

    @Test("a reset without a word is a lost connection, and nothing stays queued")
    func reset() throws {
        let client = try client(afterReset: [], sending: true)
        #expect(client.closed[0].end == .lost && client.loop.queuedBytes == 0 && client.loop.linkCount == 0)
    }

    @Test("a server that closes and then does not end the connection has closed it")
    func closeThenNothing() throws {
        var limits = Limits()
        limits.closeHandshakeTimeout = 30_000_000
        let client = try Fixture.client(limits: limits)
        let peer = try RawPeer.accepted(from: client)
        peer.send(close(1013, "later"))
        try step(client, pumping: peer) { client.closed.count == 1 }
        #expect(client.closed[0].end == .closed(code: 1013, reason: "later"))
    }

    @Test("what breaks the protocol behind a Close frame changes nothing")
    func closeThenNonsense() throws {
        let client = try Fixture.client()
        let peer = try RawPeer.accepted(from: client)
        peer.send(close(1008, "busy") + [0xff, 0xff, 0xff])
        peer.close()
        try step(client) { client.closed.count == 1 }
        #expect(client.closed[0].end == .closed(code: 1008, reason: "busy"))
    }

    @Test("a client's reason is told by the server, too")
    func clientReason() throws {
        let (server, address) = try Fixture.server()
        let peer = try RawPeer.opened(server, address)
        peer.send(RawPeer.frame(.close, [0x03, 0xe9] + Array("über".utf8)))
        peer.close()
        try step(server) { server.closed.count == 1 }
        #expect(server.closed[0].end == .closed(code: 1001, reason: "über"))
    }

    @Test("a response to the upgrade is read though the server has reset the connection")
    func refusalThenReset() throws {
        let client = try Fixture.client()
        let peer = try RawPeer.connected(by: client)
        peer.send("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
        peer.close(reset: true)
        try step(client) { client.closed.count == 1 }
        #expect(client.closed[0].end == .handshake(status: 503, reason: "Service Unavailable"))
    }
}
