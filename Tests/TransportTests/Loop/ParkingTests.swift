import RennbahnBytes
import RennbahnTransport
import RennbahnWebSocket
import RennbahnWebSocketDeflate
import Testing

@Suite("Parking of compressed connections")
struct ParkingTests {
    private static let accept = AcceptProfile(
        subprotocols: [], requiresSubprotocol: false, deflate: DeflatePolicy(), validatesText: true)

    /// Every turn sweeps, and who had a message is live.
    private static var restless: Limits {
        var limits = Limits()
        limits.codecs.messagesToLive = 1
        limits.codecs.sweepInterval = 1
        limits.codecs.stepInterval = 1
        limits.codecs.parkedPerStep = 1
        return limits
    }

    @Test("An idle connection has no state of zlib, and its messages go on where they were")
    func idle() throws {
        let pair = try Pair(
            accept: Self.accept, deflate: DeflatePolicy(), serverLimits: Self.restless, clientLimits: Self.restless)
        for round in 0..<20 {
            let message = Fixture.noise(100 + round % 3, seed: UInt64(round % 4))
            for _ in 0...round % 3 {
                pair.client.send(message, to: pair.clientLink)
                pair.server.send(message, to: pair.serverLink)
            }
            try step(pair.server, pair.client) {
                pair.server.messages.count > round % 3 && pair.client.messages.count > round % 3
            }
            #expect(pair.server.messages.allSatisfy { $0.bytes == message })
            #expect(pair.client.messages.allSatisfy { $0.bytes == message })
            pair.server.forgetMessages()
            pair.client.forgetMessages()
            try step(pair.server, pair.client) { pair.server.loop.liveCodecs == 0 && pair.client.loop.liveCodecs == 0 }
        }
    }

    @Test("A connection with few messages never gets a state of its own; a busy one does")
    func busy() throws {
        let pair = try Pair(accept: Self.accept, deflate: DeflatePolicy())
        for count in 1...6 {
            pair.client.send(Array("message".utf8), to: pair.clientLink)
            try step(pair.server, pair.client) { pair.server.messages.count == count }
            #expect(pair.server.loop.liveCodecs == (count < 4 ? 0 : 1))
            #expect(pair.client.loop.liveCodecs == (count < 4 ? 0 : 1))
        }
    }

    @Test("A fragmented message that pauses in the middle is read after its connection was swept")
    func fragments() throws {
        let (server, address) = try Fixture.server(Self.accept, limits: Self.restless)
        let client = try RawPeer(connectingTo: address)
        client.send(RawPeer.request("Sec-WebSocket-Extensions: permessage-deflate\r\n"))
        try step(server, pumping: client) { server.opened.count == 1 }
        // The examples of RFC 7692, section 7.2.3.2, masked with zeros: Hello, then a reference to it in two fragments.
        client.send([0xc2, 0x87, 0, 0, 0, 0, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00])
        try step(server, pumping: client) { server.messages.count == 1 && server.loop.liveCodecs == 0 }
        client.send([0x42, 0x82, 0, 0, 0, 0, 0xf2, 0x00])
        for _ in 0..<20 { server.turn() }
        client.send([0x80, 0x83, 0, 0, 0, 0, 0x11, 0x00, 0x00])
        try step(server, pumping: client) { server.messages.count == 2 }
        #expect(server.messages.map(\.bytes) == [Array("Hello".utf8), Array("Hello".utf8)])
    }

    @Test("Connections that come and go while others are swept leave no live codec behind", arguments: 1...6)
    func comingAndGoing(seed: UInt64) throws {
        let (server, address) = try Fixture.server(Self.accept, limits: Self.restless)
        var clients: [(station: Station, link: LinkID)] = []
        var ended = 0
        let noise = Fixture.noise(400, seed: seed)
        for round in 0..<60 {
            if clients.count < 6 {
                let client = try Fixture.client(deflate: DeflatePolicy())
                let link = try client.loop.connect(to: address)
                let before = server.opened.count
                try step(server, client) { server.opened.count > before && client.opened.count == 1 }
                clients.append((client, link))
            }
            for (index, (client, link)) in clients.enumerated() where noise[round + index * 60] & 1 == 1 {
                client.send(Array("message".utf8), to: link)
                client.turn()
            }
            server.turn()
            if noise[round] & 6 == 6 {
                let (leaving, link) = clients.remove(at: Int(noise[round + 60]) % clients.count)
                leaving.loop.drop(link)
                leaving.turn()
                ended += 1
            }
        }
        try step(server) { server.closed.count == ended && server.loop.liveCodecs == 0 }
        #expect(server.messages.allSatisfy { $0.bytes == Array("message".utf8) })
        for (client, link) in clients {
            server.forgetMessages()
            client.send(Array("goodbye".utf8), to: link)
            try step(server, client) { server.messages.count == 1 }
            client.loop.drop(link)
            client.turn()
        }
        try step(server) { server.loop.linkCount == 0 }
        #expect(server.loop.liveCodecs == 0)
    }
}
