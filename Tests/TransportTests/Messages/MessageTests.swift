import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket
import Testing

/// Messages of all sizes, both ways, with every agreement on compression.
@Suite(.serialized)
struct MessageTests {
    struct Setting: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var server: DeflatePolicy?
        var client: DeflatePolicy?
    }

    static let settings: [Setting] =
        [
            Setting(testDescription: "not compressed", server: nil, client: nil),
            Setting(testDescription: "declined by the server", server: nil, client: DeflatePolicy()),
            Setting(testDescription: "context takeover", server: DeflatePolicy(), client: DeflatePolicy()),
            Setting(
                testDescription: "no takeover of the server", server: DeflatePolicy(noContextTakeover: true),
                client: DeflatePolicy()),
            Setting(
                testDescription: "no takeover of the client", server: DeflatePolicy(),
                client: DeflatePolicy(noContextTakeover: true)),
            Setting(
                testDescription: "no takeover asked of the client",
                server: DeflatePolicy(requestNoContextTakeover: true), client: DeflatePolicy()),
            Setting(
                testDescription: "no takeover of either",
                server: DeflatePolicy(noContextTakeover: true, requestNoContextTakeover: true),
                client: DeflatePolicy(noContextTakeover: true, requestNoContextTakeover: true)),
        ]
        + (9...15).map { (bits: Int) in
            Setting(
                testDescription: "windows of \(bits) bits",
                server: DeflatePolicy(maxWindowBits: bits, requestMaxWindowBits: bits), client: DeflatePolicy())
        }

    static let sizes = [0, 1, 125, 126, 65_535, 65_536, 200_000]

    @Test("messages arrive as they were sent, in order, both ways", arguments: settings)
    func exchange(setting: Setting) throws {
        let accept = AcceptProfile(
            subprotocols: [], requiresSubprotocol: false, deflate: setting.server, validatesText: true)
        let pair = try Pair(accept: accept, deflate: setting.client)
        var expected: [(MessageKind, [UInt8])] = []
        for size in Self.sizes + Self.sizes.reversed() {
            expected.append((.text, Fixture.text(size)))
            expected.append((.binary, Fixture.noise(size, seed: UInt64(size + 1))))
        }
        for (kind, bytes) in expected {
            #expect(pair.client.send(bytes, kind, to: pair.clientLink) != .gone)
            #expect(pair.server.send(bytes, kind, to: pair.serverLink) != .gone)
        }
        try step(pair.server, pair.client) {
            pair.server.messages.count == expected.count && pair.client.messages.count == expected.count
        }
        for station in [pair.server, pair.client] {
            for (message, wanted) in zip(station.messages, expected) {
                #expect(message.kind == wanted.0 && message.bytes == wanted.1)
            }
        }
        try step(pair.server, pair.client) { pair.client.loop.queuedBytes == 0 }
        #expect(pair.server.loop.queuedBytes == 0)
        #expect(pair.server.closed.isEmpty && pair.client.closed.isEmpty)
    }

    @Test("compression saves bytes on the wire, and takeover saves more")
    func compressionIsUsed() throws {
        func bytesOut(_ policy: DeflatePolicy?) throws -> UInt64 {
            let accept = AcceptProfile(subprotocols: [], requiresSubprotocol: false, deflate: policy)
            let pair = try Pair(accept: accept, deflate: policy)
            let before = pair.server.loop.counters.value.bytesOut
            for _ in 0..<10 { pair.server.send(Fixture.text(2000), .text, to: pair.serverLink) }
            try step(pair.server, pair.client) { pair.client.messages.count == 10 }
            return pair.server.loop.counters.value.bytesOut - before
        }
        let plain = try bytesOut(nil)
        let alone = try bytesOut(DeflatePolicy(noContextTakeover: true, requestNoContextTakeover: true))
        let linked = try bytesOut(DeflatePolicy())
        #expect(plain == 10 * 2004)
        #expect(alone < plain / 5 && linked < alone / 2)
    }

    @Test("a fragmented message with pings inside arrives whole, and each ping is answered in order")
    func fragments() throws {
        let (server, address) = try Fixture.server()
        let peer = try RawPeer.opened(server, address)
        let bytes = Fixture.noise(50_000)
        var wire: [UInt8] = []
        for (number, start) in stride(from: 0, to: bytes.count, by: 5000).enumerated() {
            let piece = Array(bytes[start..<start + 5000])
            wire += RawPeer.frame(
                number == 0 ? .binary : .continuation, piece, isFinal: start + 5000 == bytes.count)
            wire += RawPeer.frame(.ping, [UInt8(number)])
        }
        peer.send(wire)
        try step(server, pumping: peer) { server.messages.count == 1 && peer.frames.count == 10 }
        #expect(server.messages[0].bytes == bytes)
        #expect(peer.frames == (0..<10).map { RawPeer.Frame(opcode: .pong, isFinal: true, payload: [$0]) })
    }

    @Test("many frames in one segment, then cut anywhere, are all told apart")
    func gluedAndCut() throws {
        let (server, address) = try Fixture.server()
        let peer = try RawPeer.opened(server, address)
        var wire: [UInt8] = []
        let payloads = (0..<40).map { Fixture.text($0 * 11) }
        for payload in payloads { wire += RawPeer.frame(.text, payload) }
        peer.send(wire)
        try step(server, pumping: peer) { server.messages.count == payloads.count }
        #expect(server.messages.map(\.bytes) == payloads)
        server.forgetMessages()

        for cut in stride(from: 1, to: wire.count, by: 53) {
            let seen = server.loop.counters.value.bytesIn
            peer.send(Array(wire[..<cut]))
            try step(server, pumping: peer) { server.loop.counters.value.bytesIn == seen + UInt64(cut) }
            peer.send(Array(wire[cut...]))
            try step(server, pumping: peer) { server.messages.count == payloads.count }
            #expect(server.messages.map(\.bytes) == payloads)
            server.forgetMessages()
        }
    }

    @Test("frames that come octet by octet are read")
    func dribble() throws {
        let (server, address) = try Fixture.server()
        let peer = try RawPeer.opened(server, address)
        let wire =
            RawPeer.frame(.binary, Fixture.noise(300)) + RawPeer.frame(.ping, [7])
            + RawPeer.frame(.text, Array("äöü".utf8), isFinal: false) + RawPeer.frame(.continuation, [0x21])
        for octet in wire {
            peer.send([octet])
            server.turn()
        }
        try step(server, pumping: peer) { server.messages.count == 2 && peer.frames.count == 1 }
        #expect(server.messages[0].bytes == Fixture.noise(300))
        #expect(server.messages[1].bytes == Array("äöü!".utf8))
    }

    @Test("what a turn sends to a connection leaves in one piece at its end")
    func cork() throws {
        let (server, address) = try Fixture.server()
        let peer = try RawPeer.opened(server, address)
        let before = server.loop.counters.value.bytesOut
        for number in 0..<100 { server.send([UInt8(number)], to: server.opened[0].link) }
        #expect(server.loop.counters.value.bytesOut == before)
        #expect(server.loop.queuedBytes == 300)
        server.loop.flush()
        #expect(server.loop.counters.value.bytesOut == before + 300)
        #expect(server.loop.queuedBytes == 0)
        #expect(server.loop.counters.value.messagesOut == 100)
        try step(server, pumping: peer) { peer.frames.count == 100 }
        #expect(peer.frames.map(\.payload) == (0..<100).map { [UInt8($0)] })
    }

    @Test("a message is built once for many connections, whatever each has agreed on")
    func oneMessageForMany() throws {
        let accept = AcceptProfile(subprotocols: [], requiresSubprotocol: false, deflate: DeflatePolicy())
        let (server, address) = try Fixture.server(accept)
        let policies: [DeflatePolicy?] = [
            nil, DeflatePolicy(), DeflatePolicy(requestNoContextTakeover: true), nil,
            DeflatePolicy(requestNoContextTakeover: true, requestMaxWindowBits: 10),
            DeflatePolicy(requestNoContextTakeover: true), DeflatePolicy(requestMaxWindowBits: 9),
        ]
        var clients: [Station] = []
        for policy in policies {
            let client = try Fixture.client(deflate: policy)
            _ = try client.loop.connect(to: address)
            try step(server, client) { client.opened.count == 1 }
            clients.append(client)
        }
        let payloads = (1...5).map { Fixture.text($0 * 3000) + Fixture.noise(100, seed: UInt64($0)).map { $0 & 0x7f } }
        var message = OutgoingMessage()
        for payload in payloads {
            message.begin(.text)
            message.payload.append(payload.span)
            for (link, _) in server.opened { #expect(server.loop.send(&message, to: link) == .queued) }
        }
        for client in clients {
            try step(server, client) { client.messages.count == payloads.count }
            #expect(client.messages.map(\.bytes) == payloads)
            #expect(client.closed.isEmpty)
        }
    }

    /// Frames of blocks of their own, and frames that share the bytes of the turn, more than the turn has room for.
    @Test(
        "shared frames go to fast and slow connections alike, and are gone when all have them",
        arguments: [(100_000, 40, 1), (3000, 300, 300), (3000, 300, 7)])
    func sharedFrames(size: Int, count: Int, aTurn: Int) throws {
        let (server, address) = try Fixture.server(sendBuffer: 65_536)
        let slow = try RawPeer.opened(server, address)
        slow.isReading = false
        let fast = try RawPeer.opened(server, address)
        let payloads = (0..<count).map { Fixture.noise(size, seed: UInt64($0)) }
        for (index, payload) in payloads.enumerated() {
            var message = OutgoingMessage()
            message.begin(.binary)
            message.payload.append(payload.span)
            for (link, _) in server.opened { #expect(server.loop.share(&message, with: link) != .gone) }
            server.loop.release(&message)
            if index % aTurn == aTurn - 1 { server.loop.flush() }
        }
        try step(server, pumping: fast) { fast.received.count > count * size }
        #expect(server.loop.queuedBytes > 0)
        slow.isReading = true
        try step(server, pumping: slow) { slow.received.count >= fast.received.count }
        #expect(fast.frames.map(\.payload) == payloads)
        #expect(slow.frames == fast.frames)
        #expect(server.loop.queuedBytes == 0)
    }

    /// Two messages are shared by turns, as an event in two serializers is. The second one ends the turn's output, for
    /// want of room; what comes behind it lies where the first one was.
    @Test("a frame whose turn has ended is shared anew")
    func sharedAcrossTurns() throws {
        let (server, address) = try Fixture.server()
        let peers = try (0..<2).map { _ in try RawPeer.opened(server, address) }
        let links = server.opened.map(\.link)
        let head = 4
        var sent: [[UInt8]] = []
        func message(_ size: Int) -> OutgoingMessage {
            let payload = Fixture.noise(size, seed: UInt64(sent.count))
            sent.append(payload)
            var message = OutgoingMessage()
            message.begin(.binary)
            message.payload.append(payload.span)
            return message
        }
        func fill(_ count: Int) {
            for _ in 0..<count {
                var message = message(3000)
                #expect(server.loop.share(&message, with: links[0]) != .gone)
                server.loop.release(&message)
            }
        }
        fill((ChunkPool.turnCapacity - 7000) / (3000 + head) + 1)
        let index = sent.count
        var first = message(3000)
        var second = message(4000)
        for link in links {
            #expect(server.loop.share(&first, with: link) != .gone)
            #expect(server.loop.share(&second, with: link) != .gone)
        }
        server.loop.release(&first)
        server.loop.release(&second)
        fill(85)
        for (peer, expected) in zip(peers, [sent, Array(sent[index...index + 1])]) {
            try step(server, pumping: peer) { peer.frames.count == expected.count }
            #expect(peer.frames.map(\.payload) == expected)
        }
    }
}
