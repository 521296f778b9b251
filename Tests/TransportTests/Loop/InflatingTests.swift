import RennbahnBytes
import RennbahnReactor
import RennbahnSimulationKit
import RennbahnWebSocket
import Testing

@testable import RennbahnTransport

/// What somebody's message that inflates to megabytes is to the others, in turns.
@Suite("Messages that are inflated piece by piece, without sockets")
struct InflatingTests {
    private static let large = [UInt8](repeating: 0x20, count: 16 << 20)

    private let network = SimulatedNetwork(seed: 1)
    private let server: Station

    init() throws {
        server = try InflatingTests.station(on: network, port: 80)
    }

    private static func station(
        on network: SimulatedNetwork, port: UInt16, _ change: (inout Limits) -> Void = { _ in }
    ) throws -> Station {
        var limits = Limits()
        limits.maxConnections = 16
        change(&limits)
        let profile = AcceptProfile(
            subprotocols: [], requiresSubprotocol: false, deflate: DeflatePolicy(), validatesText: true)
        let loop = try LinkLoop(limits: limits, accept: [profile], kernel: Kernel(simulatedBy: network))
        try loop.listen(on: network.listen(port))
        return Station(loop)
    }

    /// A client with compression whose connection is open.
    private func opened(
        _ server: Station, port: UInt16 = 80, deflate: DeflatePolicy = DeflatePolicy()
    ) throws -> (client: Station, link: LinkID, serverLink: LinkID) {
        var limits = Limits()
        limits.maxConnections = 1
        let profile = ConnectProfile(host: "localhost", path: "/", subprotocols: [], deflate: deflate)
        let client = Station(try LinkLoop(limits: limits, connect: profile, kernel: Kernel(simulatedBy: network)))
        let link = try client.loop.connect(to: .loopback(port: port))
        let before = server.opened.count
        for _ in 0..<6 {
            client.turn(milliseconds: 0)
            server.turn(milliseconds: 0)
        }
        try #require(server.opened.count == before + 1 && client.opened.count == 1)
        return (client, link, server.opened[before].link)
    }

    private func counts(from link: LinkID) -> [Int] { server.messages.filter { $0.link == link }.map(\.bytes.count) }

    @Test("a bystander is heard in each turn, while sixteen megabytes take many", arguments: [1, 6])
    func bystander(hostileCount: Int) throws {
        let (client, link, bystander) = try opened(server)
        var hostile: [(client: Station, link: LinkID, serverLink: LinkID)] = []
        for _ in 0..<hostileCount {
            hostile.append(try opened(server))
            hostile[hostile.count - 1].client.send(Self.large, .binary, to: hostile[hostile.count - 1].link)
        }
        for peer in hostile { peer.client.turn(milliseconds: 0) }
        var turns = 0
        while hostile.contains(where: { counts(from: $0.serverLink).isEmpty }), turns < 1000 {
            turns += 1
            client.send([0x61], .text, to: link)
            client.turn(milliseconds: 0)
            server.turn(milliseconds: 0)
            #expect(counts(from: bystander).count == turns)
            // Of those that wait there is one piece, of four the rest.
            #expect(server.loop.parts.value.octets <= 4 * (32 << 20) + 6 * (1 << 20))
        }
        // A piece has 256 KiB, and four connections have one in a turn.
        #expect(turns >= 64 && turns <= 80 * (1 + hostileCount / 4))
        #expect(hostile.allSatisfy { counts(from: $0.serverLink) == [Self.large.count] })
        #expect(server.loop.inflations.slots.isEmpty && server.loop.parts.value.octets == 0)
        #expect(server.closed.isEmpty)
    }

    @Test("what comes behind it waits for it, with a context and without", arguments: [true, false])
    func order(takeover: Bool) throws {
        let (client, link, serverLink) = try opened(
            server, deflate: DeflatePolicy(noContextTakeover: takeover ? nil : true))
        let messages = [
            Fixture.text(300), Fixture.text(3_000_000), Fixture.text(10), Fixture.noise(700_000).map { $0 & 0x7f },
            Fixture.text(1000),
        ]
        for message in messages { client.send(message, .text, to: link) }
        for _ in 0..<100 {
            client.turn(milliseconds: 0)
            server.turn(milliseconds: 0)
        }
        #expect(server.messages.map(\.bytes) == messages)
        #expect(server.messages.allSatisfy { $0.link == serverLink } && server.loop.isOpen(serverLink))
    }

    @Test("what comes behind it is input that waits, of which a shard has so much, until it is whole")
    func behind() throws {
        let server = try InflatingTests.station(on: network, port: 81) { $0.slowReceivers = .disconnect }
        let (client, link, _) = try opened(server, port: 81)
        let noise = Fixture.noise(60_000)
        client.send(Self.large, .binary, to: link)
        client.send(noise, .binary, to: link)
        client.turn(milliseconds: 0)
        server.turn(milliseconds: 0)
        #expect(server.loop.pausedInput.value.octets > PausedInput.leastCounted)
        for _ in 0..<200 {
            client.turn(milliseconds: 0)
            server.turn(milliseconds: 0)
        }
        #expect(server.messages.map(\.bytes.count) == [Self.large.count, noise.count])
        #expect(server.loop.pausedInput.value.octets == 0)
    }

    @Test("a message that comes whole with its first piece needs no turn of its own")
    func small() throws {
        let (client, link, _) = try opened(server)
        client.send(Fixture.text(250_000), .text, to: link)
        client.turn(milliseconds: 0)
        server.turn(milliseconds: 0)
        #expect(server.messages.count == 1)
    }

    @Test("whoever is closed, dropped or gone in between leaves nothing", arguments: 0..<3)
    func ending(kind: Int) throws {
        let (client, link, serverLink) = try opened(server)
        client.send(Self.large, .binary, to: link)
        client.turn(milliseconds: 0)
        for _ in 0..<3 { server.turn(milliseconds: 0) }
        #expect(server.loop.inflations.slots.count == 1 && server.messages.isEmpty)
        switch kind {
        case 0: server.loop.close(serverLink, code: .goingAway)
        case 1: server.loop.drop(serverLink)
        default: client.loop.drop(link)
        }
        for _ in 0..<100 {
            client.turn(milliseconds: 0)
            server.turn(milliseconds: 0)
        }
        // Whose message it was has sent it whole: it is told if nobody has closed.
        #expect(server.messages.count == (kind == 2 ? 1 : 0))
        #expect(server.closed.count == 1 && server.loop.linkCount == 0)
        #expect(server.loop.inflations.slots.isEmpty && server.loop.parts.value.octets == 0)
        #expect(server.loop.liveCodecs == 0)
    }

    @Test("one that waits for others as well goes on when they let it")
    func paused() throws {
        let (client, link, serverLink) = try opened(server)
        client.send(Self.large, .binary, to: link)
        client.turn(milliseconds: 0)
        for _ in 0..<3 { server.turn(milliseconds: 0) }
        server.loop.pause(serverLink)
        for _ in 0..<200 { server.turn(milliseconds: 0) }
        #expect(server.messages.isEmpty && server.loop.inflations.slots.isEmpty)
        server.loop.resume(serverLink)
        for _ in 0..<200 { server.turn(milliseconds: 0) }
        #expect(counts(from: serverLink) == [Self.large.count])
    }

    @Test(
        "a message that is too large or no text fails where it shows, and its connection alone",
        arguments: [true, false])
    func failing(isTooLarge: Bool) throws {
        let (client, link, _) = try opened(server)
        var bytes = [UInt8](repeating: 0x20, count: isTooLarge ? (16 << 20) + 1 : 1 << 20)
        if !isTooLarge { bytes[bytes.count - 1] = 0xff }
        client.send(bytes, .text, to: link)
        for _ in 0..<100 {
            client.turn(milliseconds: 0)
            server.turn(milliseconds: 0)
        }
        #expect(server.messages.isEmpty && client.closed.map(\.end) == [.closed(code: isTooLarge ? 1009 : 1007)])
        #expect(server.loop.linkCount == 0 && server.loop.inflations.slots.isEmpty)
    }

    @Test("they count as what is not whole: the largest one's connection is ended where that takes too much")
    func crowd() throws {
        let crowded = try Self.station(on: network, port: 81) { $0.maxUnfinished = 4 << 20 }
        let (client, link, _) = try opened(crowded, port: 81)
        client.send(Self.large, .binary, to: link)
        for _ in 0..<100 {
            client.turn(milliseconds: 0)
            crowded.turn(milliseconds: 0)
        }
        #expect(client.closed.map(\.end) == [.closed(code: 1013)])
        #expect(crowded.loop.counters.value.crowdedOut == 1 && crowded.loop.parts.value.octets == 0)
    }
}
