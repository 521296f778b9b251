import Foundation
import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket
import Testing

/// How endpoints are opened: ports, files, and what goes wrong with them.
@Suite(.serialized)
struct EndpointTests {
    private func tcp(
        _ ports: ClosedRange<UInt16> = 0...0, _ change: (inout ListeningEndpoint.TCP) -> Void = { _ in }
    )
        -> ListeningEndpoint
    {
        var tcp = ListeningEndpoint.TCP(ports: ports)
        tcp.interface = "127.0.0.1"
        change(&tcp)
        return ListeningEndpoint(.tcp(tcp))
    }

    private func close(_ endpoint: OpenEndpoint) {
        for listener in endpoint.listeners { Sockets.close(listener) }
        endpoint.removeFile()
    }

    @Test("several loops share one port, which nobody else may share", arguments: [1, 3])
    func spread(count: Int) throws {
        let first = try OpenEndpoint(tcp(), count: count)
        defer { close(first) }
        let port = first.addresses[0].port
        #expect(first.listeners.count == count && first.addresses.allSatisfy { $0.port == port })
        for other in 1...2 {
            #expect(throws: EndpointFailure.self) { try OpenEndpoint(tcp(port...port), count: other) }
        }
    }

    @Test("a shared port is open to others who share it, and only to them")
    func shared() throws {
        let first = try OpenEndpoint(tcp { $0.isShared = true }, count: 2)
        defer { close(first) }
        let port = first.addresses[0].port
        close(try OpenEndpoint(tcp(port...port) { $0.isShared = true }, count: 1))
        #expect(throws: EndpointFailure.self) { try OpenEndpoint(tcp(port...port), count: 1) }
    }

    @Test("of a range of ports the first free one is taken")
    func range() throws {
        let taken = try OpenEndpoint(tcp(), count: 1)
        defer { close(taken) }
        let port = taken.addresses[0].port
        try #require(port < 65_000)
        let next = try OpenEndpoint(tcp(port...port + 500), count: 2)
        defer { close(next) }
        #expect(next.addresses[0].port > port)
        let second = next.addresses[0].port
        if second == port + 1 {
            let failure = #expect(throws: EndpointFailure.self) { try OpenEndpoint(tcp(port...second), count: 1) }
            #expect(failure?.description == "every port from \(port) to \(second) is taken")
        }
    }

    @Test("every interface of either version")
    func versions() throws {
        for (version, text) in [(IPVersion.v4, "0.0.0.0"), (.v6, "::")] {
            let endpoint = try OpenEndpoint(
                tcp {
                    $0.interface = ""
                    $0.version = version
                }, count: 1)
            #expect(endpoint.addresses[0].host == text)
            close(endpoint)
        }
        let failure = #expect(throws: EndpointFailure.self) {
            try OpenEndpoint(
                tcp {
                    $0.interface = "127.0.0.1"
                    $0.version = .v6
                }, count: 1)
        }
        #expect(failure?.description == "\"127.0.0.1\" has no IPv6 address")
    }

    @Test("accepted connections inherit the user timeout, and the time after which the kernel asks for a sign of life")
    func inherited() throws {
        for seconds in [nil, 123] as [UInt16?] { try inherited(keepAlive: seconds) }
    }

    private func inherited(keepAlive seconds: UInt16?) throws {
        let endpoint = try OpenEndpoint(
            tcp {
                $0.userTimeout = 4321
                $0.keepAlive = seconds
            }, count: 1)
        defer { close(endpoint) }
        let peer = try RawPeer(connectingTo: endpoint.addresses[0])
        defer { peer.close() }
        var poller = try Poller()
        try poller.add(endpoint.listeners[0], token: 0, interest: [.read])
        #expect(poller.wait(timeoutMilliseconds: 60_000) == 1)
        guard case .accepted(let accepted) = Sockets.accept(endpoint.listeners[0]) else {
            Issue.record("nobody connected")
            return
        }
        #expect(Sockets.userTimeout(accepted) == 4321)
        #expect(Sockets.keepAlive(accepted) == seconds.map { Int32($0) })
        Sockets.close(accepted)
    }

    @Test("two loops take connections at one UNIX path, whose file goes when it is given up")
    func unix() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rennbahn-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("s").path
        // What a router that was killed left behind.
        Sockets.close(try Sockets.listen(try .unix(path: path)))
        let endpoint = try OpenEndpoint(ListeningEndpoint(.unix(path)), count: 2)
        let profile = AcceptProfile(subprotocols: [], requiresSubprotocol: false)
        let servers = try endpoint.listeners.map { listener in
            let loop = try LinkLoop(limits: Limits(), accept: [profile])
            try loop.listen(on: listener)
            return Station(loop)
        }
        #expect(throws: EndpointFailure.self) { try OpenEndpoint(ListeningEndpoint(.unix(path)), count: 1) }
        let client = try Fixture.client()
        let links = try (0..<8).map { _ in try client.loop.connect(to: endpoint.addresses[0]) }
        try step(servers[0], servers[1], client) { client.opened.count == 8 }
        #expect(servers[0].opened.count + servers[1].opened.count == 8)
        for link in links { client.send([1, 2, 3], to: link) }
        try step(servers[0], servers[1], client) { servers[0].messages.count + servers[1].messages.count == 8 }
        for link in links { client.loop.close(link, code: .normalClosure) }
        try step(servers[0], servers[1], client) { client.closed.count == 8 }
        #expect(client.closed.allSatisfy { $0.end == .closed(code: 1000) })
        endpoint.removeFile()
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
