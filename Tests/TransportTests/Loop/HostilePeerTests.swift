import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket
import Testing

/// Peers that mean harm: each connection ends in its time, with the answer that the protocol has, and gives back what it held.
///
/// Time is handed in: a turn takes ten milliseconds, however long it really takes.
@Suite(.serialized)
struct HostilePeerTests {
    private static let turnTime: UInt64 = 10_000_000
    private static let second: UInt64 = 1_000_000_000

    private static func server(
        deflate: DeflatePolicy? = nil, options: WebSocketOptions = WebSocketOptions(), maxMessageSize: Int = 64 * 1024
    ) throws -> (Station, SocketAddress) {
        var limits = Limits()
        limits.openHandshakeTimeout = 5 * second
        limits.closeHandshakeTimeout = 2 * second
        limits.maxHeaderSize = 4096
        limits.maxMessageSize = maxMessageSize
        limits.maxConnections = 64
        var profile = AcceptProfile(subprotocols: [], requiresSubprotocol: false, deflate: deflate)
        profile.options = options
        let (server, address) = try Fixture.server(profile, limits: limits)
        server.turnTime = turnTime
        return (server, address)
    }

    /// Nothing of any peer is left: no connection, no output, no message, no codec, no socket.
    private static func expectNothingLeft(
        _ server: Station, _ address: SocketAddress, location: SourceLocation = #_sourceLocation
    ) {
        #expect(server.loop.linkCount == 0, sourceLocation: location)
        #expect(server.loop.queuedBytes == 0, sourceLocation: location)
        #expect(server.loop.messageMemory <= server.loop.limits.keptInflated, sourceLocation: location)
        #expect(server.loop.liveCodecs == 0, sourceLocation: location)
        // The listener's own.
        #expect(socketCount(port: address.port) == 1, sourceLocation: location)
    }

    /// The seconds that pass on the server's clock until it has ended `count` connections.
    private static func secondsUntilGone(
        _ count: Int, _ server: Station, _ peer: RawPeer, before eachTurn: () -> Void = {}
    ) throws -> Double {
        let start = server.loop.now
        // Ten seconds: nobody may stay as long.
        try step(server, turns: 1000, pumping: peer) {
            eachTurn()
            return server.closed.count == count
        }
        return Double(server.loop.now - start) / Double(second)
    }

    @Test("slowloris: a request that comes octet by octet for ever is over with the handshake's time, for all of them")
    func slowloris() throws {
        let (server, address) = try Self.server()
        let peers = try (0..<30).map { _ in try RawPeer(connectingTo: address) }
        try step(server, pumping: peers[0]) { server.loop.linkCount == 30 }
        for peer in peers { peer.send("GET /ws HTTP/1.1\r\nX-Long: ") }
        let seconds = try Self.secondsUntilGone(30, server, peers[0]) {
            for peer in peers where !peer.hasEnded { peer.send("a") }
        }
        #expect(seconds > 4 && seconds < 6)
        #expect(server.closed.allSatisfy { $0.end == .openHandshakeTimeout } && server.opened.isEmpty)
        for peer in peers { peer.close() }
        Self.expectNothingLeft(server, address)
    }

    @Test("header flood: the request is refused with 431 at the limit, and whoever goes on sending is cut off")
    func headerFlood() throws {
        let (server, address) = try Self.server()
        let peer = try RawPeer(connectingTo: address)
        let line = "X-Flood: " + String(repeating: "f", count: 100) + "\r\n"
        peer.send("GET /ws HTTP/1.1\r\n" + String(repeating: line, count: 10_000))
        let seconds = try Self.secondsUntilGone(1, server, peer) { if !peer.hasEnded { peer.send(line) } }
        #expect(seconds < 6 && server.opened.isEmpty)
        guard case .handshake(status: 431, reason: _, retryAfter: _) = server.closed[0].end else {
            Issue.record("ended with \(server.closed[0].end)")
            return
        }
        // The limit, and what one read may bring besides.
        #expect(server.loop.counters.value.bytesIn < 2_000_000)
        peer.close()
        Self.expectNothingLeft(server, address)
    }

    @Test("a frame that comes octet by octet, and one that stops in its middle, end with the pings' time")
    func slowFrames() throws {
        var options = WebSocketOptions()
        options.autoPing = WebSocketOptions.AutoPing(
            interval: Self.second, timeout: Self.second, restartsOnTraffic: false)
        let (server, address) = try Self.server(options: options)
        let dripping = try RawPeer.opened(server, address)
        let stuck = try RawPeer.opened(server, address)
        let frame = RawPeer.frame(.binary, Fixture.noise(60_000))
        stuck.send(Array(frame[..<50_000]))
        var sent = 0
        let seconds = try Self.secondsUntilGone(2, server, dripping) {
            if !dripping.hasEnded { dripping.send([frame[sent]]) }
            sent += 1
        }
        #expect(seconds > 1.5 && seconds < 4 && server.messages.isEmpty)
        #expect(server.closed.allSatisfy { $0.end == .pingTimeout })
        dripping.close()
        stuck.close()
        Self.expectNothingLeft(server, address)
    }

    @Test("an oversized frame is refused with 1009 by its header alone")
    func oversizedFrame() throws {
        let (server, address) = try Self.server()
        let peer = try RawPeer.opened(server, address)
        // The header of a masked frame that announces 2^40 octets, of which none follows.
        peer.send([0x82, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4])
        try step(server, pumping: peer) { peer.closeCode != nil }
        #expect(peer.closeCode == 1009)
        // It never answers our close frame.
        let seconds = try Self.secondsUntilGone(1, server, peer)
        #expect(seconds < 3 && server.messages.isEmpty)
        peer.close()
        Self.expectNothingLeft(server, address)
    }

    @Test("fragments without end are refused with 1009 where they pass the limit")
    func endlessMessage() throws {
        let (server, address) = try Self.server()
        let peer = try RawPeer.opened(server, address)
        peer.send(RawPeer.frame(.binary, Fixture.noise(1000), isFinal: false))
        for _ in 0..<100 { peer.send(RawPeer.frame(.continuation, Fixture.noise(1000), isFinal: false)) }
        try step(server, pumping: peer) { peer.closeCode != nil }
        #expect(peer.closeCode == 1009)
        #expect(try Self.secondsUntilGone(1, server, peer) < 3)
        peer.close()
        Self.expectNothingLeft(server, address)
    }

    @Test("a fragmented control frame is a protocol error", arguments: [Opcode.ping, .pong, .close])
    func fragmentedControl(opcode: Opcode) throws {
        let (server, address) = try Self.server()
        let peer = try RawPeer.opened(server, address)
        peer.send(RawPeer.frame(opcode, [1, 2, 3], isFinal: false))
        try step(server, pumping: peer) { peer.closeCode != nil }
        #expect(peer.closeCode == 1002)
        let seconds = try Self.secondsUntilGone(1, server, peer)
        #expect(seconds < 3)
        peer.close()
        Self.expectNothingLeft(server, address)
    }

    @Test("a close that is never answered is waited for as long as its time-out, frames meanwhile or not")
    func unansweredClose() throws {
        let (server, address) = try Self.server()
        let peer = try RawPeer.opened(server, address)
        server.loop.close(server.opened[0].link, code: .normalClosure)
        let seconds = try Self.secondsUntilGone(1, server, peer) { peer.send(RawPeer.frame(.ping, [])) }
        #expect(seconds > 1.5 && seconds < 3)
        #expect(server.closed[0].end == .closeHandshakeTimeout && peer.closeCode == 1000)
        peer.close()
        Self.expectNothingLeft(server, address)
    }

    @Test("pings that are never answered end the connection")
    func unansweredPings() throws {
        var options = WebSocketOptions()
        // The kernel, which knows of traffic, has a clock of its own.
        options.autoPing = WebSocketOptions.AutoPing(
            interval: Self.second, timeout: Self.second, restartsOnTraffic: false)
        let (server, address) = try Self.server(options: options)
        let peer = try RawPeer.opened(server, address)
        let seconds = try Self.secondsUntilGone(1, server, peer)
        #expect(seconds > 1.5 && seconds < 4)
        #expect(server.closed[0].end == .pingTimeout)
        peer.close()
        Self.expectNothingLeft(server, address)
    }

    @Test("a decompression bomb is stopped at the message's limit, and its codec and its buffer go with it")
    func decompressionBomb() throws {
        let (server, address) = try Self.server(deflate: DeflatePolicy(), maxMessageSize: 8 << 20)
        let peer = try RawPeer.opened(
            server, address, fields: "Sec-WebSocket-Extensions: permessage-deflate\r\n")
        #expect(peer.head.contains("permessage-deflate"))
        // Blocks of RFC 1951 with fixed codes: a zero octet, then its copies, 258 at a time, three bytes for eight of them.
        peer.send(RawPeer.frame(.binary, Bomb.zeros(megabytes: 16), compressed: true))
        try step(server, pumping: peer) { peer.closeCode != nil }
        #expect(peer.closeCode == 1009 && server.messages.isEmpty)
        // At once, and not with the next message or with the connection.
        #expect(server.loop.messageMemory <= server.loop.limits.keptInflated)
        #expect(try Self.secondsUntilGone(1, server, peer) < 3)
        peer.close()
        Self.expectNothingLeft(server, address)
    }

    @Test(
        "a large compressed message gives its memory back when it was dealt with, and when its connection was failed by it"
    )
    func largeMessage() throws {
        for isRefused in [false, true] {
            let (server, address) = try Self.server(deflate: DeflatePolicy(), maxMessageSize: 16 << 20)
            let peer = try RawPeer.opened(
                server, address, fields: "Sec-WebSocket-Extensions: permessage-deflate\r\n")
            var memory = 0
            server.onMessage = { message in
                memory = server.loop.messageMemory
                if isRefused { server.loop.fail(message.link, code: .policyViolation, reason: "not wanted") }
            }
            peer.send(RawPeer.frame(.binary, Bomb.zeros(megabytes: 8), compressed: true))
            try step(server, pumping: peer) { server.messages.count == 1 }
            #expect(server.messages[0].bytes.count > 8_000_000 && memory > 8_000_000)
            if isRefused {
                #expect(try Self.secondsUntilGone(1, server, peer) < 3)
            } else {
                #expect(server.loop.messageMemory <= server.loop.limits.keptInflated && server.loop.linkCount == 1)
                // The next one finds a buffer, too.
                peer.send(RawPeer.frame(.binary, Bomb.zeros(megabytes: 1), compressed: true))
                try step(server, pumping: peer) { server.messages.count == 2 }
                #expect(server.loop.messageMemory <= server.loop.limits.keptInflated)
            }
            peer.close()
            try step(server) { server.closed.count == 1 }
            Self.expectNothingLeft(server, address)
        }
    }
}

/// Much from little.
private enum Bomb {
    /// One block with fixed codes (RFC 1951, section 3.2.6): a literal 0, then matches of length 258 at distance 1.
    static func zeros(megabytes: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var pending = 0
        var count = 0
        func append(_ bit: Int) {
            pending |= bit << count
            count += 1
            if count == 8 {
                bytes.append(UInt8(pending))
                (pending, count) = (0, 0)
            }
        }
        // Codes stand with their first bit first.
        func append(code: Int, bits: Int) { for bit in (0..<bits).reversed() { append(code >> bit & 1) } }
        append(0)  // not the last block
        append(1)  // fixed codes: 01, its low bit first
        append(0)
        append(code: 0b0011_0000, bits: 8)  // the literal 0
        for _ in 0..<(megabytes * 1024 * 1024 / 258) {
            append(code: 0b1100_0101, bits: 8)  // length 258
            append(code: 0, bits: 5)  // distance 1
        }
        append(code: 0, bits: 7)  // end of the block
        // An empty stored block, of which the four octets of its length are left out (RFC 7692, section 7.2.1).
        append(0)
        append(0)
        append(0)
        while count != 0 { append(0) }
        return bytes
    }
}
