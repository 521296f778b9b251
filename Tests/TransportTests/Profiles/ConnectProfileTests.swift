import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket
import Synchronization
import Testing

/// What the profile of a loop's own connections does on the wire.
@Suite(.serialized)
struct ConnectProfileTests {
    private static let millisecond: UInt64 = 1_000_000

    private func client(_ change: (inout ConnectProfile) -> Void) throws -> Station {
        var profile = ConnectProfile(host: "router.example:81", path: "/ws?a=b", subprotocols: [])
        change(&profile)
        return Station(try LinkLoop(limits: Limits(), connect: profile))
    }

    @Test("the request has path, host and exactly the subprotocols that are configured, in their order")
    func request() throws {
        for order in [["wamp.2.json", "wamp.2.msgpack"], ["wamp.2.msgpack", "wamp.2.json"], ["wamp.2.json"]] {
            let client = try client { $0.subprotocols = order }
            let fields = "Sec-WebSocket-Protocol: \(order[0])\r\n"
            let head = try RawPeer.accepted(from: client, fields: fields).head
            #expect(head.hasPrefix("GET /ws?a=b HTTP/1.1\r\n"))
            #expect(head.contains("\r\nHost: router.example:81\r\n"))
            let offered = head.matches(of: #/Sec-WebSocket-Protocol: (.*?)\r\n/#).map { String($0.output.1) }
            #expect(offered == [order.joined(separator: ", ")])
            #expect(!head.contains("Sec-WebSocket-Extensions"))
        }
    }

    @Test("the request has the fields of the profile, and in their place those of its own connection alone")
    func fields() throws {
        let common = [try RequestField("X-Tenant", "a"), try RequestField("Cookie", "b=c")]
        let client = try client { $0.fields += common }
        func fields(_ opening: OwnOpening?) throws -> [String] {
            // Each connection is closed, so that the next one may have its place.
            let peer = try RawPeer.connected(by: client, opening: opening)
            try step(client, pumping: peer) { peer.body != nil }
            let lines = peer.head.split(separator: "\r\n").map(String.init)
            let ended = client.closed.count
            peer.close()
            try step(client) { client.closed.count > ended }
            let names = ["User-Agent:", "X-Tenant:", "Cookie:", "cookie:"]
            return lines.filter { line in names.contains { line.hasPrefix($0) } }
        }
        let plain = ["User-Agent: Rennbahn", "X-Tenant: a", "Cookie: b=c"]
        #expect(try fields(nil) == plain)
        let own = OwnOpening(fields: [try RequestField("cookie", "d=e"), try RequestField("User-Agent", "me")])
        #expect(try fields(own) == ["X-Tenant: a", "cookie: d=e", "User-Agent: me"])
        // Whoever has its place behind it has nothing of it.
        #expect(try fields(nil) == plain)
        #expect(client.loop.occupiedTables.filter { $0.hasPrefix("openings") } == [])
    }

    @Test(
        "each parameter of compression stands in the offer",
        arguments: [
            (DeflatePolicy(), "permessage-deflate; client_max_window_bits"),
            (
                DeflatePolicy(requestNoContextTakeover: true),
                "permessage-deflate; server_no_context_takeover; client_max_window_bits"
            ),
            (
                DeflatePolicy(requestMaxWindowBits: 10),
                "permessage-deflate; server_max_window_bits=10; client_max_window_bits"
            ),
            (
                DeflatePolicy(noContextTakeover: true),
                "permessage-deflate; client_no_context_takeover; client_max_window_bits"
            ),
            (DeflatePolicy(maxWindowBits: 9), "permessage-deflate; client_max_window_bits=9"),
        ])
    func compression(policy: DeflatePolicy, offer: String) throws {
        let client = try client { $0.deflate = policy }
        let head = try RawPeer.accepted(from: client).head
        #expect(head.firstMatch(of: #/Sec-WebSocket-Extensions: (.*?)\r\n/#)?.output.1 == offer[...])
    }

    @Test("long messages leave in masked fragments of the configured size")
    func fragments() throws {
        let client = try client { $0.options.fragmentSize = 4 }
        let server = try RawPeer.accepted(from: client)
        try step(client, pumping: server) { !client.opened.isEmpty }
        client.send(Array("0123456789".utf8), .text, to: client.opened[0].link)
        try step(client, pumping: server) { server.frames.count == 3 }
        #expect(server.frames.map { String(decoding: $0.payload, as: UTF8.self) } == ["0123", "4567", "89"])
        #expect(server.frames.map(\.opcode) == [.text, .continuation, .continuation])
        let body = try #require(server.body)
        let header = try #require(try FrameHeader.parse(body.span, in: 0..<body.count))
        #expect(header.maskKey != nil)
    }

    @Test("a server that does not answer a ping is reset, and one that does is kept")
    func pings() throws {
        let client = try client {
            $0.options.autoPing = .init(
                interval: 10 * ConnectProfileTests.millisecond, timeout: 40 * ConnectProfileTests.millisecond, size: 15,
                restartsOnTraffic: false)
        }
        let server = try RawPeer.accepted(from: client)
        try step(client, pumping: server) { server.frames.count == 1 }
        #expect(server.frames[0].opcode == .ping && server.frames[0].payload.count == 15)
        server.send(RawPeer.frame(.pong, server.frames[0].payload, key: nil))
        try step(client, pumping: server) { server.frames.count == 2 }
        #expect(client.closed.isEmpty)
        try step(client, pumping: server) { client.closed.count == 1 }
        #expect(client.closed[0].end == .pingTimeout)
    }

    @Test("a frame or a message beyond its limit ends the connection with 1009", arguments: [true, false])
    func sizes(ofFrame: Bool) throws {
        let client = try client {
            if ofFrame { $0.options.maxFrameSize = 10 } else { $0.maxMessageSize = 10 }
        }
        let server = try RawPeer.accepted(from: client)
        server.send(RawPeer.frame(.binary, [UInt8](repeating: 1, count: 10), key: nil))
        try step(client, pumping: server) { client.messages.count == 1 }
        server.send(RawPeer.frame(.binary, [UInt8](repeating: 1, count: 11), key: nil))
        try step(client, pumping: server) { server.closeCode == 1009 }
    }

    @Test(
        "a violation is answered with a Close frame, or with a reset where that is configured",
        arguments: [true, false])
    func failing(byDrop: Bool) throws {
        let client = try client { $0.options.failsByDrop = byDrop }
        let server = try RawPeer.accepted(from: client)
        // A server must not mask.
        server.send(RawPeer.frame(.text, [0x61]))
        try step(client, pumping: server) { client.closed.count == 1 || server.closeCode != nil }
        #expect(server.closeCode == (byDrop ? nil : 1002))
    }

    @Test(
        "a Close is answered with 1000, its code, or code and reason",
        arguments: [
            (WebSocketOptions.CloseAnswer.normalClosure, [UInt8]([0x03, 0xe8])), (.code, [0x03, 0xe9]),
            (.codeAndReason, [0x03, 0xe9, 0x62, 0x79, 0x65]),
        ])
    func closeAnswer(answer: WebSocketOptions.CloseAnswer, payload: [UInt8]) throws {
        let client = try client { $0.options.closeAnswer = answer }
        let server = try RawPeer.accepted(from: client)
        server.send(RawPeer.frame(.close, [0x03, 0xe9] + Array("bye".utf8), key: nil))
        try step(client, pumping: server) { !server.frames.isEmpty }
        #expect(server.frames[0].payload == payload)
    }

    @Test("a server that never answers the request, or our Close, is given up after its timeout")
    func timeouts() throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        defer { Sockets.close(listener) }
        let silent = try client {
            $0.connectTimeout = 10_000 * ConnectProfileTests.millisecond
            $0.openHandshakeTimeout = 20 * ConnectProfileTests.millisecond
        }
        _ = try silent.loop.connect(to: Sockets.boundAddress(of: listener))
        try step(silent) { silent.closed.count == 1 }
        #expect(silent.closed[0].end == .openHandshakeTimeout)

        let closing = try client { $0.closeHandshakeTimeout = 20 * ConnectProfileTests.millisecond }
        let server = try RawPeer.accepted(from: closing)
        try step(closing, pumping: server) { !closing.opened.isEmpty }
        closing.loop.close(closing.opened[0].link, code: .normalClosure)
        try step(closing, pumping: server) { closing.closed.count == 1 }
        #expect(closing.closed[0].end == .closeHandshakeTimeout)
    }

    @Test("a connection that does not come about in its time is refused")
    func connectTimeout() throws {
        let listener = try Sockets.listen(.loopback(port: 0), backlog: 1)
        defer { Sockets.close(listener) }
        let address = try Sockets.boundAddress(of: listener)
        // Nobody accepts: once the queue is full the kernel answers no further connection.
        let waiting = try (0..<4).map { _ in try Sockets.connect(to: address).descriptor }
        defer { for descriptor in waiting { Sockets.close(descriptor) } }
        let client = try client { $0.connectTimeout = 20 * ConnectProfileTests.millisecond }
        _ = try client.loop.connect(to: address)
        try step(client) { client.closed.count == 1 }
        #expect(client.closed[0].end == .refused(errno: SystemError.timedOut))
    }

    @Test("a traced connection tells its handshake, its frames and its messages in both directions")
    func traced() throws {
        let notes = Notes()
        let client = try client { $0.tracer = notes }
        let server = try RawPeer.accepted(from: client)
        try step(client, pumping: server) { !client.opened.isEmpty }
        client.send([1], to: client.opened[0].link)
        server.send(RawPeer.frame(.text, [0x61], key: nil))
        try step(client, pumping: server) { !client.messages.isEmpty && server.frames.count == 1 }
        server.close()
        try step(client, pumping: server) { client.closed.count == 1 }
        let lines = notes.lines
        for line in ["head sent", "head received", "frame sent", "frame received", "message sent", "message received"] {
            #expect(lines.filter { $0 == line }.count == 1, "\(line): \(lines)")
        }
        #expect(lines.last == "ended")
    }
}

private final class Notes: LinkTracer {
    private let noted = Mutex<[String]>([])

    var lines: [String] { noted.withLock { $0 } }
    private func note(_ line: String) { noted.withLock { $0.append(line) } }

    func accepted(_ link: LinkID, from peer: SocketAddress?) { note("accepted") }
    func handshake(_ direction: TraceDirection, _ link: LinkID, _ head: Span<UInt8>) { note("head \(direction)") }
    func frame(_ direction: TraceDirection, _ link: LinkID, _ header: FrameHeader) { note("frame \(direction)") }
    func message(
        _ direction: TraceDirection, _ link: LinkID, _ kind: MessageKind, subprotocol: String?, _ bytes: Span<UInt8>
    ) { note("message \(direction)") }
    func ended(_ link: LinkID, _ end: LinkEnd) { note("ended") }
}
