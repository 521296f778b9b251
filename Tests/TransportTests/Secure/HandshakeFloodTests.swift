import RennbahnBytes
import RennbahnReactor
import RennbahnTLS
import RennbahnTransport
import Testing

/// TLS handshakes of a flood beside one of somebody else, at another address of this machine. A turn has time for one handshake.
@Suite(.serialized)
struct HandshakeFloodTests {
    private static let other = SocketAddress.v4(0x7f00_0002, port: 0)

    private func limits(_ change: (inout Limits) -> Void = { _ in }) -> Limits {
        var limits = Limits()
        limits.securingTimePerTurn = 1
        // However slow this machine is.
        limits.openHandshakeTimeout = 600_000_000_000
        change(&limits)
        return limits
    }

    private func isOther(_ link: LinkID, _ pair: TLSPair) -> Bool {
        pair.server.loop.source(of: link)?.peer?.host == "127.0.0.2"
    }

    @Test("who comes last from an address of its own is not behind those that came before from another one")
    func order() throws {
        let pair = try TLSPair(limits: limits())
        let count = 30
        for _ in 0..<count { _ = try pair.client.loop.connect(to: pair.address) }
        _ = try pair.client.loop.connect(to: pair.address, from: Self.other)
        try step(pair.server, pair.client) { pair.server.opened.count == count + 1 }
        let place = try #require(pair.server.opened.firstIndex { isOther($0.link, pair) })
        #expect(place <= 5, "\(place)")
        let secured = pair.server.loop.counters.value.secured
        #expect(secured == UInt64(count + 1) && pair.server.closed.isEmpty)
    }

    @Test("above the most handshakes those of the address with the most end, and somebody else gets in")
    func cap() throws {
        let most = 10
        let pair = try TLSPair(limits: limits { $0.maxUnfinishedHandshakes = most })
        var silent: [Descriptor] = []
        defer { for descriptor in silent { Sockets.close(descriptor) } }
        for _ in 0..<(2 * most) { silent.append(try Sockets.connect(to: pair.address).descriptor) }
        try step(pair.server) { pair.server.loop.counters.value.accepted == UInt64(2 * most) }
        let refused = pair.server.loop.counters.value.refusedByAddress
        #expect(refused == UInt64(most) && pair.server.loop.linkCount == most)
        _ = try pair.client.loop.connect(to: pair.address, from: Self.other)
        try step(pair.server, pair.client) { pair.client.opened.count + pair.client.closed.count == 1 }
        #expect(pair.client.opened.count == 1)
        // It took the place of one of them, and has given it back.
        let all = pair.server.loop.counters.value.refusedByAddress
        #expect(all == UInt64(most + 1) && pair.server.loop.linkCount == most)
        #expect(pair.server.loop.refusedPeer?.description == "127.0.0.1, which has too many unfinished handshakes")
    }
}
