import RennbahnBytes
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWAMP
import Testing

/// A million events at once for a hundred subscribers on two shards, some of which read slowly and one not at all.
@Suite(.serialized)
struct BurstTests {
    private static let topic = "com.example.burst"
    private static let shards = 2
    private static let healthyCount = 89
    private static let slowCount = 10
    private static let publicationsOfEach = 5000
    /// A slow subscriber reads so many bytes at a time, and only while it is this much behind or nobody else moves.
    private static let slowStep = 16_384
    private static let slowLag = 300_000

    private static func limits() -> Limits {
        var limits = Limits()
        limits.maxConnections = 200
        limits.receiveBufferSize = 64 * 1024
        limits.ringCapacity = 64 * 1024
        limits.socketSendBuffer = 16 * 1024
        limits.queuedOutputHighMark = 64 * 1024
        limits.queuedOutputLowMark = 16 * 1024
        limits.maxQueuedOutput = 512 * 1024
        // Nobody but receivers that are behind, and rings that are full, holds publishers back.
        limits.fanOutTime = .max
        // Long for the others too, which all wait for the one thread of this test.
        limits.stallTimeout = 2_000_000_000
        return limits
    }

    /// What a connection may have queued: up to the mark, then what was on its way to it when its senders were told: a
    /// ring full, and what the other shard has read in its turn.
    private static func queueBound(_ limits: Limits) -> Int {
        limits.queuedOutputHighMark + limits.ringCapacity + 2 * limits.receiveBufferSize
    }

    private struct Crowd {
        /// By shard.
        var healthy: [[RawSession]] = []
        var slow: [[RawSession]] = []
        var publishers: [RawSession] = []
        let stuck: RawSession

        var readers: [RawSession] { healthy.flatMap { $0 } + slow.flatMap { $0 } }
        var leastHealthy: Int { healthy.joined().map(\.received.count).min() ?? 0 }
    }

    /// Lets the node work, without a busy wait; fails the test when a minute has gone by.
    private final class Clock {
        private var poller: Poller
        private let deadline = MonotonicClock.now() + 60_000_000_000

        init() throws { poller = try Poller() }

        func watch(_ session: RawSession) throws {
            try poller.add(session.descriptor, token: 0, interest: [.read])
        }

        func tick() throws {
            try #require(MonotonicClock.now() < deadline, "the burst did not end")
            _ = poller.wait(timeoutMilliseconds: 1)
        }
    }

    private func join(_ sessions: [RawSession], _ clock: Clock) throws {
        for session in sessions { session.queue("[32,1,{},\"\(Self.topic)\"]") }
        try until(clock) {
            for session in sessions {
                session.pump()
                session.read(4096)
            }
            return sessions.allSatisfy { $0.hasHeard("[33,1,") }
        }
        for session in sessions { session.forget() }
    }

    private func until(_ clock: Clock, _ condition: () -> Bool) throws {
        while !condition() { try clock.tick() }
    }

    private func gather(_ node: Node, _ clock: Clock) throws -> Crowd {
        var crowd = Crowd(stuck: try RawSession(connectingTo: node.addresses[1], receiveBuffer: 65_536))
        for (shard, address) in node.addresses.enumerated() {
            let healthy = Self.healthyCount * (shard + 1) / Self.shards - Self.healthyCount * shard / Self.shards
            crowd.healthy.append(try (0..<healthy).map { _ in try RawSession(connectingTo: address) })
            crowd.slow.append(
                try (0..<Self.slowCount / Self.shards).map { _ in
                    try RawSession(connectingTo: address, receiveBuffer: 65_536)
                })
            crowd.publishers.append(try RawSession(connectingTo: address))
        }
        try join(crowd.readers + [crowd.stuck], clock)
        let filler = String(repeating: "#", count: 60)
        for (index, publisher) in crowd.publishers.enumerated() {
            for number in 0..<Self.publicationsOfEach {
                publisher.queue(
                    "[16,\(number + 1),{},\"\(Self.topic)\",[\(index),\(1_000_000 + number),\"\(filler)\"]]")
            }
        }
        for session in crowd.healthy.joined() { try clock.watch(session) }
        return crowd
    }

    /// One step of everybody: publishers send, healthy subscribers read all there is, slow ones as their pace says, the
    /// stuck one nothing.
    private func step(_ crowd: Crowd) {
        var hasMoved = false
        for publisher in crowd.publishers where publisher.pump() { hasMoved = true }
        for session in crowd.healthy.joined() where session.read(64 * 1024) { hasMoved = true }
        let front = crowd.leastHealthy
        for session in crowd.slow.joined() where !hasMoved || session.received.count + Self.slowLag < front {
            session.read(Self.slowStep)
        }
    }

    /// Events of one subscriber by publisher, each in order and once.
    private func expectWhole(_ session: RawSession, _ name: String) {
        var next = [0, 0]
        var strangers = 0
        for message in session.messages() {
            let fields = message.split(whereSeparator: { "[],{}".contains($0) })
            guard fields.count == 6, fields[0] == "36", let publisher = Int(fields[3]),
                next.indices.contains(publisher), Int(fields[4]) == 1_000_000 + next[publisher]
            else {
                strangers += 1
                continue
            }
            next[publisher] += 1
        }
        #expect(strangers == 0, "\(name): messages that are no next event")
        #expect(next == [Self.publicationsOfEach, Self.publicationsOfEach], "\(name)")
    }

    @Test("a burst of a million events: who reads gets all, who does not is dropped and counted, memory is bounded")
    func burst() throws {
        let limits = Self.limits()
        var configuration = NodeConfiguration(
            service: .router(realms: ["realm1"]), listen: .loopback(port: 0), serializers: [.json],
            shards: Self.shards, limits: limits)
        configuration.hasPortPerShard = true
        let node = try Node(configuration)
        defer {
            node.abandon()
            node.wait()
        }
        let clock = try Clock()
        let crowd = try gather(node, clock)
        let total = Self.shards * Self.publicationsOfEach
        try until(clock) {
            step(crowd)
            return crowd.readers.allSatisfy { $0.frameCount >= total || $0.hasEnded }
        }
        // What every subscriber of a shard gets is the same to the last bit: one is read, the others are compared with it.
        for shard in 0..<Self.shards {
            let model = crowd.healthy[shard][0]
            expectWhole(model, "shard \(shard)")
            for session in crowd.healthy[shard] + crowd.slow[shard] {
                let (bytes, expected) = (session.received, model.received)
                let isSame = bytes.span.equals(expected.span)
                #expect(isSame && !session.hasEnded)
            }
        }
        #expect(crowd.publishers.allSatisfy { $0.hasSentAll })

        // The stuck one has lost its connection, in the middle of the burst.
        try until(clock) {
            crowd.stuck.read(64 * 1024)
            return crowd.stuck.hasEnded
        }
        #expect(crowd.stuck.frameCount < total / 2)
        node.abandon()
        node.wait()
        let figures = node.figures
        #expect(figures.map(\.stalled) == [0, 1])
        #expect(figures.map(\.overflowed) == [0, 0])
        #expect(figures.allSatisfy { $0.pauses > 0 }, "no publisher was held back")
        let bound = Self.queueBound(limits)
        let links = (Self.healthyCount + Self.slowCount) / Self.shards + 3
        for session in crowd.healthy.map({ $0[0] }) {
            #expect(session.received.count > 2 * bound, "the burst would fit into the queues")
        }
        for figure in figures {
            #expect(figure.mostQueuedOfOne > limits.queuedOutputHighMark && figure.mostQueuedOfOne <= bound)
            #expect(figure.mostQueued <= bound * links)
            // In front of a full ring: one record of each publisher, and each receiver's word to each to stop and to go on.
            #expect(figure.mostOverflowed <= links * Self.shards * 2 * 128)
        }
    }
}
