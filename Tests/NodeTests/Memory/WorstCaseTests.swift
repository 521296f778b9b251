import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket
import Testing

@testable import RennbahnRouterNode

/// What limits come to.
struct WorstCaseTests {
    private static let sockets = SocketMemory(receiving: 6 << 20, sending: 4 << 20, all: 1 << 30)

    private func configuration(
        shards: Int = 2, deflate: DeflatePolicy? = nil, _ change: (inout Limits) -> Void = { _ in }
    ) -> NodeConfiguration {
        var limits = Limits()
        limits.maxConnections = 1000
        limits.slowReceivers = .disconnect
        change(&limits)
        return NodeConfiguration(
            service: .router(realms: ["realm1"]), listen: .loopback(port: 0), shards: shards, deflate: deflate,
            limits: limits)
    }

    private func parts(_ worst: WorstCase) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: worst.parts.map { ($0.name, $0.octets) })
    }

    @Test func `Each part is that of all shards or of all connections, and the sum is theirs`() {
        let worst = WorstCase(configuration(), descriptors: 0, sockets: Self.sockets)
        let parts = parts(worst)
        #expect(worst.connections == 2000)
        #expect(parts["unfinished messages"] == 512 << 20)
        #expect(parts["messages in hand"] == 2 * (48 << 20 + 256 << 10))
        #expect(parts["output"] == 2 * (288 << 20))
        #expect(parts["sessions"] == 512 << 20)
        #expect(parts["input that waits"] == 2 * (256 << 20) + 2000 * (16 << 10))
        #expect(parts["rings"] == 2 << 20)
        #expect(parts["log"] == 4 << 20)
        #expect(parts["buffers of sockets"] == 1 << 30)
        #expect(parts["compression"] == nil && parts["TLS"] == nil && parts["cookies"] == nil)
        #expect(worst.octets == worst.parts.reduce(0) { $0 + $1.octets })
    }

    @Test func `One shard has no rings, and who holds its senders may have all that one may`() {
        let parts = parts(
            WorstCase(configuration(shards: 1) { $0.slowReceivers = .hold }, descriptors: 0, sockets: nil))
        #expect(parts["rings"] == nil && parts["buffers of sockets"] == nil)
        #expect(parts["output"] == 1000 * (16 << 20) && parts["input that waits"] == 1000 * (256 << 10))
    }

    @Test func `A role that holds its senders may have as much, and one that does not changes nothing`() {
        func parts(_ roles: [String: SlowReceivers]) -> [String: Int] {
            var configuration = configuration(shards: 1)
            configuration.slowReceiversOfRoles = ["realm1": roles]
            return self.parts(WorstCase(configuration, descriptors: 0, sockets: nil))
        }
        #expect(parts(["a": .disconnect, "b": .hold])["output"] == 1000 * (16 << 20))
        #expect(parts(["b": .hold])["input that waits"] == 1000 * (256 << 10))
        #expect(parts(["a": .disconnect]) == parts([:]) && parts([:])["output"] == 288 << 20)
    }

    @Test func `Connections are as many as descriptors and transports allow`() {
        var configuration = configuration()
        #expect(WorstCase(configuration, descriptors: 300, sockets: nil).connections == 300)
        configuration.transports[0].profile.quota = ConnectionQuota(20)
        #expect(WorstCase(configuration, descriptors: 300, sockets: nil).connections == 20)
        // The buffers of few connections are less than the kernel's limit.
        let few = parts(WorstCase(configuration, descriptors: 0, sockets: Self.sockets))
        #expect(few["buffers of sockets"] == 20 * (10 << 20))
    }

    @Test func `A buffer that is set counts in place of the system's, and UNIX sockets have none of TCP`() {
        let set = configuration {
            $0.maxConnections = 5
            $0.socketSendBuffer = 65_536
        }
        let parts = parts(WorstCase(set, descriptors: 0, sockets: Self.sockets))
        #expect(parts["buffers of sockets"] == 10 * (6 << 20 + 65_536))
        let unix = NodeConfiguration(
            service: .router(realms: ["realm1"]),
            endpoints: [ListeningEndpoint(.unix(ListeningEndpoint.UNIX(path: "socket")))])
        #expect(self.parts(WorstCase(unix, descriptors: 0, sockets: Self.sockets))["buffers of sockets"] == nil)
    }

    @Test func `Compression counts by its window and its memory`() {
        func octets(_ policy: DeflatePolicy) -> Int {
            parts(WorstCase(configuration(deflate: policy), descriptors: 0, sockets: nil))["compression"] ?? 0
        }
        let usual = octets(DeflatePolicy())
        #expect(usual > 2000 * (32 << 10) && usual < 2000 * (1 << 20))
        #expect(octets(DeflatePolicy(maxWindowBits: 9, memoryLevel: 1)) < usual)
    }

    @Test func `Limits without an end are no trap`() {
        let endless = configuration {
            $0.maxMessageSize = .max
            $0.maxQueuedOutput = .max
            $0.slowReceivers = .hold
        }
        #expect(WorstCase(endless, descriptors: 0, sockets: Self.sockets).octets == .max)
    }

    @Test func `Memory of a shard is a quarter each for four parts, and its default is theirs`() {
        var limits = Limits()
        limits.setMemory(limits.memory)
        #expect(limits == Limits())
        limits.setMemory(400 << 20)
        #expect(limits.maxUnfinished == 100 << 20 && limits.maxQueuedOfAll == 100 << 20)
        #expect(limits.maxState == 100 << 20 && limits.maxPausedInput == 100 << 20 && limits.memory == 400 << 20)
    }
}
