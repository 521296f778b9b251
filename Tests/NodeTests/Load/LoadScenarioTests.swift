import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnRouterNode
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload
import Testing

/// Whole runs against a node in this process: what was sent arrives, once, in order and undamaged.
@Suite(.serialized)
struct LoadScenarioTests {
    /// A serializer, whether it is compressed, and the shards of router and generator.
    struct Way: Sendable, CustomTestStringConvertible {
        var serializer: Serializer
        var isCompressed: Bool
        var routerShards: Int
        var loadShards: Int

        var testDescription: String {
            "\(serializer.name)\(isCompressed ? "+deflate" : "") router \(routerShards) load \(loadShards)"
        }

        static let all: [Way] = [Serializer.json, .msgpack].flatMap { serializer in
            [(false, 1, 1), (true, 1, 1), (false, 2, 2), (true, 2, 1)].map {
                Way(serializer: serializer, isCompressed: $0.0, routerShards: $0.1, loadShards: $0.2)
            }
        }
    }

    private func run(
        _ way: Way, _ scenario: Scenario, clients: Int, payloadBytes: Int = 32, load: LoadModel = .closed(depth: 2)
    ) throws -> LoadOutcome {
        let bench = try LoadBench(shards: way.routerShards)
        defer { bench.stop() }
        var configuration = try bench.configuration(
            .short(scenario, clients: clients, payloadBytes: payloadBytes, load: load, shards: way.loadShards),
            way.serializer)
        if way.isCompressed { configuration.deflate = DeflatePolicy() }
        return try LoadRun(configuration).run()
    }

    private func expectClean(_ outcome: LoadOutcome, clients: Int) {
        #expect(outcome.verification.isClean, "\(outcome.verification.summary)")
        #expect(outcome.verification.received == outcome.verification.expected)
        #expect(outcome.verification.received > 0)
        #expect(outcome.connectionsEstablished == clients && outcome.connectionsLost == 0)
        #expect(outcome.failures.isEmpty)
        #expect(outcome.undrained == 0 && !outcome.isInterrupted)
        guard case .completed = outcome.ending else {
            Issue.record("the run ended with \(outcome.ending)")
            return
        }
        #expect(outcome.response.count == outcome.messages)
        #expect(outcome.seconds > 0)
    }

    @Test("over RawSocket: publications and calls arrive, and payloads that the router does not take are told")
    func rawSocket() throws {
        let node = try RawSocketNodeTests.node(
            "[{type: rawsocket, \(RawSocketNodeTests.endpoint), options: {max_message_size: 4096}}]")
        defer {
            node.abandon()
            node.wait()
        }
        let target = try LoadTarget(parsing: "rs://127.0.0.1:\(node.address.port)")
        for serializer in Serializer.allCases {
            for scenario in [Scenario.pubsub(publishers: 2, subscribers: 4, topics: 2), .rpc(callers: 3, callees: 2)] {
                let clients = scenario.roleCount ?? 0
                let outcome = try LoadRun(
                    LoadConfiguration(
                        target: target, workload: .short(scenario, clients: clients), serializer: serializer)
                ).run()
                expectClean(outcome, clients: clients)
            }
        }
        let large = LoadConfiguration(
            target: target,
            workload: .short(.pubsub(publishers: 1, subscribers: 1, topics: 1), clients: 2, payloadBytes: 5000),
            serializer: .json)
        #expect("\(try #require(failure(of: large)))".contains("messages of up to 4096 octets only"))
    }

    @Test("pubsub: every subscriber of a topic gets every publication", arguments: Way.all)
    func pubsub(way: Way) throws {
        let outcome = try run(way, .pubsub(publishers: 4, subscribers: 9, topics: 2), clients: 13)
        expectClean(outcome, clients: 13)
        #expect(outcome.lastSubscriber.count <= outcome.operations + 8)
    }

    @Test("rpc: every call gets its own payload back", arguments: Way.all)
    func rpc(way: Way) throws {
        expectClean(try run(way, .rpc(callers: 6, callees: 4), clients: 10, payloadBytes: 300), clients: 10)
    }

    @Test("connect: sessions are opened and closed again and again", arguments: Way.all)
    func connect(way: Way) throws {
        let outcome = try run(way, .connect, clients: 4, load: .closed(depth: 1))
        expectClean(outcome, clients: 4)
        #expect(outcome.messages > 0)
    }

    @Test("echo: a bare echo sends everything back", arguments: [Serializer.json, .msgpack], [false, true])
    func echo(serializer: Serializer, isCompressed: Bool) throws {
        let bench = try LoadBench(service: .echo)
        defer { bench.stop() }
        var configuration = try bench.configuration(.short(.echo, clients: 5, load: .closed(depth: 3)), serializer)
        if isCompressed { configuration.deflate = DeflatePolicy() }
        expectClean(try LoadRun(configuration).run(), clients: 5)
    }

    @Test("a payload longer than the receive buffer arrives whole", arguments: [Serializer.json, .msgpack])
    func longPayload(serializer: Serializer) throws {
        let way = Way(serializer: serializer, isCompressed: false, routerShards: 1, loadShards: 1)
        let outcome = try run(
            way, .pubsub(publishers: 1, subscribers: 2, topics: 1), clients: 3, payloadBytes: 700_000,
            load: .closed(depth: 1))
        expectClean(outcome, clients: 3)
    }

    @Test("an open loop follows its timetable and records how late it was", arguments: ArrivalProcess.allCases)
    func openLoop(arrivals: ArrivalProcess) throws {
        for scenario in [Scenario.pubsub(publishers: 2, subscribers: 2, topics: 2), .rpc(callers: 3, callees: 1)] {
            let way = Way(serializer: .msgpack, isCompressed: false, routerShards: 1, loadShards: 1)
            let outcome = try run(way, scenario, clients: 4, load: .open(rate: 500, arrivals: arrivals))
            #expect(outcome.verification.isClean, "\(outcome.verification.summary)")
            #expect(outcome.operations > 0)
            // All that was due in the window left, however late, and was answered.
            #expect(outcome.lag.count == outcome.response.count && outcome.lag.count > 0)
            #expect(outcome.service.count == outcome.response.count)
            let due = 500 * outcome.seconds
            let spread = arrivals == .constant ? 1 : 1 + 5 * due.squareRoot()
            #expect((Double(outcome.lag.count) - due).magnitude <= spread)
        }
    }

    @Test("more source addresses than one")
    func sources() throws {
        let bench = try LoadBench()
        defer { bench.stop() }
        var configuration = try bench.configuration(.short(.rpc(callers: 2, callees: 2), clients: 4))
        configuration.sources = [.v4(0x7f00_0001, port: 0), .v4(0x7f00_0003, port: 0)]
        expectClean(try LoadRun(configuration).run(), clients: 4)
    }
}
