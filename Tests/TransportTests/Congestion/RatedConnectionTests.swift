import RennbahnBytes
import RennbahnReactor
import RennbahnSimulationKit
import RennbahnWebSocket
import Testing

@testable import RennbahnTransport

/// A connection that sends more than its rates allow is read later, and that is all. Time is handed in.
@Suite("Connections with rates, without sockets")
struct RatedConnectionTests {
    private static let second: UInt64 = 1_000_000_000

    /// A loop in memory whose connections may send so much in a second.
    private final class Stage {
        let network = SimulatedNetwork(seed: 1)
        let server: Station

        init(messages: Int = 0, octets: Int = 0, _ change: (inout AcceptProfile) -> Void = { _ in }) throws {
            var limits = Limits()
            limits.maxConnections = 4
            limits.messageRate = messages
            limits.octetRate = octets
            var profile = AcceptProfile(subprotocols: ["wamp.2.json"], requiresSubprotocol: false)
            profile.rawSocket = RawSocketPolicy(serializers: [
                RawSocketPolicy.Serializer(id: 1, kind: .text, subprotocol: 0)
            ])
            change(&profile)
            let loop = try LinkLoop(limits: limits, accept: [profile], kernel: Kernel(simulatedBy: network))
            try loop.listen(on: network.listen(80))
            server = Station(loop)
        }

        /// A bare peer whose connection is open.
        func opened(rawSocket: Bool = false) throws -> Descriptor {
            let before = server.opened.count
            let peer = try network.connect(to: .loopback(port: 80))
            send(rawSocket ? [0x7f, 0xf1, 0, 0] : Array(RawPeer.request().utf8), peer)
            turn()
            try #require(server.opened.count == before + 1)
            _ = received(peer)
            return peer
        }

        func send(_ octets: [UInt8], _ peer: Descriptor) {
            #expect(network.send(peer, octets.span) == .bytes(octets.count))
            turn()
        }

        func turn() {
            for _ in 0..<3 { server.turn(milliseconds: 0) }
        }

        /// So much time, ten milliseconds at a time.
        func pass(_ nanoseconds: UInt64) {
            let tick = RatedConnectionTests.second / 100
            for _ in 0..<nanoseconds / tick {
                network.advance(tick)
                turn()
            }
        }

        /// What has come for a peer.
        func received(_ peer: Descriptor) -> [UInt8] {
            var buffer = ByteBuffer()
            while case .bytes = network.receive(peer, into: &buffer, minimumFree: 4096) {}
            return buffer.span.copied()
        }

        func arrived(from link: LinkID) -> [[UInt8]] { server.messages.filter { $0.link == link }.map(\.bytes) }

        var rationed: UInt64 { server.loop.counters.value.rationed }
    }

    private func rawSocketFrame(_ payload: [UInt8], _ kind: RawSocketFrame = .message) -> [UInt8] {
        var head = ByteBuffer()
        RawSocketHeader(kind, payloadCount: payload.count).append(to: &head)
        return head.span.copied() + payload
    }

    @Test(
        "messages of a flood come with the rate, all of them, in order, and nobody else waits",
        arguments: [false, true]
    )
    func flood(rawSocket: Bool) throws {
        let stage = try Stage(messages: 100)
        let flooder = try stage.opened(rawSocket: rawSocket)
        let bystander = try stage.opened(rawSocket: rawSocket)
        let links = stage.server.opened.map(\.link)
        let sent = (0..<1000).map { Array("\($0)".utf8) }
        func frame(_ payload: [UInt8]) -> [UInt8] {
            rawSocket ? rawSocketFrame(payload) : RawPeer.frame(.text, payload)
        }
        stage.send(sent.flatMap(frame), flooder)
        #expect(stage.arrived(from: links[0]).count == 100)
        for tick in 1...100 {
            stage.send(frame([UInt8(tick)]), bystander)
            #expect(stage.arrived(from: links[1]).count == tick)
            stage.pass(Self.second / 10)
            let count = stage.arrived(from: links[0]).count
            #expect((min(1000, 80 + 10 * tick)...min(1000, 100 + 10 * tick)).contains(count), "tick \(tick)")
        }
        #expect(stage.arrived(from: links[0]) == sent)
        #expect(stage.server.closed.isEmpty && stage.rationed > 50)
        #expect(stage.server.loop.timers.value.count == 0)
    }

    @Test("pings, pongs and fragments are messages", arguments: 0..<3)
    func control(kind: Int) throws {
        let stage = try Stage(messages: 10)
        let peer = try stage.opened()
        switch kind {
        case 0:
            stage.send((0..<40).flatMap { RawPeer.frame(.ping, [UInt8($0)]) }, peer)
            var pongs = RawPeer.frames(stage.received(peer))
            #expect(pongs.count == 10)
            stage.pass(Self.second)
            pongs += RawPeer.frames(stage.received(peer))
            #expect((19...20).contains(pongs.count))
            stage.pass(3 * Self.second)
            pongs += RawPeer.frames(stage.received(peer))
            #expect(pongs.map(\.payload) == (0..<40).map { [UInt8($0)] } && pongs.allSatisfy { $0.opcode == .pong })
        case 1:
            stage.send((0..<40).flatMap { _ in RawPeer.frame(.pong, []) } + RawPeer.frame(.text, [0x61]), peer)
            stage.pass(2 * Self.second)
            #expect(stage.server.messages.isEmpty)
            stage.pass(3 * Self.second)
            #expect(stage.server.messages.map(\.bytes) == [[0x61]])
        default:
            let fragments = (0..<40).map { RawPeer.frame($0 == 0 ? .text : .continuation, [0x61], isFinal: $0 == 39) }
            stage.send(fragments.flatMap { $0 }, peer)
            stage.pass(2 * Self.second)
            #expect(stage.server.messages.isEmpty)
            stage.pass(3 * Self.second)
            #expect(stage.server.messages.map(\.bytes) == [[UInt8](repeating: 0x61, count: 40)])
        }
        #expect(stage.server.closed.isEmpty)
    }

    @Test("so are RawSocket's pings")
    func rawSocketPings() throws {
        let stage = try Stage(messages: 10)
        let peer = try stage.opened(rawSocket: true)
        stage.send((0..<40).flatMap { rawSocketFrame([UInt8($0)], .ping) }, peer)
        let first = stage.received(peer).count
        #expect(first == 10 * rawSocketFrame([0], .pong).count)
        stage.pass(4 * Self.second)
        #expect(stage.received(peer).count == 3 * first)
    }

    @Test("octets are counted with their heads, and a message that is larger than a second's waits for as long")
    func octets() throws {
        let stage = try Stage(octets: 10_000)
        let peer = try stage.opened()
        let payloads = [Fixture.noise(9000), Fixture.noise(30_000, seed: 2), Fixture.noise(100, seed: 3)]
        stage.send(payloads.flatMap { RawPeer.frame(.binary, $0) }, peer)
        #expect(stage.server.messages.count == 1)
        stage.pass(29 * Self.second / 10)
        #expect(stage.server.messages.count == 1)
        stage.pass(Self.second / 20)
        #expect(stage.server.messages.count == 2)
        stage.pass(Self.second / 5)
        #expect(stage.server.messages.map(\.bytes) == payloads)
    }

    @Test("a transport's own rates go before those of all, and 0 is none")
    func profile() throws {
        let free = try Stage(messages: 10) { $0.messageRate = 0 }
        let peer = try free.opened()
        free.send((0..<100).flatMap { _ in RawPeer.frame(.text, [0x61]) }, peer)
        #expect(free.server.messages.count == 100 && free.rationed == 0)
        let bounded = try Stage { $0.messageRate = 10 }
        let other = try bounded.opened()
        bounded.send((0..<100).flatMap { _ in RawPeer.frame(.text, [0x61]) }, other)
        #expect(bounded.server.messages.count == 10)
    }

    @Test("who keeps within its rates is never read later")
    func within() throws {
        let stage = try Stage(messages: 10, octets: 1000)
        let peer = try stage.opened()
        for _ in 0..<50 {
            stage.send(RawPeer.frame(.text, Array(repeating: 0x61, count: 80)), peer)
            stage.pass(Self.second / 10)
        }
        #expect(stage.server.messages.count == 50 && stage.rationed == 0)
    }

    @Test("one that waits may be closed, dropped, or gone, and no timer is left", arguments: 0..<3)
    func ending(kind: Int) throws {
        let stage = try Stage(messages: 10)
        let peer = try stage.opened()
        let link = stage.server.opened[0].link
        stage.send((0..<100).flatMap { _ in RawPeer.frame(.text, [0x61]) }, peer)
        switch kind {
        case 0:
            stage.server.loop.close(link, code: .goingAway)
            stage.pass(3 * Self.second)
        case 1: stage.server.loop.drop(link)
        default: stage.network.close(peer)
        }
        stage.pass(60 * Self.second)
        #expect(stage.server.closed.count == 1 && stage.server.loop.linkCount == 0)
        #expect(stage.server.loop.timers.value.count == 0)
    }
}
