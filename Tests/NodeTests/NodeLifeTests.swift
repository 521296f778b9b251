import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import Testing

@testable import RennbahnRouterNode

/// How a node starts and ends, and the echo service.
@Suite(.serialized)
struct NodeLifeTests {
    private func isPortFree(_ address: SocketAddress) -> Bool {
        guard let listener = try? Sockets.listen(address) else { return false }
        Sockets.close(listener)
        return true
    }

    @Test("a stopped node says GOODBYE to every session and ends when all have answered", arguments: [1, 2, 3])
    func stop(shards: Int) throws {
        let arena = try Arena(shards: shards)
        var all: [Client] = []
        for crowd in try arena.mixedCrowds() { all += try arena.join(crowd, 6) }
        for client in all {
            client.onMessage = { message in
                if message[0] == 6 { client.send([6, [:], "wamp.close.goodbye_and_out"]) }
                return false
            }
        }
        arena.node.stop()
        try arena.until { arena.node.hasEnded && all.allSatisfy { $0.end != nil } }
        for client in all {
            #expect(client.inbox.count == 1 && client.inbox[0][0] == 6)
            #expect(client.inbox[0][2] == "wamp.close.system_shutdown")
            #expect(client.end == .closed(code: 1000))
        }
        arena.node.wait()
        #expect(isPortFree(arena.node.address))
    }

    @Test("whoever looks after the memory is told of each connection that ends", arguments: [1, 2])
    func ends(shards: Int) throws {
        let arena = try Arena(shards: shards)
        let clients = try arena.join(try arena.crowd(.json), 4)
        #expect(arena.node.ends.total == 0)
        for client in clients { client.hangUp() }
        try arena.until { arena.node.ends.total == 4 }
    }

    @Test("a stopped node ends at its limit although nobody answers", arguments: [1, 2])
    func stopUnanswered(shards: Int) throws {
        var limits = Limits()
        limits.shutdownTimeout = 200_000_000
        let arena = try Arena(shards: shards, limits: limits)
        let silent = try arena.join(try arena.crowd(.json), 6)
        let unjoined = try arena.crowd(.msgpack).connect(to: arena.node.address)
        let mute = try Sockets.connect(to: arena.node.address).descriptor
        defer { Sockets.close(mute) }
        try arena.until { unjoined.isOpen }
        arena.node.stop()
        try arena.until { arena.node.hasEnded }
        arena.node.wait()
        try arena.until { silent.allSatisfy { $0.end != nil } && unjoined.end != nil }
        #expect(silent.allSatisfy { $0.heard(.goodbye).count == 1 })
        #expect(isPortFree(arena.node.address))
    }

    @Test("a stopped node closes connections without a session and does not wait for its limit", arguments: [1, 2])
    func stopWithoutSessions(shards: Int) throws {
        var limits = Limits()
        limits.shutdownTimeout = 600_000_000_000
        let arena = try Arena(shards: shards, limits: limits)
        let crowd = try arena.crowd(.json)
        let unjoined = try (0..<4).map { _ in try crowd.connect(to: arena.node.address) }
        try arena.until { unjoined.allSatisfy { $0.isOpen } }
        arena.node.stop()
        try arena.until { arena.node.hasEnded && unjoined.allSatisfy { $0.end != nil } }
        #expect(unjoined.allSatisfy { $0.end == .closed(code: 1001) })
    }

    @Test("a node is stopped whenever the order comes", arguments: 1...3)
    func stopAtAnyMoment(shards: Int) throws {
        for _ in 0..<60 {
            let arena = try Arena(shards: shards)
            arena.node.stop()
            try arena.until { arena.node.hasEnded }
        }
    }

    @Test("an abandoned node is gone at once, its port free", arguments: [1, 2])
    func abandon(shards: Int) throws {
        let arena = try Arena(shards: shards)
        let clients = try arena.join(try arena.crowd(.json), 4)
        arena.node.abandon()
        try arena.until { arena.node.hasEnded && clients.allSatisfy { $0.end != nil } }
        arena.node.wait()
        #expect(clients.allSatisfy { $0.inbox.isEmpty })
        #expect(isPortFree(arena.node.address))
    }

    @Test("a busy port is an error that says so, whatever the number of shards", arguments: [1, 2])
    func busyPort(shards: Int) throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        defer { Sockets.close(listener) }
        let address = try Sockets.boundAddress(of: listener)
        let error = #expect(throws: EndpointFailure.self) {
            _ = try Node(
                NodeConfiguration(
                    service: .router(realms: ["realm1"]), listen: address, shards: shards))
        }
        #expect(error?.description.contains("Address already in use") == true)
    }

    @Test("the echo service sends everything back as it came", arguments: [1, 2])
    func echo(shards: Int) throws {
        let arena = try Arena(shards: shards, service: .echo)
        let crowds = try arena.mixedCrowds()
        for size in [0, 5, 126, 70_000] {
            for crowd in crowds {
                let client = try crowd.connect(to: arena.node.address)
                try arena.until { client.isOpen }
                var echoes: [[UInt8]] = []
                client.onBytes = {
                    echoes.append($0.copied())
                    return true
                }
                let bytes = [UInt8](repeating: UInt8(ascii: "e"), count: size)
                for _ in 0..<5 { client.sendBytes(bytes) }
                try arena.until { echoes.count == 5 }
                #expect(echoes.allSatisfy { $0 == bytes })
            }
        }
    }

    @Test("an echo that congests its own connection goes on by itself when it has drained", arguments: [1, 2])
    func congestedEcho(shards: Int) throws {
        var limits = Limits()
        limits.queuedOutputHighMark = 1000
        limits.queuedOutputLowMark = 100
        let arena = try Arena(shards: shards, service: .echo, limits: limits)
        let client = try arena.crowd(.msgpack).connect(to: arena.node.address)
        try arena.until { client.isOpen }
        var count = 0
        client.onBytes = { _ in
            count += 1
            return true
        }
        for _ in 0..<50 { client.sendBytes([UInt8](repeating: 7, count: 3000)) }
        try arena.until { count == 50 }
    }

    @Test("the echo service stops with a close frame")
    func stopEcho() throws {
        let arena = try Arena(shards: 2, service: .echo)
        let crowd = try arena.crowd(.json)
        var clients: [Client] = []
        for _ in 0..<4 { clients.append(try crowd.connect(to: arena.node.address)) }
        try arena.until { clients.allSatisfy(\.isOpen) }
        arena.node.stop()
        try arena.until { arena.node.hasEnded && clients.allSatisfy { $0.end != nil } }
        #expect(clients.allSatisfy { $0.end == .closed(code: 1001) })
    }
}
