import RennbahnBytes
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import Testing

/// Floods of events for subscribers of which some do not read: the publisher is held back, nobody else loses anything.
@Suite(.serialized)
struct FloodTests {
    private static let topic = "com.example.flood"
    private static let count = 20_000

    /// Counts the events of a client and checks that each follows the one before.
    private final class Counter {
        let client: Client
        private(set) var count = 0
        private(set) var isInOrder = true

        init(_ client: Client) {
            self.client = client
            client.onBytes = { [unowned self] bytes in
                guard bytes.count > 20, bytes[1] == UInt8(ascii: "3"), bytes[2] == UInt8(ascii: "6") else {
                    return false
                }
                isInOrder = isInOrder && Counter.number(bytes) == count
                count += 1
                return true
            }
        }

        /// The number at the end of `…,["…",12]]`.
        private static func number(_ bytes: Span<UInt8>) -> Int {
            var index = bytes.count - 3
            var value = 0
            var scale = 1
            while bytes[index] >= 0x30, bytes[index] <= 0x39 {
                value += Int(bytes[index] - 0x30) * scale
                scale *= 10
                index -= 1
            }
            return value
        }
    }

    private struct Flood {
        let arena: Arena
        let publisher: Client
        let stuck: [Counter]
        let others: [Counter]
    }

    private static func limits() -> Limits {
        var limits = Limits()
        limits.queuedOutputHighMark = 256 * 1024
        limits.queuedOutputLowMark = 64 * 1024
        limits.maxQueuedOutput = 3 * 1024 * 1024
        limits.ringCapacity = 64 * 1024
        return limits
    }

    /// Subscribers, `stuckCount` of which stop to read, and a publisher that has all its events in its queue.
    private static func begin(shards: Int, stuckCount: Int, limits: Limits) throws -> Flood {
        let arena = try Arena(shards: shards, limits: limits)
        let subscribers = try arena.join(try arena.crowd(.json), 20)
        try arena.subscribe(subscribers, topic)
        let counters = subscribers.map(Counter.init)
        let publisher = try arena.join(try arena.crowd(.json))[0]
        for counter in counters.prefix(stuckCount) { counter.client.crowd.loop.pause(counter.client.link) }
        let filler = String(repeating: "#", count: 600)
        for number in 0..<count {
            publisher.sendText("[16,\(number + 1),{},\"\(topic)\",[\"\(filler)\",\(number)]]")
        }
        return Flood(
            arena: arena, publisher: publisher, stuck: Array(counters.prefix(stuckCount)),
            others: Array(counters.dropFirst(stuckCount)))
    }

    @Test(
        "a publisher waits for subscribers that do not read, and nothing is lost when they read again",
        arguments: [(1, 1), (2, 4), (3, 5)])
    func throttled(shards: Int, stuckCount: Int) throws {
        let flood = try Self.begin(shards: shards, stuckCount: stuckCount, limits: Self.limits())
        // Until nothing moves any more.
        var seen = -1
        var quietTurns = 0
        try flood.arena.until {
            let now = flood.others.reduce(0) { $0 + $1.count }
            quietTurns = now == seen ? quietTurns + 1 : 0
            seen = now
            return quietTurns > 150
        }
        #expect(flood.publisher.crowd.loop.queuedBytes > 0, "the publisher was not held back")
        #expect(flood.others.allSatisfy { $0.count < Self.count })
        for counter in flood.stuck { counter.client.crowd.loop.resume(counter.client.link) }
        let all = flood.stuck + flood.others
        try flood.arena.until { all.allSatisfy { $0.count == Self.count || $0.client.end != nil } }
        #expect(all.allSatisfy { $0.count == Self.count && $0.isInOrder && $0.client.end == nil })
        #expect(flood.publisher.end == nil)
    }

    @Test(
        "a subscriber that does not read is dropped after the stall timeout; the others get everything",
        arguments: [1, 2])
    func dropped(shards: Int) throws {
        var limits = Self.limits()
        // Long for the others too, which all wait for the one thread of this test.
        limits.stallTimeout = 2_000_000_000
        let flood = try Self.begin(shards: shards, stuckCount: 2, limits: limits)
        try flood.arena.until { flood.others.allSatisfy { $0.count == Self.count || $0.client.end != nil } }
        #expect(flood.others.allSatisfy { $0.count == Self.count && $0.isInOrder && $0.client.end == nil })
        #expect(flood.publisher.end == nil)
        for counter in flood.stuck { counter.client.crowd.loop.resume(counter.client.link) }
        try flood.arena.until { flood.stuck.allSatisfy { $0.client.end != nil } }
        #expect(flood.stuck.allSatisfy { $0.count < Self.count && $0.isInOrder })
        #expect(flood.stuck.allSatisfy { $0.client.end == .lost })
    }

    @Test("a receiver that the kernel drains at once never leaves its sender waiting", arguments: [1, 2])
    func shortCongestion(shards: Int) throws {
        var limits = Limits()
        limits.queuedOutputHighMark = 500
        limits.queuedOutputLowMark = 100
        let arena = try Arena(shards: shards, limits: limits)
        let subscribers = try arena.join(try arena.crowd(.json), 8)
        try arena.subscribe(subscribers, Self.topic)
        let publishers = try arena.join(try arena.crowd(.json), 4)
        let filler = WAMPValue.string(String(repeating: "#", count: 1000))
        for publisher in publishers {
            for _ in 0..<100 { publisher.publish(Self.topic, [filler]) }
        }
        try arena.until { subscribers.allSatisfy { $0.inbox.count == 400 } }
    }

    @Test("callees wait for callers that do not read, and no result is lost when they read again", arguments: [1, 2])
    func stuckCaller(shards: Int) throws {
        let arena = try Arena(shards: shards, limits: Self.limits())
        let crowd = try arena.crowd(.json)
        let callees = try arena.join(crowd, 4)
        let callers = try arena.join(try arena.crowd(.json), 4)
        for (index, callee) in callees.enumerated() {
            try arena.register(callee, "com.example.echo\(index)")
            callee.yieldEcho()
        }
        let filler = WAMPValue.string(String(repeating: "#", count: 20_000))
        for (index, caller) in callers.enumerated() {
            caller.crowd.loop.pause(caller.link)
            for number in 0..<700 {
                caller.send([
                    48, .init(caller.nextRequest()), [:], .string("com.example.echo\(index)"),
                    [.integer(Int64(number)), filler],
                ])
            }
        }
        var seen = UInt64.max
        var quietTurns = 0
        try arena.until {
            let now = crowd.loop.counters.value.messagesIn
            quietTurns = now == seen ? quietTurns + 1 : 0
            seen = now
            return quietTurns > 150
        }
        #expect(crowd.loop.queuedBytes > 0, "the callees were not held back")
        for caller in callers { caller.crowd.loop.resume(caller.link) }
        try arena.until { callers.allSatisfy { $0.heard(.result).count == 700 || $0.end != nil } }
        for caller in callers {
            #expect(caller.end == nil)
            #expect(caller.inbox.compactMap { $0[3]?[0]?.integerValue } == (0..<700).map { $0 })
        }
    }
}
