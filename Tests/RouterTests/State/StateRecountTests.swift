import RennbahnRouter
import RennbahnTestKit
import RennbahnWAMP
import Testing

/// Sessions that do what comes to their minds where little memory is left, so that much is refused. What is kept is counted
/// anew by `checkInvariants`.
@Suite("What the router keeps, counted anew")
struct StateRecountTests {
    private final class Client {
        let peer: Peer
        var subscriptions: [SubscriptionID] = []
        var registrations: [RegistrationID] = []
        var invocations: [RequestID] = []
        var isGone = false
        private(set) var refusals = 0

        init(_ peer: Peer) { self.peer = peer }

        func note(_ received: Received) {
            switch received {
            case .subscribed(_, let id): if !subscriptions.contains(id) { subscriptions.append(id) }
            case .registered(_, let id): registrations.append(id)
            case .invocation(let request, _, _), .patternInvocation(let request, _, _, _): invocations.append(request)
            case .error(_, _, .unavailable): refusals += 1
            case .abort, .closed: isGone = true
            case .welcome, .goodbye, .error, .published, .unsubscribed, .unregistered, .event, .patternEvent,
                .yieldingEvent,
                .yieldingEnded, .result, .callError:
                break
            }
        }
    }

    @Test("it is what the tables hold, at any time, and nothing at the end", arguments: 1...6)
    func randomly(seed: Int) {
        let shards = seed % 3 + 1
        var generator = SeededGenerator(seed: UInt64(seed))
        var configuration = RouterConfiguration(realms: ["realm1"])
        configuration.limits.memory = 32 * 1024
        let cluster = Cluster(shards: shards, configuration: configuration, seed: UInt64(seed))
        var clients: [Client] = []
        var refusals = 0
        for step in 1...3000 {
            if clients.count < 12, generator.chance(10) {
                let client = Client(cluster.connect(to: generator.below(shards)))
                cluster.hello(client.peer)
                clients.append(client)
            } else if !clients.isEmpty {
                let client = clients[generator.below(clients.count)]
                act(client, RequestID(UInt64(step)), cluster, &generator)
            }
            if generator.chance(70) { cluster.deliverAny(&generator) }
            for client in clients { for received in cluster.take(client.peer) { client.note(received) } }
            for client in clients where client.isGone {
                refusals += client.refusals
                cluster.detach(client.peer)
            }
            clients.removeAll { $0.isGone }
            if step % 10 == 0 { cluster.checkInvariants() }
            for shard in 0..<shards { #expect(cluster.keptOctets(shard) <= configuration.limits.memory / 2) }
            if shards == 1 { #expect(cluster.nameOctets() <= configuration.limits.memory / 2) }
        }
        for client in clients {
            refusals += client.refusals
            cluster.detach(client.peer)
        }
        cluster.settle()
        cluster.checkInvariants()
        #expect(refusals > 0, "memory was left at any time")
        #expect(cluster.isEmpty)
        for shard in 0..<shards { #expect(cluster.keptOctets(shard) == 0 && cluster.nameOctets(shard) == 0) }
    }

    private func act(_ client: Client, _ request: RequestID, _ cluster: Cluster, _ generator: inout SeededGenerator) {
        let match: MatchPolicy = generator.chance(70) ? .exact : generator.chance(50) ? .prefix : .wildcard
        let name = "com.n\(generator.below(60))" + String(repeating: "x", count: generator.chance(20) ? 200 : 0)
        switch generator.below(100) {
        case 0..<2: client.isGone = true
        case 2..<35:
            cluster.send(client.peer, .subscribe(request: request, options: MatchOptions(match: match)), uri: name)
        case 35..<45:
            guard let id = client.subscriptions.popLast() else { return }
            cluster.send(client.peer, .unsubscribe(request: request, subscription: id))
        case 45..<65:
            cluster.send(client.peer, .register(request: request, options: RegisterOptions(match: match)), uri: name)
        case 65..<72:
            guard let id = client.registrations.popLast() else { return }
            cluster.send(client.peer, .unregister(request: request, registration: id))
        case 72..<92: cluster.send(client.peer, .call(request: request), uri: name)
        case 92..<94: cluster.publish(client.peer, name, payload: 1)
        default:
            guard let invocation = client.invocations.popLast() else { return }
            cluster.send(client.peer, .yield(request: invocation))
        }
    }
}
