import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket
import Testing

/// Receivers that do not read: what is queued for them is bounded, and whoever sends to them is held back.
@Suite(.serialized)
struct BackPressureTests {
    /// A server with one connection that takes nothing, and enough output for it that the kernel is full.
    private func stuck(_ limits: Limits) throws -> (server: Station, address: SocketAddress, peer: RawPeer, LinkID) {
        let (server, address) = try Fixture.server(limits: limits, sendBuffer: 65_536)
        let peer = try RawPeer.opened(server, address)
        peer.isReading = false
        return (server, address, peer, server.opened[0].link)
    }

    /// Sends until the connection is congested; returns how many messages went.
    private func congest(_ server: Station, _ link: LinkID, _ bytes: [UInt8]) throws -> Int {
        for count in 1..<10_000 {
            switch server.send(bytes, to: link) {
            case .queued: server.turn(milliseconds: 0)
            case .congested:
                server.turn(milliseconds: 0)
                // The kernel may have taken what was above the mark.
                if server.loop.queuedBytes > Fixture.tightLimits.queuedOutputHighMark { return count }
            case .gone, .tooLarge, .detached: throw SystemError(code: 0, operation: "send")
            }
        }
        throw SystemError(code: 0, operation: "congest")
    }

    /// Sends to every open connection until it is congested: the kernel may have found room since.
    private func fill(_ server: Station, _ bytes: [UInt8]) {
        for link in server.opened.map(\.link) where server.loop.isOpen(link) {
            while server.send(bytes, to: link) == .queued {}
        }
    }

    @Test("a sender is paused while a receiver is congested, and goes on when it has drained")
    func pauseAndResume() throws {
        let (server, address, peer, slow) = try stuck(Fixture.tightLimits)
        let bytes = Fixture.noise(10_000)
        let count = try congest(server, slow, bytes)
        let client = try Fixture.client()
        let sender = try client.loop.connect(to: address)
        try step(server, client) { client.opened.count == 1 }
        let source = server.opened[1].link

        #expect(server.loop.await(slow, LinkWaiter(shard: 0, link: source)))
        #expect(!server.loop.await(slow, LinkWaiter(shard: 0, link: source)), "one wait is enough")
        server.loop.pause(source)
        for number in 0..<50 { client.send([UInt8(number)], to: sender) }
        for _ in 0..<50 {
            server.turn(milliseconds: 0)
            client.turn(milliseconds: 0)
        }
        #expect(server.messages.isEmpty)

        peer.isReading = true
        try step(server, client, pumping: peer) { server.messages.count == 50 }
        #expect(server.messages.map(\.bytes) == (0..<50).map { [UInt8($0)] })
        try step(server, client, pumping: peer) { server.loop.queuedBytes == 0 && peer.frames.count == count }
        #expect(peer.frames.allSatisfy { $0.payload == bytes })
    }

    @Test("a connection that is paused by its own message keeps the rest that came with it")
    func pauseInTheMiddle() throws {
        let (server, address) = try Fixture.server()
        let peer = try RawPeer.opened(server, address)
        let source = server.opened[0].link
        server.onMessage = { [unowned server] in if $0.bytes == [3] { server.loop.pause(source) } }
        peer.send((0..<9).flatMap { RawPeer.frame(.binary, [UInt8($0)]) } + RawPeer.frame(.binary, [9]).prefix(3))
        try step(server, pumping: peer) { server.messages.count == 4 }
        for _ in 0..<20 { server.turn(milliseconds: 0) }
        #expect(server.messages.count == 4)
        server.loop.resume(source)
        try step(server, pumping: peer) { server.messages.count == 9 }
        peer.send(Array(RawPeer.frame(.binary, [9]).dropFirst(3)))
        try step(server, pumping: peer) { server.messages.count == 10 }
        #expect(server.messages.map(\.bytes) == (0..<10).map { [UInt8($0)] })
    }

    @Test("pauses are counted: each needs its own resume")
    func countedPauses() throws {
        let pair = try Pair()
        pair.server.loop.pause(pair.serverLink)
        pair.server.loop.pause(pair.serverLink)
        pair.client.send([1], to: pair.clientLink)
        pair.server.loop.resume(pair.serverLink)
        for _ in 0..<20 {
            pair.client.turn(milliseconds: 0)
            pair.server.turn(milliseconds: 0)
        }
        #expect(pair.server.messages.isEmpty)
        pair.server.loop.resume(pair.serverLink)
        pair.server.loop.resume(pair.serverLink)
        try step(pair.server, pair.client) { pair.server.messages.count == 1 }
    }

    @Test(
        "waiters of other shards are handed to the owner, whether the receiver drains or ends",
        arguments: [true, false])
    func foreignWaiters(drains: Bool) throws {
        let (server, _, peer, slow) = try stuck(Fixture.tightLimits)
        _ = try congest(server, slow, Fixture.noise(10_000))
        let waiter = LinkWaiter(shard: 3, link: LinkID(index: 7, generation: 9))
        #expect(server.loop.await(slow, waiter))
        var released: [ReleasedWaiter] = []
        if drains { peer.isReading = true } else { peer.close(reset: true) }
        for _ in 0..<5000 where released.isEmpty {
            peer.pump()
            server.loop.flush()
            server.loop.wait(milliseconds: 1)
            while server.loop.next() != nil {}
            released += server.loop.releasedWaiters
            server.loop.releasedWaiters.removeAll()
        }
        #expect(released == [ReleasedWaiter(waiter, inVain: !drains)])
        #expect(!server.loop.await(LinkID(index: 60, generation: 1), waiter), "nobody to wait for")
    }

    @Test("a paused connection that is reset ends, instead of waiting for ever or spinning")
    func resetWhilePaused() throws {
        let (server, address) = try Fixture.server()
        let peer = try RawPeer.opened(server, address)
        server.loop.pause(server.opened[0].link)
        peer.close(reset: true)
        try step(server, turns: 200) { server.closed.count == 1 }
        #expect(server.closed[0].end == .lost)
    }

    @Test("output above the limit drops the connection and frees its memory")
    func overflow() throws {
        var limits = Fixture.tightLimits
        limits.setMaxQueuedOutput(500_000)
        let (server, _, peer, slow) = try stuck(limits)
        let bytes = Fixture.noise(50_000)
        var outcomes: [SendOutcome] = []
        for _ in 0..<400 where outcomes.last != .gone {
            outcomes.append(server.send(bytes, to: slow))
            // The last message is not counted, and the one that is too much waits for the end of the turn.
            #expect(server.loop.queuedBytes <= 500_000 + 2 * 50_010)
            if outcomes.last != .gone { server.loop.flush() }
        }
        #expect(outcomes.contains(.congested) && outcomes.last == .gone)
        try step(server) { server.closed.count == 1 }
        #expect(server.closed[0].end == .outputOverflow)
        #expect(server.loop.queuedBytes == 0 && server.loop.counters.value.overflowed == 1)
        peer.isReading = true
        try step(server, pumping: peer) { peer.hasEnded }
    }

    @Test("a connection that takes nothing for the stall timeout is dropped; one that takes a little is not")
    func stall() throws {
        var limits = Fixture.tightLimits
        limits.stallTimeout = 150_000_000
        let (server, address, peer, slow) = try stuck(limits)
        server.turnTime = 0
        _ = try congest(server, slow, Fixture.noise(10_000))
        let alive = try RawPeer.opened(server, address)
        alive.isReading = false
        _ = try congest(server, server.opened[1].link, Fixture.noise(10_000))
        server.turnTime = 1_000_000
        try step(server) {
            fill(server, Fixture.noise(10_000))
            // Now and then it takes something, so that its connection moves on.
            alive.isReading = true
            alive.pump()
            alive.isReading = false
            return server.closed.count == 1
        }
        #expect(server.closed[0].link == slow && server.closed[0].end == .stalled)
        #expect(server.loop.counters.value.stalled == 1)
        #expect(server.loop.isOpen(server.opened[1].link))
        peer.close()
    }

    @Test("a connection that takes less than the kernel waits for before it reports room is slow, not stuck")
    func slowerThanTheKernelTells() throws {
        var limits = Fixture.tightLimits
        limits.stallTimeout = 250_000_000
        // The kernel's own buffers: megabytes, of which a third must be free before it says so.
        let (server, address) = try Fixture.server(limits: limits)
        // Time stands still, then goes with the turns: a busy machine does not make a slow peer one that is stuck.
        server.turnTime = 0
        let slow = try RawPeer.opened(server, address)
        slow.isReading = false
        _ = try congest(server, server.opened[0].link, Fixture.noise(10_000))
        let stuck = try RawPeer.opened(server, address)
        stuck.isReading = false
        _ = try congest(server, server.opened[1].link, Fixture.noise(10_000))
        server.turnTime = 1_000_000
        try step(server) {
            fill(server, Fixture.noise(10_000))
            var few = ByteBuffer(capacity: 1500)
            _ = Sockets.read(slow.descriptor, into: &few, minimumFree: 1500)
            return !server.closed.isEmpty
        }
        #expect(server.closed.map(\.link) == [server.opened[1].link] && server.closed[0].end == .stalled)
        #expect(server.loop.isOpen(server.opened[0].link))
    }

    @Test("a peer that pings without reading costs no memory")
    func pingFlood() throws {
        let (server, _, peer, _) = try stuck(Fixture.tightLimits)
        let pings = [UInt8]((0..<1000).flatMap { _ in RawPeer.frame(.ping, [UInt8](repeating: 7, count: 125)) })
        for _ in 0..<60 {
            peer.send(pings)
            try step(server, pumping: peer) { peer.isDrained }
            #expect(server.loop.queuedBytes <= Fixture.tightLimits.queuedOutputHighMark + 200)
        }
        #expect(server.closed.isEmpty)
    }

    @Test("failing one connection leaves the bytes of the one in hand alone")
    func failAnother() throws {
        let (server, address) = try Fixture.server()
        let first = try RawPeer.opened(server, address)
        let second = try RawPeer.opened(server, address)
        let victim = server.opened[0].link
        server.onMessage = { [unowned server] _ in
            server.loop.fail(victim, code: .policyViolation, reason: "not wanted")
        }
        second.send((0..<5).flatMap { RawPeer.frame(.binary, [UInt8($0)]) })
        try step(server, pumping: first) { first.closeCode == 1008 }
        #expect(server.messages.map(\.bytes) == (0..<5).map { [UInt8($0)] })
    }

    // MARK: Room

    @Test("a connection above the limit is reset, the others stay, and room is used again")
    func maxConnections() throws {
        var limits = Limits()
        limits.maxConnections = 2
        let (server, address) = try Fixture.server(limits: limits)
        let first = try RawPeer.opened(server, address)
        let second = try RawPeer.opened(server, address)
        let third = try RawPeer(connectingTo: address)
        try step(server, pumping: third) { third.hasEnded }
        #expect(server.loop.counters.value.refused == 1 && server.loop.linkCount == 2)
        first.close()
        try step(server) { server.closed.count == 1 }
        let fourth = try RawPeer.opened(server, address)
        fourth.send(RawPeer.frame(.text, [0x34]))
        second.send(RawPeer.frame(.text, [0x32]))
        try step(server, pumping: second) { server.messages.count == 2 }
    }

    @Test("the name of a connection that is gone does not name the next one in its slot")
    func generations() throws {
        var limits = Limits()
        limits.maxConnections = 1
        let (server, address) = try Fixture.server(limits: limits)
        let first = try RawPeer.opened(server, address)
        let old = server.opened[0].link
        first.close()
        try step(server) { server.closed.count == 1 }
        let second = try RawPeer.opened(server, address)
        let new = server.opened[1].link
        #expect(new.index == old.index && new != old)
        #expect(server.send([1], to: old) == .gone)
        server.loop.drop(old)
        server.loop.close(old, code: .normalClosure)
        server.loop.pause(old)
        server.loop.fail(old, code: .protocolError, reason: "old")
        var message = OutgoingMessage()
        message.begin(.binary)
        #expect(!server.loop.isOpen(old) && server.loop.share(&message, with: old) == .gone)
        #expect(server.send([2], to: new) == .queued)
        try step(server, pumping: second) { second.frames.count == 1 }
        #expect(second.frames[0].payload == [2])
    }

    @Test("when all connections are gone, so are their sockets, and the loop's own with the loop")
    func hygiene() throws {
        var port: UInt16 = 0
        do {
            let (server, address) = try Fixture.server()
            port = address.port
            let client = try Fixture.client(deflate: DeflatePolicy())
            for _ in 0..<30 { _ = try client.loop.connect(to: address) }
            try step(server, client) { client.opened.count == 30 && server.opened.count == 30 }
            #expect(socketCount(port: port) == 61)
            for (number, link) in client.opened.enumerated() {
                client.send(Fixture.noise(9000), to: link.link)
                if number % 3 == 0 {
                    client.loop.drop(link.link)
                } else if number % 3 == 1 {
                    client.loop.close(link.link, code: .normalClosure)
                }
            }
            try step(server, client) { client.closed.count == 20 && server.closed.count == 20 }
            #expect(server.loop.linkCount == 10 && client.loop.linkCount == 10)
            client.loop.forEachOpen { client.loop.close($0, code: .goingAway) }
            try step(server, client) { client.loop.linkCount == 0 && server.loop.linkCount == 0 }
            #expect(server.loop.queuedBytes == 0 && client.loop.queuedBytes == 0)
            #expect(socketCount(port: port) == 1)
            _ = try client.loop.connect(to: address)
        }
        #expect(socketCount(port: port) == 0)
    }

    @Test("a loop that is let go of closes its sockets, listening ones included")
    func letGo() throws {
        var loop: LinkLoop? = try LinkLoop(
            limits: Limits(), accept: [AcceptProfile(subprotocols: [], requiresSubprotocol: false)])
        let listener = try Sockets.listen(.loopback(port: 0))
        let port = try Sockets.boundAddress(of: listener).port
        try loop?.listen(on: listener)
        let peer = try RawPeer(connectingTo: .loopback(port: port))
        for _ in 0..<2000 where loop?.linkCount == 0 {
            loop?.wait(milliseconds: 1)
            while loop?.next() != nil {}
        }
        #expect(socketCount(port: port) == 3)
        loop = nil
        #expect(socketCount(port: port) == 1)
        peer.close()
    }
}
