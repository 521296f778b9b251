import RennbahnWAMP
import Testing

@testable import RennbahnRouter

@Suite("The memory of the router's state")
struct StateBudgetTests {
    private static let memory = 64 * 1024

    private func makeCluster(shards: Int = 1, memory: Int = StateBudgetTests.memory) -> Cluster {
        var configuration = RouterConfiguration(realms: ["realm1"])
        configuration.limits.memory = memory
        return Cluster(shards: shards, configuration: configuration)
    }

    /// What came of so many requests.
    private struct Outcome: Equatable {
        var granted = 0
        var refused = 0
    }

    private func subscribe(_ cluster: Cluster, _ peer: Peer, count: Int, to prefix: String) -> Outcome {
        for number in 1...count {
            let message = ClientMessage.subscribe(request: RequestID(UInt64(number)), options: MatchOptions())
            cluster.send(peer, message, uri: "\(prefix).n\(number)")
            cluster.settle()
        }
        return outcome(cluster.take(peer), of: .subscribe)
    }

    private func register(_ cluster: Cluster, _ peer: Peer, count: Int, as prefix: String) -> Outcome {
        for number in 1...count {
            let message = ClientMessage.register(request: RequestID(UInt64(number)), options: RegisterOptions())
            cluster.send(peer, message, uri: "\(prefix).n\(number)")
            cluster.settle()
        }
        return outcome(cluster.take(peer), of: .register)
    }

    private func outcome(_ answers: [Received], of code: MessageCode) -> Outcome {
        var outcome = Outcome()
        for answer in answers {
            switch answer {
            case .subscribed, .registered: outcome.granted += 1
            case .error(code, _, .unavailable): outcome.refused += 1
            default: Issue.record("\(answer)")
            }
        }
        return outcome
    }

    @Test("parts are a half for names, three eighths for things and an eighth for calls")
    func parts() {
        let budget = StateBudget(8000)
        #expect(budget.names == 4000 && budget.things == 3000 && budget.calls == 1000)
        #expect(!budget.isExceeded(things: 3000, names: 4000))
        #expect(budget.isExceeded(things: 3001, names: 0) && budget.isExceeded(things: 0, names: 4001))
    }

    @Test(
        "a session has a share where half of a part is taken, which is smaller where names of other shards come along")
    func shares() {
        let budget = StateBudget(8000)
        #expect(budget.share(things: 1500, names: 2000, sessions: 3, shards: 4) == nil)
        #expect(budget.share(things: 1501, names: 2000, sessions: 3, shards: 4) == 750)
        #expect(budget.share(things: 1500, names: 2001, sessions: 4, shards: 1) == 600)
        #expect(budget.share(things: 1500, names: 2001, sessions: 4, shards: 4) == 200)
        #expect(budget.share(things: 1501, names: 0, sessions: 0, shards: 1) == 3000)
    }

    @Test("a URI costs what it takes, and one that does not fit its key costs its octets, too")
    func costs() {
        let short = StateCost.name(48, .exact)
        #expect(StateCost.name(1, .exact) == short)
        #expect(StateCost.name(1000, .exact) >= short + 2000 && StateCost.name(1000, .exact) <= short + 2100)
        #expect(StateCost.name(10, .prefix) > StateCost.name(10, .exact))
        #expect(StateCost.subscription >= MemoryLayout<Membership>.size && StateCost.call > StateCost.subscription)
    }

    @Test("topics that one session subscribes to do not take the part of others", arguments: [1, 2])
    func topics(shards: Int) {
        let cluster = makeCluster(shards: shards)
        let greedy = cluster.join()
        let modest = cluster.join(shards - 1)
        let first = subscribe(cluster, greedy, count: 300, to: "com.greedy")
        #expect(first.granted > 10 && first.refused > 200)
        #expect(subscribe(cluster, modest, count: 4, to: "com.modest") == Outcome(granted: 4))
        for shard in 0..<shards { #expect(cluster.nameOctets(shard) <= Self.memory / 2) }
        cluster.checkInvariants()
        // What is given back can be had again.
        cluster.detach(greedy)
        cluster.settle()
        let next = cluster.join()
        #expect(subscribe(cluster, next, count: 300, to: "com.greedy").granted >= first.granted - 4)
        cluster.checkInvariants()
    }

    @Test("procedures likewise, and long ones are fewer", arguments: [1, 2])
    func procedures(shards: Int) {
        let cluster = makeCluster(shards: shards)
        let greedy = cluster.join()
        let modest = cluster.join(shards - 1)
        let short = register(cluster, greedy, count: 300, as: "com.greedy")
        #expect(short.granted > 10 && short.refused > 200)
        #expect(register(cluster, modest, count: 4, as: "com.modest") == Outcome(granted: 4))
        cluster.detach(greedy)
        cluster.settle()
        let next = cluster.join()
        let long = register(cluster, next, count: 300, as: "com." + String(repeating: "x", count: 900))
        #expect(long.granted > 0 && long.granted < short.granted / 2)
        cluster.checkInvariants()
    }

    @Test("a topic that is known costs no name: many may subscribe to it")
    func sharedTopic() {
        let cluster = makeCluster()
        let sessions = (0..<30).map { _ in cluster.join() }
        for session in sessions { #expect(cluster.subscribe(session, to: "com.example.topic") != 0) }
        #expect(cluster.nameOctets() <= StateCost.name(17, .exact))
        cluster.checkInvariants()
    }

    @Test("calls without an answer do not take the part of others, and are had again when they are answered")
    func calls() {
        let cluster = makeCluster()
        let callee = cluster.join()
        let (greedy, modest) = (cluster.join(), cluster.join())
        _ = cluster.register(callee, "com.example.slow")
        for number in 1...200 {
            cluster.send(greedy, .call(request: RequestID(UInt64(number))), uri: "com.example.slow")
        }
        let refused = outcome(cluster.take(greedy), of: .call).refused
        #expect(refused > 100 && refused < 180)
        cluster.send(modest, .call(request: 1), uri: "com.example.slow")
        #expect(cluster.take(modest).isEmpty)
        cluster.checkInvariants()
        for number in 1...(200 - refused + 1) { cluster.send(callee, .yield(request: RequestID(UInt64(number)))) }
        #expect(cluster.take(greedy).count == 200 - refused)
        cluster.send(greedy, .call(request: 999), uri: "com.example.slow")
        #expect(cluster.take(greedy).isEmpty)
    }

    @Test("sessions are refused where no memory is left for one")
    func sessions() {
        let cluster = makeCluster(memory: 16 * 1024)
        var (joined, refused): ([Peer], Int) = ([], 0)
        for _ in 0..<200 {
            let peer = cluster.connect()
            let mayJoin = cluster.awaitsHello(peer)
            cluster.hello(peer)
            let answers = cluster.take(peer)
            if mayJoin {
                #expect(answers == [.welcome(realm: 0)])
                joined.append(peer)
            } else {
                #expect(answers == [.abort(.unavailable), .closed])
                refused += 1
                cluster.detach(peer)
            }
        }
        #expect(joined.count > 10 && refused > 10)
        cluster.detach(joined[0])
        _ = cluster.join()
        cluster.checkInvariants()
    }

    @Test(
        "tables give their memory back when who filled them is gone, and what is left stays as it was",
        arguments: [1, 2])
    func compaction(shards: Int) {
        let cluster = makeCluster(shards: shards, memory: 256 << 20)
        let bystander = cluster.join(shards - 1)
        let id = cluster.subscribe(bystander, to: "com.example.topic")
        let empty = (0..<shards).map { cluster.capacityOctets($0) }
        let greedy = cluster.join()
        for number in 0..<8000 {
            let request = RequestID(UInt64(number + 1))
            let match: MatchPolicy = number % 3 == 0 ? .exact : number % 3 == 1 ? .prefix : .wildcard
            cluster.send(
                greedy, .subscribe(request: request, options: MatchOptions(match: match)), uri: "com.n\(number).x")
        }
        cluster.settle()
        for shard in 0..<shards { #expect(cluster.capacityOctets(shard) > empty[shard] + 1 << 20) }
        cluster.detach(greedy)
        cluster.settle()
        cluster.checkInvariants()
        for shard in 0..<shards { #expect(cluster.capacityOctets(shard) < empty[shard] + 1 << 20) }
        let publisher = cluster.join()
        cluster.publish(publisher, "com.example.topic", payload: 5)
        cluster.settle()
        #expect(cluster.take(bystander) == [.event(id, 5)])
        #expect(cluster.subscribe(publisher, to: "com.another.topic") != id)
        cluster.checkInvariants()
    }
}
