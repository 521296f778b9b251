import RennbahnBytes
import RennbahnReactor
import RennbahnSimulationKit
import RennbahnWeb
import RennbahnWebSocket
import Testing

@testable import RennbahnTransport

/// The timers of a turn are taken before its news are: what came with them may have ended the wait, or begun another.
@Suite("Time-outs and news of one turn, without sockets")
struct StaleTimerTests {
    private static let second: UInt64 = 1_000_000_000
    private let network = SimulatedNetwork(seed: 1)

    private func server(
        _ profile: AcceptProfile = AcceptProfile(subprotocols: [], requiresSubprotocol: false)
    ) throws -> Station {
        let loop = try LinkLoop(limits: limits, accept: [profile], kernel: Kernel(simulatedBy: network))
        try loop.listen(on: network.listen(80))
        return Station(loop)
    }

    private var limits: Limits {
        var limits = Limits()
        limits.maxConnections = 4
        return limits
    }

    /// What has come for a bare peer.
    private func received(_ peer: Descriptor) -> String {
        var buffer = ByteBuffer()
        while case .bytes = network.receive(peer, into: &buffer, minimumFree: 4096) {}
        return buffer.span.text()
    }

    private func send(_ text: String, _ peer: Descriptor) {
        #expect(network.send(peer, Array(text.utf8).span) == .bytes(text.utf8.count))
    }

    @Test("a request that comes when its time is over is answered")
    func refusal() throws {
        let server = try server()
        let peer = try network.connect(to: .loopback(port: 80))
        server.turn(milliseconds: 0)
        network.advance(limits.openHandshakeTimeout)
        send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", peer)
        for _ in 0..<3 { server.turn(milliseconds: 0) }
        #expect(received(peer).hasPrefix("HTTP/1.1 426 "))
    }

    @Test("a request that begins when the idle time is over has the time of an opening handshake")
    func idleTime() throws {
        var profile = AcceptProfile(subprotocols: [])
        var site = WebSite(services: ["facts": .value(JSONValue(text: "[1]"))])
        site.idleTimeout = StaleTimerTests.second
        profile.web = site
        profile.webSocket = .nowhere
        let server = try server(profile)
        let peer = try network.connect(to: .loopback(port: 80))
        send("GET /facts HTTP/1.1\r\nHost: localhost\r\n\r\n", peer)
        for _ in 0..<3 { server.turn(milliseconds: 0) }
        #expect(received(peer).hasPrefix("HTTP/1.1 200 "))
        network.advance(StaleTimerTests.second)
        send("GET /facts HTTP/1.1\r\n", peer)
        for _ in 0..<3 { server.turn(milliseconds: 0) }
        #expect(server.closed.isEmpty)
        send("Host: localhost\r\n\r\n", peer)
        for _ in 0..<3 { server.turn(milliseconds: 0) }
        #expect(received(peer).hasPrefix("HTTP/1.1 200 "))
    }

    @Test("a Close frame that comes when the closing time is over ends the handshake in good order")
    func closing() throws {
        let server = try server()
        let loop = try LinkLoop(
            limits: limits, connect: ConnectProfile(host: "localhost", path: "/", subprotocols: []),
            kernel: Kernel(simulatedBy: network))
        let client = Station(loop)
        let link = try loop.connect(to: .loopback(port: 80))
        for _ in 0..<4 {
            client.turn(milliseconds: 0)
            server.turn(milliseconds: 0)
        }
        try #require(client.opened.count == 1 && server.opened.count == 1)
        loop.close(link, code: .normalClosure)
        client.turn(milliseconds: 0)
        for _ in 0..<2 { server.turn(milliseconds: 0) }
        network.advance(limits.closeHandshakeTimeout)
        for _ in 0..<3 {
            client.turn(milliseconds: 0)
            server.turn(milliseconds: 0)
        }
        #expect(client.closed.map(\.end) == [.closed(code: 1000)])
        #expect(server.closed.map(\.end) == [.closed(code: 1000)])
    }
}
