import RennbahnBytes
import RennbahnTransport
import RennbahnWebSocket
import Testing

/// Peers that send nonsense: they may lose their own connection and nothing else.
@Suite(.serialized)
struct NoiseTests {
    private static func server() throws -> (Station, neighbour: Station, LinkID) {
        var limits = Limits()
        limits.maxMessageSize = 100_000
        let (server, address) = try Fixture.server(
            AcceptProfile(
                subprotocols: [], requiresSubprotocol: false, deflate: DeflatePolicy(), validatesText: true),
            limits: limits)
        let client = try Fixture.client(deflate: DeflatePolicy())
        let link = try client.loop.connect(to: address)
        try step(server, client) { client.opened.count == 1 }
        server.onMessage = { [unowned server] in server.send($0.bytes, $0.kind, to: $0.link) }
        return (server, client, link)
    }

    /// Sends `wire` over a connection of its own, ends it, and lets the neighbour have an echo.
    private static func visit(
        _ server: Station, _ neighbour: Station, _ link: LinkID, opening: Bool, _ wire: [UInt8]
    ) throws {
        let address = try #require(server.address)
        let ended = server.closed.count
        let peer = try RawPeer(connectingTo: address)
        if opening {
            peer.send(RawPeer.request("Sec-WebSocket-Extensions: permessage-deflate\r\n"))
            try step(server, pumping: peer) { peer.body != nil }
        }
        peer.send(wire)
        try step(server, pumping: peer) { peer.isDrained }
        neighbour.forgetMessages()
        neighbour.send([1, 2, 3], to: link)
        try step(server, neighbour, pumping: peer) { neighbour.messages.count == 1 }
        peer.close()
        try step(server) { server.closed.count == ended + 1 }
        #expect(neighbour.messages[0].bytes == [1, 2, 3] && neighbour.closed.isEmpty)
    }

    @Test("noise in place of a request ends that connection only")
    func noiseAsRequest() throws {
        let (server, neighbour, link) = try Self.server()
        for seed in 0..<60 {
            try Self.visit(server, neighbour, link, opening: false, Fixture.noise(seed * 7, seed: UInt64(seed)))
        }
        #expect(server.loop.linkCount == 1 && server.loop.queuedBytes == 0)
    }

    @Test("noise in place of frames ends that connection only")
    func noiseAsFrames() throws {
        let (server, neighbour, link) = try Self.server()
        for seed in 0..<200 {
            try Self.visit(server, neighbour, link, opening: true, Fixture.noise(seed * 13, seed: UInt64(seed)))
        }
        #expect(server.loop.linkCount == 1 && server.loop.queuedBytes == 0)
    }

    @Test("good frames around noise, compressed or not, end that connection only")
    func noiseInFrames() throws {
        let (server, neighbour, link) = try Self.server()
        for seed in 0..<200 {
            let noise = Fixture.noise(20 + seed * 5, seed: UInt64(seed))
            var wire: [UInt8] = []
            for (index, octet) in noise.prefix(12).enumerated() {
                let opcode: Opcode = [.text, .binary, .continuation, .ping, .binary, .pong][Int(octet) % 6]
                let length = opcode.isControl ? min(Int(octet), 125) : noise.count
                wire += RawPeer.frame(
                    opcode, Array(noise.prefix(length)), isFinal: opcode.isControl || octet & 0x40 != 0,
                    compressed: !opcode.isControl && octet & 0x80 != 0, key: UInt32(index) << 24 | 0x5a_c3_11)
            }
            try Self.visit(server, neighbour, link, opening: true, wire)
        }
        #expect(server.loop.linkCount == 1 && server.loop.queuedBytes == 0)
    }
}
