import RennbahnBytes
import RennbahnReactor
import RennbahnWebSocket
import Testing

@testable import RennbahnTransport

/// One loop that listens at several places, each a transport of its own.
@Suite(.serialized)
struct ProfileTests {
    private func server(
        _ profiles: [AcceptProfile], limits: Limits = Limits()
    ) throws -> (Station, [SocketAddress]) {
        let loop = try LinkLoop(limits: limits, accept: profiles)
        var addresses: [SocketAddress] = []
        for index in profiles.indices {
            let listener = try Sockets.listen(.loopback(port: 0))
            addresses.append(try Sockets.boundAddress(of: listener))
            try loop.listen(on: listener, profile: index)
        }
        return (Station(loop), addresses)
    }

    private func profile(_ subprotocols: [String] = [], requires: Bool = false) -> AcceptProfile {
        AcceptProfile(subprotocols: subprotocols, requiresSubprotocol: requires, validatesText: true)
    }

    @Test("Each place has its own subprotocols, options, sizes and compression, and a connection knows its place")
    func differing() throws {
        var first = profile(["one", "two"], requires: true)
        first.options.serverName = "First"
        first.maxMessageSize = 10
        var second = profile(["two"], requires: true)
        second.options.failsByDrop = true
        second.maxMessageSize = 1000
        second.deflate = DeflatePolicy()
        let (server, addresses) = try server([first, second])
        let offer = "Sec-WebSocket-Protocol: two\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"
        let one = try RawPeer.opened(server, addresses[0], fields: offer)
        let two = try RawPeer.opened(server, addresses[1], fields: offer)
        #expect(one.head.contains("Server: First\r\n") && !one.head.contains("permessage-deflate"))
        #expect(!two.head.contains("Server:") && two.head.contains("permessage-deflate"))
        #expect(server.opened.map(\.subprotocol) == [1, 0])
        #expect(server.opened.map { server.loop.subprotocolName(of: $0.link) } == ["two", "two"])
        #expect(server.opened.map { server.loop.links.value[Int($0.link.index)].profile } == [0, 1])

        let refused = try RawPeer(connectingTo: addresses[1])
        refused.send(RawPeer.request("Sec-WebSocket-Protocol: one\r\n"))
        try step(server, pumping: refused) { refused.body != nil }
        #expect(refused.head.hasPrefix("HTTP/1.1 400 "))

        for peer in [one, two] { peer.send(RawPeer.frame(.binary, Array(repeating: 7, count: 11))) }
        try step(server, pumping: one) { one.hasEnded }
        try step(server, pumping: two) { server.messages.count == 1 }
        #expect(one.closeCode == 1009 && server.messages[0].link == server.opened[1].link)
        two.send(RawPeer.frame(.binary, Array(repeating: 7, count: 1001)))
        try step(server, pumping: two) { two.hasEnded }
        #expect(two.frames.isEmpty)
    }

    @Test("max_connections: each place has its own, one above it is reset, and one that ends makes room")
    func quota() throws {
        var first = profile()
        first.quota = ConnectionQuota(1)
        let (server, addresses) = try server([first, profile()])
        let held = try RawPeer.opened(server, addresses[0])
        let more = try RawPeer(connectingTo: addresses[0])
        try step(server, pumping: more) { more.hasEnded }
        #expect(server.loop.counters.value.refused == 1)
        _ = try RawPeer.opened(server, addresses[1])
        held.close()
        try step(server) { first.quota?.used == 0 }
        _ = try RawPeer.opened(server, addresses[0])
        #expect(first.quota?.used == 1)
    }

    @Test("open_handshake_timeout: each place has its own; 0 waits for ever")
    func openTimeouts() throws {
        var limits = Limits()
        limits.openHandshakeTimeout = 20_000_000
        var patient = profile()
        patient.openHandshakeTimeout = 0
        let (server, addresses) = try server([profile(), patient], limits: limits)
        let waiting = try RawPeer(connectingTo: addresses[1])
        try step(server) { server.loop.linkCount == 1 }
        let dropped = try RawPeer(connectingTo: addresses[0])
        try step(server, pumping: dropped) { dropped.hasEnded }
        #expect(server.closed.map(\.end) == [.openHandshakeTimeout] && server.loop.linkCount == 1)
        waiting.send(RawPeer.request())
        try step(server, pumping: waiting) { server.opened.count == 1 }
    }

    @Test("A message below the threshold goes as it is, one at it is compressed; so it is for a server and a client")
    func threshold() throws {
        var policy = DeflatePolicy()
        policy.threshold = 100
        for fragmentSize in [0, 60] {
            var accept = profile()
            accept.deflate = policy
            accept.options.fragmentSize = fragmentSize
            let (server, addresses) = try server([accept])
            let peer = try RawPeer.opened(
                server, addresses[0], fields: "Sec-WebSocket-Extensions: permessage-deflate\r\n")
            for count in [99, 100] { server.send(Fixture.text(count), .text, to: server.opened[0].link) }
            try step(server, pumping: peer) { server.loop.queuedBytes == 0 && (peer.body?.count ?? 0) > 99 }
            let bytes = try #require(peer.body)
            let frames = RawPeer.frames(bytes)
            #expect(frames[0].isFinal == (fragmentSize == 0) && bytes[0] & 0x40 == 0)
            let second = bytes[(fragmentSize == 0 ? 101 : 103)...]
            #expect(second.first.map { $0 & 0x4f } == 0x41)
        }
        var accept = profile()
        accept.deflate = DeflatePolicy()
        let (server, addresses) = try server([accept])
        let client = try Fixture.client(deflate: policy)
        _ = try client.loop.connect(to: addresses[0])
        try step(server, client) { client.opened.count == 1 && server.opened.count == 1 }
        for count in [99, 100, 99] { client.send(Fixture.text(count), .text, to: client.opened[0].link) }
        try step(server, client) { server.messages.count == 3 }
        #expect(server.messages.map(\.bytes) == [99, 100, 99].map(Fixture.text))
    }
}
