import RennbahnRouterNode
import RennbahnWAMP
import Testing

/// What shards tell where somebody asks how they are doing.
@Suite(.serialized)
struct NodeWatchTests {
    /// Nanoseconds: a shard that does not answer fails the test.
    private static let patience: UInt64 = 30_000_000_000

    private struct Sum {
        let told: [NodeWatch.Told]

        init(_ watch: NodeWatch) { told = watch.look(patience: NodeWatchTests.patience) }

        subscript(_ figure: (ShardStatus) -> UInt64) -> UInt64 { told.reduce(0) { $0 + figure($1.status) } }

        func now(_ figure: (ShardStatus) -> Int) -> Int { told.reduce(0) { $0 + figure($1.status) } }

        func ended(_ way: String) -> UInt64 {
            let index = ShardStatus.sessionEnds.firstIndex(of: way) ?? -1
            return self[{ $0.sessionsEnded[index] }]
        }
    }

    @Test(arguments: [1, 2]) func `Shards tell what came and went, also of sessions that have ended`(shards: Int) throws
    {
        let arena = try Arena(shards: shards)
        let watch = try arena.node.watch()
        let clients = try arena.join(try arena.crowd(.json), 4)
        try arena.subscribe([clients[0], clients[1]], "com.example.topic")
        try arena.register(clients[2], "com.example.procedure")
        clients[2].yieldEcho()
        for _ in 0..<3 { clients[3].publish("com.example.topic", ["a"]) }
        try arena.until { clients[0].heard(.event).count == 3 && clients[1].heard(.event).count == 3 }
        for _ in 0..<2 { #expect(try arena.call(clients[3], "com.example.procedure", ["b"])[0] == 50) }
        #expect(try arena.call(clients[3], "com.example.nothing")[0] == 8)

        var sum = Sum(watch)
        #expect(sum.told.count == shards && sum.told.allSatisfy { !$0.isOld })
        #expect(sum[{ $0.publications }] == 3 && sum[{ $0.events }] == 6)
        #expect(sum[{ $0.calls }] == 2 && sum[{ $0.results }] == 2 && sum[{ $0.errors }] == 1)
        #expect(sum[{ $0.accepted }] == 4 && sum[{ $0.opened }] == 4 && sum[{ $0.sessionsOpened }] == 4)
        // HELLO, SUBSCRIBE, REGISTER, PUBLISH, CALL, YIELD.
        #expect(sum[{ $0.figures.messagesIn }] == 4 + 2 + 1 + 3 + 3 + 2)
        // WELCOME, SUBSCRIBED, REGISTERED, EVENT, INVOCATION, RESULT, ERROR.
        #expect(sum[{ $0.figures.messagesOut }] == 4 + 2 + 1 + 6 + 2 + 2 + 1)
        #expect(sum[{ $0.bytesIn }] > 0 && sum[{ $0.bytesOut }] > 0)
        #expect(sum.now { $0.connections } == 4 && sum.now { $0.sessions } == 4)
        #expect(sum.now { $0.subscriptions } == 2 && sum.now { $0.registrations } == 1)
        #expect(sum.now { $0.pendingCalls } == 0 && sum.now { $0.memory.state } > 0)

        clients[0].send([6, [:], "wamp.close.close_realm"])
        clients[1].sendText("[99]")
        clients[3].send([3, [:], "wamp.close.normal"])
        try arena.until { clients[0].heard(.goodbye).count == 1 && clients[1].end != nil && clients[3].end != nil }
        clients[2].hangUp()
        try arena.until { Sum(watch).now { $0.connections } == 1 }
        sum = Sum(watch)
        for way in ["goodbye", "violation", "abort", "connection"] { #expect(sum.ended(way) == 1, "\(way)") }
        #expect(sum.ended("shutdown") == 0 && sum.now { $0.sessions } == 0)
        #expect(sum.now { $0.subscriptions } == 0 && sum.now { $0.registrations } == 0)
        #expect(sum[{ $0.ended.reduce(0, +) }] == 3)
        #expect(sum[{ $0.publications }] == 3 && sum[{ $0.events }] == 6 && sum[{ $0.results }] == 2)
    }

    @Test func `A call is pending until it is answered, and one that fails has no result`() throws {
        let arena = try Arena()
        let watch = try arena.node.watch()
        let clients = try arena.join(try arena.crowd(.json), 3)
        try arena.register(clients[0], "com.example.procedure")
        for client in clients[1...] { client.send([48, 1, [:], "com.example.procedure"]) }
        try arena.until { clients[0].heard(.invocation).count == 2 }
        #expect(Sum(watch).now { $0.pendingCalls } == 2)
        clients[0].send([8, 68, clients[0].heard(.invocation)[0][1] ?? .null, [:], "com.example.error"])
        try arena.until { !clients[1].heard(.error).isEmpty || !clients[2].heard(.error).isEmpty }
        clients[0].hangUp()
        try arena.until { !clients[1].heard(.error).isEmpty && !clients[2].heard(.error).isEmpty }
        let sum = Sum(watch)
        #expect(sum[{ $0.calls }] == 2 && sum[{ $0.results }] == 0 && sum[{ $0.errors }] == 2)
        #expect(sum.now { $0.pendingCalls } == 0)
    }

    @Test func `Shards that have ended are told of as they were`() throws {
        let arena = try Arena(shards: 2)
        let watch = try arena.node.watch()
        _ = try arena.join(try arena.crowd(.json), 1)
        let before = watch.look(patience: Self.patience)
        #expect(before.count == 2 && before.allSatisfy { !$0.isOld })
        arena.node.abandon()
        arena.node.wait()
        let after = watch.look(patience: Self.patience)
        #expect(after.map(\.status) == before.map(\.status) && after.allSatisfy(\.isOld))
    }

    @Test func `Who asks again before an answer has aged is told the same, and no shard is asked`() throws {
        let arena = try Arena()
        let watch = try arena.node.watch()
        let before = watch.look(patience: Self.patience)
        _ = try arena.join(try arena.crowd(.json), 1)
        #expect(watch.look(patience: Self.patience, age: .max) == before)
        #expect(watch.look(patience: Self.patience) != before)
    }
}
