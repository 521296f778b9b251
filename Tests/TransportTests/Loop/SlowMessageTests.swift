import RennbahnBytes
import RennbahnReactor
import RennbahnSimulationKit
import RennbahnWebSocket
import Testing

@testable import RennbahnTransport

/// A message from its first octet to its last has 30 s, and a second for each 16 KiB of it. Time is handed in.
@Suite("Messages that come slowly, without sockets")
struct SlowMessageTests {
    private static let second: UInt64 = 1_000_000_000
    private let network: SimulatedNetwork
    private let server: Station

    init() throws {
        var profile = AcceptProfile(subprotocols: ["wamp.2.json"], requiresSubprotocol: false)
        profile.rawSocket = RawSocketPolicy(serializers: [
            RawSocketPolicy.Serializer(id: 1, kind: .text, subprotocol: 0)
        ])
        var limits = Limits()
        limits.maxConnections = 4
        let network = SimulatedNetwork(seed: 1)
        let loop = try LinkLoop(limits: limits, accept: [profile], kernel: Kernel(simulatedBy: network))
        try loop.listen(on: network.listen(80))
        self.network = network
        server = Station(loop)
    }

    /// A bare peer whose connection is open.
    private func opened(rawSocket: Bool = false) throws -> Descriptor {
        let peer = try network.connect(to: .loopback(port: 80))
        send(rawSocket ? [0x7f, 0xf1, 0, 0] : Array(RawPeer.request().utf8), peer)
        turn()
        try #require(server.opened.count == 1)
        return peer
    }

    private func send(_ octets: [UInt8], _ peer: Descriptor) {
        #expect(network.send(peer, octets.span) == .bytes(octets.count))
    }

    private func turn() {
        for _ in 0..<3 { server.turn(milliseconds: 0) }
    }

    private func pass(_ nanoseconds: UInt64) {
        network.advance(nanoseconds)
        turn()
    }

    private var timerCount: Int { server.loop.timers.value.count }

    private var isOpen: Bool { server.loop.isOpen(server.opened[0].link) }

    /// What has come for a peer.
    private func received(_ peer: Descriptor) -> [UInt8] {
        var buffer = ByteBuffer()
        while case .bytes = network.receive(peer, into: &buffer, minimumFree: 4096) {}
        return buffer.span.copied()
    }

    /// The connection was ended for its slowness.
    private func expectEnd(_ peer: Descriptor, hasCloseFrames: Bool = true, _ location: SourceLocation) {
        #expect(!isOpen, sourceLocation: location)
        // A Close frame with 1008.
        let word: [UInt8] = [0x88, 2, 0x03, 0xf0]
        #expect((received(peer).suffix(4) == word[...]) == hasCloseFrames, sourceLocation: location)
        network.close(peer)
        turn()
        #expect(
            server.closed.map(\.end) == [.violation(code: 1008, reason: "message comes too slowly")],
            sourceLocation: location)
        #expect(timerCount == 0 && server.loop.linkCount == 0, sourceLocation: location)
    }

    /// A part comes and nothing follows: the time is over where it has to be, to a tick of the timers.
    private func expectStuck(
        _ part: [UInt8], counted: Int, rawSocket: Bool = false, location: SourceLocation = #_sourceLocation
    ) throws {
        let peer = try opened(rawSocket: rawSocket)
        send(part, peer)
        turn()
        pass(30 * Self.second + UInt64(counted) * Self.second / 16_384 - 1)
        #expect(isOpen, sourceLocation: location)
        pass(1 + TimerWheel.granularity)
        expectEnd(peer, hasCloseFrames: !rawSocket, location)
    }

    @Test("a long frame that stops in its middle ends with the time of the octets that came")
    func stuckLong() throws {
        let frame = RawPeer.frame(.binary, Fixture.noise(60_000))
        // The head is none of the message.
        try expectStuck(Array(frame[..<20_008]), counted: 20_000)
    }

    @Test("so does a short frame, of which the connection keeps what came")
    func stuckShort() throws {
        let frame = RawPeer.frame(.binary, Fixture.noise(1000))
        try expectStuck(Array(frame[..<600]), counted: 600)
    }

    @Test("so does a message whose last fragment does not come")
    func stuckFragments() throws {
        let fragments =
            RawPeer.frame(.binary, Fixture.noise(500), isFinal: false)
            + RawPeer.frame(.continuation, Fixture.noise(500), isFinal: false)
        try expectStuck(fragments, counted: 1000)
    }

    @Test("so does a message over RawSocket, which has no Close frame", arguments: [1000, 60_000])
    func stuckRawSocket(count: Int) throws {
        var head = ByteBuffer()
        RawSocketHeader(.message, payloadCount: count).append(to: &head)
        let part = head.span.copied() + [UInt8](repeating: 0x20, count: count / 2)
        // Of a short message the connection keeps the head, too.
        try expectStuck(part, counted: count / 2 + (count == 1000 ? RawSocketHeader.count : 0), rawSocket: true)
    }

    @Test("octets now and then, fragments and pings do not keep a message for ever", arguments: 0..<3)
    func dripping(kind: Int) throws {
        let peer = try opened()
        let long = RawPeer.frame(.binary, Fixture.noise(60_000))
        var sent = 0
        while isOpen, sent < 100 {
            switch kind {
            case 0: send([long[sent]], peer)
            case 1: send(RawPeer.frame(sent == 0 ? .binary : .continuation, [1], isFinal: false), peer)
            default: send(RawPeer.frame(sent == 0 ? .binary : .ping, [1], isFinal: sent > 0), peer)
            }
            turn()
            sent += 1
            if isOpen { pass(Self.second) }
        }
        // A head that comes octet by octet may take its time, once.
        #expect((30...(kind == 0 ? 40 : 32)).contains(sent))
        expectEnd(peer, #_sourceLocation)
    }

    @Test("a message that comes with 20 KiB a second arrives, however long it takes")
    func slowAndSteady() throws {
        let peer = try opened()
        let payload = Fixture.noise(2 << 20)
        var rest = RawPeer.frame(.binary, payload)[...]
        while !rest.isEmpty {
            send(Array(rest.prefix(20 << 10)), peer)
            rest = rest.dropFirst(20 << 10)
            pass(Self.second)
        }
        #expect(isOpen && server.messages.map(\.bytes) == [payload])
    }

    @Test("each message has a time of its own, though every read ends within one", arguments: [100, 60_000])
    func stream(count: Int) throws {
        let peer = try opened()
        let frame = RawPeer.frame(.binary, Fixture.noise(count))
        let cut = frame.count / 2
        send(Array(frame[..<cut]), peer)
        for _ in 0..<30 {
            pass(20 * Self.second)
            send(Array(frame[cut...] + frame[..<cut]), peer)
            turn()
        }
        #expect(isOpen && server.messages.count == 30)
        // The one timer that there is.
        #expect(timerCount == 1)
        pass(40 * Self.second)
        expectEnd(peer, #_sourceLocation)
    }

    @Test("a connection that is not read is not late, and has its whole time when it is read again")
    func paused() throws {
        let peer = try opened()
        let link = server.opened[0].link
        let frame = RawPeer.frame(.binary, Fixture.noise(60_000))
        send(Array(frame[..<100]), peer)
        turn()
        server.loop.pause(link)
        for _ in 0..<10 { pass(29 * Self.second) }
        server.loop.resume(link)
        pass(29 * Self.second)
        #expect(isOpen)
        send(Array(frame[100...]), peer)
        turn()
        #expect(server.messages.count == 1)
        send(Array(frame[..<100]), peer)
        turn()
        pass(31 * Self.second)
        expectEnd(peer, #_sourceLocation)
    }

    @Test("a loop that was not there for a while takes what has come meanwhile before it judges")
    func lateLoop() throws {
        let peer = try opened()
        let frame = RawPeer.frame(.binary, Fixture.noise(900_000))
        send(Array(frame[..<100]), peer)
        turn()
        send(Array(frame[100...]), peer)
        // Four reads, of which the first finds the time over.
        pass(60 * Self.second)
        turn()
        #expect(isOpen && server.messages.count == 1)
    }

    @Test("messages that come whole set no timer")
    func whole() throws {
        let peer = try opened()
        for count in [0, 1, 125, 126, 20_000, 200_000] {
            send(RawPeer.frame(.binary, Fixture.noise(count)), peer)
            turn()
            #expect(timerCount == 0)
        }
        #expect(server.messages.count == 6)
        network.close(peer)
        turn()
        #expect(server.loop.linkCount == 0)
    }

    @Test("what is not whole takes no more than the shard has for it: the largest one's connection is ended")
    func crowd() throws {
        var limits = Limits()
        limits.maxConnections = 4
        limits.maxUnfinished = 300_000
        let loop = try LinkLoop(
            limits: limits, accept: [AcceptProfile(subprotocols: [], requiresSubprotocol: false)],
            kernel: Kernel(simulatedBy: network))
        try loop.listen(on: network.listen(81))
        let crowded = Station(loop)
        func turns() { for _ in 0..<3 { crowded.turn(milliseconds: 0) } }
        var peers: [Descriptor] = []
        // Of 200,000 octets each some have come.
        for (number, count) in [90_000, 150_000, 50_000].enumerated() {
            peers.append(try network.connect(to: .loopback(port: 81)))
            send(Array(RawPeer.request().utf8), peers[number])
            turns()
            send(
                [0x82, 0xff, 0, 0, 0, 0, 0, 3, 0x0d, 0x40, 0, 0, 0, 0] + [UInt8](repeating: 1, count: count),
                peers[number])
            turns()
        }
        #expect(crowded.opened.count == 3 && crowded.closed.isEmpty)
        send([UInt8](repeating: 1, count: 20_000), peers[2])
        turns()
        #expect(crowded.opened.map { loop.isOpen($0.link) } == [true, false, true])
        #expect(received(peers[1]).suffix(4) == [0x88, 2, 0x03, 0xf5])
        #expect(loop.counters.value.crowdedOut == 1)
        network.close(peers[1])
        turns()
        #expect(crowded.closed.map { $0.end.isForOthers } == [true])
        #expect(loop.endedPeer == EndedPeer(address: "127.0.0.1:1"))
        // The others end their messages: what they took is there for the next ones.
        send([UInt8](repeating: 1, count: 110_000), peers[0])
        send([UInt8](repeating: 1, count: 130_000), peers[2])
        turns()
        #expect(crowded.messages.map(\.bytes.count) == [200_000, 200_000])
        #expect(loop.parts.value.octets == 0)
    }
}
