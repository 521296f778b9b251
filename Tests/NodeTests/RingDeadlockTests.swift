import RennbahnBytes
import RennbahnReactor
import RennbahnRouter
import RennbahnTransport
import RennbahnWAMP
import RennbahnWorkload
import Testing

@testable import RennbahnRouterNode

/// Two shards that flood each other through rings of a few records, in one thread: what ``RouterShard`` does with its
/// lines in a turn, without sockets. Every record must arrive, in order, whoever gets the processor how often, and what
/// waits outside the rings must stay small.
struct RingDeadlockTests {
    /// One shard: connections that send as fast as they may, and answer what they get if it is a request.
    private struct Side: ~Copyable {
        struct Sender {
            var remaining: Int
            var isPaused = false
        }

        var line: ShardLine
        var incoming: RingConsumer
        var senders: [Sender]
        let payload: [UInt8]
        /// Messages that a connection brings in a turn.
        let burst: Int
        var nextSent: UInt64 = 0
        var nextExpected: UInt64 = 0
        var isInOrder = true
        var answersExpected = 0

        init(_ producer: consuming RingProducer, _ incoming: consuming RingConsumer, _ flood: Flood) {
            line = ShardLine(producer)
            self.incoming = incoming
            senders = [Sender](repeating: Sender(remaining: flood.messages), count: flood.connections)
            payload = [UInt8](repeating: 0x61, count: flood.size)
            burst = flood.burst
        }

        var isDone: Bool {
            !line.isOverflowing && answersExpected == 0 && senders.allSatisfy { $0.remaining == 0 && !$0.isPaused }
        }

        /// What ``RouterShard/run()`` does in a turn: the rings, the overflow, then the connections that are read.
        mutating func turn() {
            var requests = 0
            while let header = incoming.pop({ ShardHeader(reading: $0) }) { requests += take(header) }
            // Nobody is paused for an answer: its cause is a connection of the other shard.
            for _ in 0..<requests { _ = send(isRequest: false, from: .none) }
            for link in line.drainOverflow() { senders[Int(link.index)].isPaused = false }
            for index in senders.indices { read(index) }
        }

        private mutating func take(_ header: ShardHeader) -> Int {
            guard case .router(.publication(let number, let isRequest), _) = header.record else {
                isInOrder = false
                return 0
            }
            isInOrder = isInOrder && number.value == nextExpected
            nextExpected += 1
            if isRequest == 1 { return 1 }
            answersExpected -= 1
            return 0
        }

        private mutating func read(_ index: Int) {
            var budget = burst
            while budget > 0, senders[index].remaining > 0, !senders[index].isPaused {
                budget -= 1
                senders[index].remaining -= 1
                answersExpected += 1
                let link = LinkID(index: UInt32(index), generation: 0)
                if !send(isRequest: true, from: link) {
                    line.remember(link)
                    senders[index].isPaused = true
                }
            }
        }

        private mutating func send(isRequest: Bool, from link: LinkID) -> Bool {
            let message = ShardMessage.publication(
                subscription: SubscriptionID(nextSent), publication: isRequest ? 1 : 0)
            nextSent += 1
            let payload = payload
            return line.send(ShardHeader(.router(message, origin: link)), Span(), payload.span)
        }
    }

    struct Flood: Sendable, CustomTestStringConvertible {
        var capacity: Int
        var connections: Int
        /// Requests of each connection.
        var messages: Int
        var burst: Int
        var size: Int

        /// Records that a ring holds at most.
        var room: Int { capacity / RecordHeader.footprint(of: ShardHeader.size + size) }
        var testDescription: String {
            "\(connections) connections, bursts of \(burst), \(size) B, rings of \(capacity) B"
        }
    }

    private struct Pair: ~Copyable {
        var first: Side
        var second: Side

        init(_ flood: Flood) {
            var forth = Ring.make(capacity: flood.capacity)
            var back = Ring.make(capacity: flood.capacity)
            first = Side(forth.takeProducer(), back.takeConsumer(), flood)
            second = Side(back.takeProducer(), forth.takeConsumer(), flood)
        }

        var isDone: Bool { first.isDone && second.isDone }
        var isInOrder: Bool { first.isInOrder && second.isInOrder }
        /// Records on their way in the fuller direction, in the ring or waiting for it.
        var underway: Int {
            max(Int(first.nextSent - second.nextExpected), Int(second.nextSent - first.nextExpected))
        }
        var received: UInt64 { first.nextExpected + second.nextExpected }

        mutating func turn(ofFirst isFirst: Bool) {
            if isFirst { first.turn() } else { second.turn() }
        }

        /// Turns by turns until both are done; false when turns of both moved nothing.
        mutating func finish() -> Bool {
            while !isDone {
                let before = received
                for _ in 0..<2 {
                    turn(ofFirst: true)
                    turn(ofFirst: false)
                }
                if received == before && !isDone { return false }
            }
            return true
        }
    }

    private static let floods = [
        Flood(capacity: 256, connections: 1, messages: 300, burst: 1, size: 0),
        Flood(capacity: 256, connections: 8, messages: 100, burst: 50, size: 0),
        Flood(capacity: 1024, connections: 3, messages: 300, burst: 7, size: 100),
        // Above a quarter of the ring: each record is a block, and sixteen bytes of the ring.
        Flood(capacity: 256, connections: 5, messages: 200, burst: 100, size: 500),
        Flood(capacity: 4096, connections: 40, messages: 50, burst: 50, size: 200),
    ]

    @Test(arguments: floods)
    func `Two shards that flood each other finish, whoever runs how often`(_ flood: Flood) {
        for seed: UInt64 in 1...30 {
            var random = SeededGenerator(seed: seed)
            var pair = Pair(flood)
            var worst = 0
            for _ in 0..<200 where !pair.isDone {
                let isFirst = Bool.random(using: &random)
                for _ in 0..<Int.random(in: 1...20, using: &random) {
                    pair.turn(ofFirst: isFirst)
                    worst = max(worst, pair.underway)
                }
            }
            let isFinished = pair.finish()
            #expect(isFinished, "seed \(seed): the shards stand still")
            let isInOrder = pair.isInOrder
            #expect(isInOrder, "seed \(seed)")
            let total = UInt64(2 * flood.connections * flood.messages)
            let received = [pair.first.nextExpected, pair.second.nextExpected]
            #expect(received == [total, total], "seed \(seed)")
            // In the ring; a record for each connection, which is paused with it; the answers to a ring full of requests
            // and to the records that had waited for it.
            let bound = 3 * RingDeadlockTests.mostRecords(flood) + 2 * flood.connections
            #expect(worst <= bound, "seed \(seed): \(worst) records were on their way, \(bound) are expected at most")
        }
    }

    /// Records that a ring holds: blocks take only a header and an address.
    private static func mostRecords(_ flood: Flood) -> Int {
        ShardHeader.size + flood.size > flood.capacity / 4 ? flood.capacity / 16 : flood.room
    }

    /// Every order in which two shards can take fourteen turns, from a standing start.
    @Test func `No order of the first fourteen turns leads to a standstill`() {
        let flood = Flood(capacity: 256, connections: 2, messages: 6, burst: 2, size: 0)
        for order in 0..<(1 << 14) {
            var pair = Pair(flood)
            for turn in 0..<14 { pair.turn(ofFirst: order >> turn & 1 == 1) }
            guard pair.finish(), pair.isInOrder else {
                Issue.record("order \(String(order, radix: 2)): the shards stand still or records changed places")
                return
            }
        }
    }

    @Test func `A connection is held back with its first record that does not fit, and no sooner`() {
        let flood = Flood(capacity: 256, connections: 1, messages: 1000, burst: 1000, size: 0)
        var pair = Pair(flood)
        pair.turn(ofFirst: true)
        let isHeldBack = pair.first.line.isOverflowing && pair.first.senders[0].isPaused
        #expect(isHeldBack)
        let sent = Int(pair.first.nextSent)
        #expect(sent == RingDeadlockTests.mostRecords(flood) + 1)
        // The receiver's turn makes room, the sender's next one fills it.
        pair.turn(ofFirst: false)
        pair.turn(ofFirst: true)
        let sentThen = Int(pair.first.nextSent)
        #expect(sentThen > sent)
    }
}
