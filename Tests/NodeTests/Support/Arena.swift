import Logging
import RennbahnBytes
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import Testing

/// A node on its own threads, and the crowds that play against it on the test's thread.
final class Arena {
    let node: Node
    private var crowds: [Crowd] = []

    init(
        shards: Int = 1,
        service: NodeConfiguration.Service = .router(realms: ["realm1"]),
        serializers: [Serializer] = Serializer.allCases,
        deflate: DeflatePolicy? = DeflatePolicy(), limits: Limits = Limits(), logger: Logger? = nil,
        hasFixedIDs: Bool = false
    ) throws {
        var limits = limits
        limits.maxConnections = min(limits.maxConnections, 1000)
        var configuration = NodeConfiguration(
            service: service, listen: .loopback(port: 0), serializers: serializers, shards: shards, deflate: deflate,
            limits: limits)
        configuration.hasFixedIDs = hasFixedIDs
        if let logger { configuration.logger = logger }
        node = try Node(configuration)
    }

    /// Lets crowds play against a node that runs.
    init(running node: Node) {
        self.node = node
    }

    deinit {
        for crowd in crowds { crowd.forgetHandlers() }
        node.abandon()
        node.wait()
    }

    func crowd(
        _ serializer: Serializer, deflate: DeflatePolicy? = nil, subprotocols: [String]? = nil
    ) throws -> Crowd {
        let crowd = try Crowd(serializer, deflate: deflate, subprotocols: subprotocols)
        crowds.append(crowd)
        return crowd
    }

    /// All kinds of clients: both serializers, with and without compression.
    func mixedCrowds() throws -> [Crowd] {
        [
            try crowd(.json), try crowd(.msgpack), try crowd(.json, deflate: DeflatePolicy()),
            try crowd(.msgpack, deflate: DeflatePolicy(requestNoContextTakeover: true)),
        ]
    }

    /// Lets everybody go on until `condition` holds; fails the test when nothing has come for half a minute, or after ten of
    /// those: how long a flood takes is a matter of what else the machine does.
    func until(
        location: SourceLocation = #_sourceLocation, _ condition: () -> Bool
    ) throws {
        let half: UInt64 = 30_000_000_000
        let start = MonotonicClock.now()
        var (seen, seenAt) = (received, start)
        while !condition() {
            let now = MonotonicClock.now()
            if received != seen { (seen, seenAt) = (received, now) }
            try #require(now < seenAt + half && now < start + 10 * half, "did not come true", sourceLocation: location)
            turn()
        }
    }

    /// Octets that have come for anybody.
    private var received: UInt64 { crowds.reduce(0) { $0 &+ $1.loop.counters.value.bytesIn } }

    func turn() {
        for (index, crowd) in crowds.enumerated() { crowd.turn(milliseconds: index == 0 ? 1 : 0) }
    }

    // MARK: What sessions do, waiting for the answer

    /// Connects `count` clients and opens a session for each.
    func join(_ crowd: Crowd, _ count: Int = 1, realm: String = "realm1") throws -> [Client] {
        var joined: [Client] = []
        for _ in 0..<count { joined.append(try crowd.connect(to: node.address)) }
        try until { joined.allSatisfy(\.isOpen) }
        for client in joined { client.hello(realm) }
        try until { joined.allSatisfy { $0.heard(.welcome).count == 1 } }
        for client in joined { client.inbox.removeAll() }
        return joined
    }

    func subscribe(
        _ clients: [Client], _ topic: String, match: String = "exact", location: SourceLocation = #_sourceLocation
    ) throws {
        for client in clients {
            client.send([32, .init(client.nextRequest()), ["match": .string(match)], .string(topic)])
        }
        try until(location: location) { clients.allSatisfy { !$0.heard(.subscribed).isEmpty } }
        for client in clients { client.inbox.removeAll { $0[0] == 33 } }
    }

    func register(
        _ client: Client, _ procedure: String, match: String = "exact", location: SourceLocation = #_sourceLocation
    ) throws {
        client.send([64, .init(client.nextRequest()), ["match": .string(match)], .string(procedure)])
        try until(location: location) { !client.heard(.registered).isEmpty }
        client.inbox.removeAll { $0[0] == 65 }
    }

    /// The RESULT or ERROR of a call.
    func call(
        _ client: Client, _ procedure: String, _ arguments: WAMPValue = [], location: SourceLocation = #_sourceLocation
    ) throws -> WAMPValue {
        let request = WAMPValue(client.nextRequest())
        client.send([48, request, [:], .string(procedure), arguments])
        func answer() -> WAMPValue? {
            client.inbox.first { $0[0] == 50 && $0[1] == request || $0[0] == 8 && $0[2] == request }
        }
        try until(location: location) { answer() != nil }
        return answer() ?? .null
    }
}

extension Client {
    func hello(_ realm: String) {
        send([
            1, .string(realm),
            ["roles": ["publisher": [:], "subscriber": [:], "caller": [:], "callee": [:]]],
        ])
    }

    func publish(_ topic: String, _ arguments: WAMPValue) {
        send([16, .init(nextRequest()), [:], .string(topic), arguments])
    }

    /// Answers every invocation with its own arguments; returns what was asked in the order in which it came.
    func yieldEcho() {
        onMessage = { message in
            guard message[0] == 68 else { return false }
            self.send([70, message[1] ?? .null, [:], message[4] ?? []])
            return true
        }
    }
}
