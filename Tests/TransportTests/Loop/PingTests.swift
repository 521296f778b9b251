import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket
import Testing

/// Pings by the clock: `auto_ping_interval`, `_timeout`, `_size` and `_restart_on_any_traffic`.
@Suite(.serialized)
struct PingTests {
    private static let millisecond: UInt64 = 1_000_000

    private func opened(_ ping: WebSocketOptions.AutoPing?) throws -> (peer: RawPeer, server: Station) {
        var profile = AcceptProfile(subprotocols: Fixture.protocols, requiresSubprotocol: false)
        profile.options.autoPing = ping
        let (server, address) = try Fixture.server(profile)
        return (try RawPeer.opened(server, address), server)
    }

    private func pings(_ peer: RawPeer) -> [[UInt8]] {
        peer.frames.filter { $0.opcode == .ping }.map(\.payload)
    }

    @Test("pings have the size that is asked for and a new payload each, and pongs keep the connection")
    func answered() throws {
        let (peer, server) = try opened(
            .init(interval: 20 * PingTests.millisecond, timeout: 10_000 * PingTests.millisecond, size: 20))
        for count in 1...3 {
            try step(server, pumping: peer) { pings(peer).count == count }
            peer.send(RawPeer.frame(.pong, pings(peer)[count - 1]))
        }
        #expect(pings(peer).allSatisfy { $0.count == 20 })
        #expect(Set(pings(peer)).count == 3)
        #expect(server.closed.isEmpty && server.messages.isEmpty)
    }

    @Test("a ping that is not answered in time resets the connection")
    func unanswered() throws {
        let (peer, server) = try opened(
            .init(interval: 10 * PingTests.millisecond, timeout: 30 * PingTests.millisecond))
        try step(server, pumping: peer) { server.closed.count == 1 }
        #expect(server.closed[0].end == .pingTimeout)
        try step(server, pumping: peer) { peer.hasEnded }
        #expect(pings(peer).count == 1 && peer.closeCode == nil)
        #expect(server.loop.linkCount == 0)
    }

    @Test("a pong with another payload answers nothing")
    func wrongPong() throws {
        let (peer, server) = try opened(
            .init(
                interval: 10 * PingTests.millisecond, timeout: 60 * PingTests.millisecond, restartsOnTraffic: false))
        try step(server, pumping: peer) { pings(peer).count == 1 }
        var payload = pings(peer)[0]
        payload[11] ^= 1
        peer.send(RawPeer.frame(.pong, payload) + RawPeer.frame(.pong, []) + RawPeer.frame(.pong, [1, 2, 3]))
        try step(server, pumping: peer) { server.closed.count == 1 }
        #expect(server.closed[0].end == .pingTimeout)
        #expect(pings(peer).count == 1)
    }

    @Test("any traffic does for a pong, where that is allowed")
    func traffic() throws {
        let (peer, server) = try opened(
            .init(interval: 10 * PingTests.millisecond, timeout: 1000 * PingTests.millisecond))
        try step(server, pumping: peer) { pings(peer).count == 1 }
        // Behind the ping by more than a tick of the kernel's clock.
        let start = server.loop.now
        try step(server, pumping: peer) { server.loop.now > start + 12 * PingTests.millisecond }
        peer.send(RawPeer.frame(.text, Array("here".utf8)))
        try step(server, pumping: peer) { pings(peer).count == 2 }
        #expect(server.closed.isEmpty && server.messages.count == 1)
    }

    @Test("without a timeout a silent peer is kept, and gets no further ping")
    func noTimeout() throws {
        let (peer, server) = try opened(.init(interval: 10 * PingTests.millisecond))
        try step(server, pumping: peer) { pings(peer).count == 1 }
        let start = server.loop.now
        try step(server, pumping: peer) { server.loop.now > start + 60 * PingTests.millisecond }
        #expect(pings(peer).count == 1 && server.closed.isEmpty)
    }

    @Test("a connection that is held back is not dropped over a pong that nobody read")
    func heldBack() throws {
        let (peer, server) = try opened(
            .init(
                interval: 10 * PingTests.millisecond, timeout: 500 * PingTests.millisecond, restartsOnTraffic: false))
        let link = server.opened[0].link
        try step(server, pumping: peer) { pings(peer).count == 1 }
        server.loop.pause(link)
        peer.send(RawPeer.frame(.pong, pings(peer)[0]))
        let start = server.loop.now
        try step(server, pumping: peer) { server.loop.now > start + 1100 * PingTests.millisecond }
        #expect(server.closed.isEmpty)
        server.loop.resume(link)
        try step(server, pumping: peer) { pings(peer).count == 2 }
    }

    @Test("without the option there are no pings and no timers")
    func off() throws {
        let (peer, server) = try opened(nil)
        let start = server.loop.now
        try step(server, pumping: peer) { server.loop.now > start + 30 * PingTests.millisecond }
        #expect(peer.frames.isEmpty)
    }
}
