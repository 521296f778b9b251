import Testing

@testable import RennbahnWorkload

@Suite("Fleet plans")
struct FleetPlanTests {
    private func plan(_ scenario: Scenario, clients: Int, shards: Int = 1) -> FleetPlan {
        FleetPlan(WorkloadParameters(scenario: scenario, clients: clients, shards: shards), run: 0xabc)
    }

    @Test("2,000 clients publish to 20 topics with 99 subscribers each")
    func standardPubSub() {
        let scenario = Scenario.standardPubSub(clients: 2000)
        #expect(scenario == .pubsub(publishers: 20, subscribers: 1980, topics: 20))
        let plan = plan(scenario, clients: 2000)
        #expect((0..<20).allSatisfy { plan.receivers(ofSender: $0) == 99 })
    }

    @Test("the standard roles are without problems for every number of clients that can do the work")
    func standards() {
        for shards in 1...4 {
            for clients in (2 * shards)...(300 + shards) {
                let pubsub = WorkloadParameters(
                    scenario: .standardPubSub(clients: clients, shards: shards), clients: clients, shards: shards)
                #expect(pubsub.problems() == [])
                let rpc = WorkloadParameters(scenario: .standardRPC(clients: clients), clients: clients, shards: shards)
                #expect(rpc.problems() == [])
            }
        }
    }

    @Test("every client has one place, and all of a topic are on one shard", arguments: 1...4)
    func pubsubPartition(shards: Int) {
        let plan = plan(.pubsub(publishers: 14, subscribers: 101, topics: 6), clients: 115, shards: shards)
        var shardOfTopic: [Int: Int] = [:]
        var senders: [Int] = []
        var listeners: [Int] = []
        var listenersOfTopic: [Int: Int] = [:]
        for shard in 0..<shards {
            for role in plan.roles(ofShard: shard) {
                switch role {
                case .publisher(let sender, let topic):
                    senders.append(sender)
                    #expect(topic == sender % 6)
                    #expect(shardOfTopic.updateValue(shard, forKey: topic) ?? shard == shard)
                case .subscriber(let index, let topic):
                    listeners.append(index)
                    listenersOfTopic[topic, default: 0] += 1
                    #expect(shardOfTopic.updateValue(shard, forKey: topic) ?? shard == shard)
                case .stuckSubscriber, .caller, .callee, .visitor, .echoer, .listener:
                    Issue.record("unexpected \(role)")
                }
            }
        }
        #expect(senders.sorted() == Array(0..<14))
        #expect(listeners.sorted() == Array(0..<101))
        for sender in 0..<14 { #expect(plan.receivers(ofSender: sender) == listenersOfTopic[sender % 6]) }
    }

    @Test("slow and stuck subscribers have their places, and publishers wait for neither")
    func laggards() {
        var parameters = WorkloadParameters(
            scenario: .pubsub(publishers: 3, subscribers: 20, topics: 3), clients: 23)
        parameters.laggards = .init(slow: 4, stuck: 3)
        #expect(parameters.problems() == [])
        let plan = FleetPlan(parameters, run: 1)
        var healthy = [0, 0, 0]
        var stuck: [Int] = []
        for role in plan.roles(ofShard: 0) {
            switch role {
            case .subscriber(let index, let topic):
                #expect(plan.isSlow(index) == (index < 4))
                if !plan.isSlow(index) { healthy[topic] += 1 }
            case .stuckSubscriber(let topic): stuck.append(topic)
            case .publisher, .caller, .callee, .visitor, .echoer, .listener: break
            }
        }
        #expect(stuck.sorted() == [0, 1, 2])
        #expect(healthy == (0..<3).map { plan.receivers(ofSender: $0) } && healthy.reduce(0, +) == 13)

        // A healthy one for each topic, or its publishers would wait for nobody.
        parameters.laggards = .init(slow: 17, stuck: 0)
        #expect(parameters.problems() == [])
        parameters.laggards = .init(slow: 17, stuck: 1)
        #expect(parameters.problems().map(\.option) == ["subscribers"])
        parameters.laggards = .init(slow: -1)
        #expect(parameters.problems().map(\.option) == ["slow"])
        parameters.laggards = .init(stuck: 1)
        parameters.scenario = .rpc(callers: 10, callees: 13)
        #expect(parameters.problems().map(\.option) == ["stuck"])
    }

    @Test("a caller and its callee are on one shard", arguments: 1...3)
    func rpcPartition(shards: Int) {
        let plan = plan(.rpc(callers: 11, callees: 4), clients: 15, shards: shards)
        var callees: [Int: Int] = [:]
        var callers: [Int] = []
        for shard in 0..<shards {
            for role in plan.roles(ofShard: shard) {
                switch role {
                case .callee(let procedure): callees[procedure] = shard
                case .caller(let sender, let procedure):
                    callers.append(sender)
                    #expect(procedure == sender % 4 && callees[procedure] == shard)
                case .publisher, .subscriber, .stuckSubscriber, .visitor, .echoer, .listener:
                    Issue.record("unexpected \(role)")
                }
            }
        }
        #expect(callees.count == 4)
        #expect(callers.sorted() == Array(0..<11))
    }

    @Test("clients without roles are spread evenly")
    func roleless() {
        let plan = plan(.echo, clients: 7, shards: 2)
        #expect(plan.roles(ofShard: 0) == [0, 2, 4, 6].map { .echoer(sender: $0) })
        #expect(plan.roles(ofShard: 1) == [1, 3, 5].map { .echoer(sender: $0) })
        #expect(self.plan(.connect, clients: 7, shards: 2).roles(ofShard: 1).count == 3)
    }

    @Test("names are URIs of this run alone")
    func names() {
        let plan = plan(.standardRPC(clients: 2), clients: 2)
        #expect(plan.topicName(3) == "rennbahn.run_000abc.topic_3")
        #expect(plan.procedureName(12) == "rennbahn.run_000abc.procedure_12")
    }

    @Test("all problems are told at once, by the option that solves them")
    func allProblems() {
        var parameters = WorkloadParameters(
            scenario: .pubsub(publishers: 1, subscribers: 0, topics: 2), clients: 0, payload: .filler(bytes: 31),
            load: .closed(depth: 0), connectRate: -1, shards: 0)
        parameters.phases.window = 0
        parameters.phases.connectTimeout = 0
        let options = parameters.problems().map(\.option)
        #expect(
            Set(options) == [
                "clients", "payload", "shards", "ramp", "publishers", "subscribers", "depth", "duration",
                "connect-timeout",
            ])
        #expect(parameters.problems().contains { "\($0)" == "depth: must be 1 to 65536, is 0" })
    }

    @Test("limits are refused on their far side only")
    func limits() {
        func problems(_ change: (inout WorkloadParameters) -> Void) -> [String] {
            var parameters = WorkloadParameters(scenario: .rpc(callers: 2, callees: 2), clients: 4)
            change(&parameters)
            return parameters.problems().map(\.option)
        }
        #expect(problems { _ in } == [])
        #expect(problems { $0.shards = 3 } == ["callees", "callers"])
        #expect(problems { $0.clients = 5 } == ["clients"])
        #expect(problems { $0.load = .open(rate: 0.001, arrivals: .poisson) } == [])
        #expect(problems { $0.load = .open(rate: 0, arrivals: .constant) } == ["rate"])
        #expect(problems { $0.load = .open(rate: .nan, arrivals: .constant) } == ["rate"])
        #expect(problems { $0.load = .open(rate: .infinity, arrivals: .constant) } == ["rate"])
        #expect(problems { $0.connectRate = .nan } == ["ramp"])
        #expect(problems { $0.phases.settle = .max } == ["duration"])
        #expect(problems { $0.payload = .filler(bytes: 16 << 20) } == [])
        #expect(problems { $0.payload = .filler(bytes: (16 << 20) + 1) } == ["payload"])
        #expect(
            problems {
                $0.scenario = .connect
                $0.load = .open(rate: 1, arrivals: .constant)
            } == ["rate"])
    }
}
