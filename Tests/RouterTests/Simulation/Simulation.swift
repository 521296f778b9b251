import RennbahnRouter
import RennbahnTestKit
import RennbahnWAMP
import Testing

/// A seeded run of a cluster with dozens of sessions that do random things while the rings deliver in random order,
/// checked against a simple model of what each session must and must not receive.
final class Simulation {
    /// What a payload number stands for.
    struct Token {
        let sender: Int
        let place: Int
        let realm: Int
        var excludesSender = false
        /// Of a call: the registration that it must go to, where that is certain.
        var registration: RegistrationID?
    }

    static let topics = 5
    static let procedures = 5
    /// What sessions subscribe to. The first ones are the topics themselves.
    static let topicPatterns = patterns("topic", exact: topics)
    /// What sessions register.
    static let procedurePatterns = patterns("procedure", exact: procedures)

    private static func patterns(_ name: String, exact: Int) -> [ReferencePattern] {
        (0..<exact).map { ReferencePattern("\(name).number\($0)", .exact) } + [
            ReferencePattern("", .prefix), ReferencePattern("\(name).", .prefix),
            ReferencePattern("\(name).number1", .prefix), ReferencePattern("\(name).number1", .wildcard),
            ReferencePattern("\(name).", .wildcard), ReferencePattern(".number2", .wildcard),
            ReferencePattern(".", .wildcard),
        ]
    }

    let seed: UInt64
    let cluster: Cluster
    var generator: SeededGenerator
    var clients: [SimulatedClient] = []
    var current: [Peer: SimulatedClient] = [:]
    /// By payload number; they only grow, so that they order what one session sends.
    var tokens: [Token] = []
    var faults: [String] = []
    /// Who was told REGISTERED last, unless something else was told since.
    var lastRegistered: (client: Int, registration: RegistrationID)?
    private var isEnding = false

    init(seed: UInt64) {
        self.seed = seed
        generator = SeededGenerator(seed: seed)
        cluster = Cluster(shards: Int(seed % 4) + 1, seed: seed)
        cluster.observer = { [unowned self] peer, received in observe(peer, received) }
    }

    var alive: [SimulatedClient] { clients.filter(\.isAlive) }

    /// Runs `steps` steps, lets everything come to rest, and checks that all was answered and nothing is left.
    func run(steps: Int) -> [String] {
        let deliveries = [20, 50, 80][generator.below(3)]
        let population = 4 + generator.below(20)
        for step in 0..<steps where faults.isEmpty {
            if generator.chance(deliveries) {
                cluster.deliverAny(&generator)
            } else if alive.count < population, generator.chance(30) {
                join(on: nil)
            } else if let client = alive.randomElement(using: &generator) {
                act(client)
            }
            if step % 16 == 0 { cluster.checkInvariants() }
        }
        comeToRest()
        checkAnswers()
        if seed % 3 == 0 {
            for client in clients { client.isAlive = false }
            for shard in 0..<cluster.shards { cluster.shutDown(shard) }
        }
        isEnding = true
        for client in alive { leave(client) }
        cluster.settle()
        cluster.checkInvariants()
        if !cluster.isEmpty { fault("tables are not empty at the end") }
        if !cluster.globalIDs.allSatisfy({ $0 >= 1 && $0 <= 1 << 53 }) { fault("an id is out of range") }
        return faults
    }

    func fault(_ text: String) {
        faults.append("seed \(seed): \(text)")
    }

    func topicName(_ topic: Int) -> String { "topic.number\(topic)" }
    func procedureName(_ procedure: Int) -> String { "procedure.number\(procedure)" }

    func newToken(_ client: SimulatedClient, _ place: Int, excludesSender: Bool = false) -> Int {
        tokens.append(
            Token(sender: client.number, place: place, realm: client.realm, excludesSender: excludesSender))
        return tokens.count - 1
    }

    // MARK: What sessions do

    func join(on old: Peer?) {
        let peer = old ?? cluster.connect(to: generator.below(cluster.shards))
        let client = SimulatedClient(peer: peer, number: clients.count, realm: generator.chance(85) ? 0 : 1)
        clients.append(client)
        current[peer] = client
        cluster.hello(peer, realm: "realm\(client.realm + 1)")
        if !client.isAlive { fault("no WELCOME") }
    }

    private func act(_ client: SimulatedClient) {
        switch generator.below(100) {
        case 0..<3: leave(client)
        case 3..<20: subscribe(client)
        case 20..<28: unsubscribe(client)
        case 28..<50: publish(client)
        case 50..<58: register(client)
        case 58..<62: unregister(client)
        case 62..<80: call(client)
        case 80..<83: cancel(client)
        default: answer(client)
        }
    }

    func leave(_ client: SimulatedClient) {
        client.isAlive = false
        let way = generator.below(4)
        switch way {
        case 0: break
        case 1: cluster.send(client.peer, .abort, uri: "a.reason")
        case 2: cluster.send(client.peer, .yield(request: client.lastInvocation.next))
        default:
            cluster.send(client.peer, .goodbye, uri: "a.reason")
            if !isEnding, generator.chance(50) { return join(on: client.peer) }
        }
        cluster.detach(client.peer)
    }

    private func subscribe(_ client: SimulatedClient) {
        let pattern = generator.below(Simulation.topicPatterns.count)
        let request = client.newRequest()
        client.requests.insert(.subscribe(request, pattern: pattern))
        let slow = generator.chance(50) ? SlowPolicy.queue : SlowPolicy.allCases[1 + generator.below(2)]
        cluster.send(
            client.peer,
            .subscribe(
                request: request, options: MatchOptions(match: Simulation.topicPatterns[pattern].match, slow: slow)),
            uri: Simulation.topicPatterns[pattern].uri)
    }

    private func unsubscribe(_ client: SimulatedClient) {
        guard let (pattern, id) = client.subscriptions.min(by: { $0.value.value < $1.value.value }) else { return }
        client.subscriptions[pattern] = nil
        client.owed = client.owed.filter { $0.pattern != pattern }
        let request = client.newRequest()
        client.requests.insert(.unsubscribe(request))
        cluster.send(client.peer, .unsubscribe(request: request, subscription: id))
    }

    private func publish(_ client: SimulatedClient) {
        let topic = generator.below(Simulation.topics)
        let excludesMe = generator.chance(60)
        let acknowledge = generator.chance(50)
        let token = newToken(client, topic, excludesSender: excludesMe)
        for other in alive where other.realm == client.realm && !(excludesMe && other === client) {
            for pattern in other.subscriptions.keys
            where Simulation.topicPatterns[pattern].matches(topicName(topic)) {
                other.owed.insert(SimulatedClient.Delivery(token: token, pattern: pattern))
            }
        }
        let request = client.newRequest()
        if acknowledge { client.requests.insert(.publish(request)) }
        cluster.send(
            client.peer,
            .publish(
                request: request, options: PublishOptions(acknowledge: acknowledge, excludeMe: excludesMe)),
            uri: topicName(topic), payload: token)
    }

    private func register(_ client: SimulatedClient) {
        let pattern = generator.below(Simulation.procedurePatterns.count)
        let request = client.newRequest()
        client.requests.insert(.register(request, pattern: pattern))
        cluster.send(
            client.peer,
            .register(request: request, options: RegisterOptions(match: Simulation.procedurePatterns[pattern].match)),
            uri: Simulation.procedurePatterns[pattern].uri)
    }

    private func unregister(_ client: SimulatedClient) {
        guard let id = client.registrations.keys.min(by: { $0.value < $1.value }) else { return }
        client.registrations[id] = nil
        let request = client.newRequest()
        client.requests.insert(.unregister(request))
        cluster.send(client.peer, .unregister(request: request, registration: id))
    }

    private func call(_ client: SimulatedClient) {
        let procedure = generator.below(Simulation.procedures)
        let token = newToken(client, procedure)
        let request = client.newRequest()
        let known = certainRegistration(for: procedure, realm: client.realm)
        tokens[token].registration = known
        client.calls[request] = SimulatedClient.PendingCall(token: token, registration: known)
        cluster.send(client.peer, .call(request: request), uri: procedureName(procedure), payload: token)
    }

    private func cancel(_ client: SimulatedClient) {
        guard let request = client.calls.keys.min(by: { $0.value < $1.value }) else { return }
        cluster.send(client.peer, .cancel(request: request, mode: .killNoWait))
        if client.calls[request] != nil { fault("CANCEL was not answered at once") }
    }

    private func answer(_ client: SimulatedClient) {
        guard
            let request = client.invocations.keys.sorted(by: { $0.value < $1.value }).randomElement(using: &generator),
            let token = client.invocations.removeValue(forKey: request)
        else { return }
        if generator.chance(70) {
            cluster.send(client.peer, .yield(request: request), payload: token)
        } else {
            cluster.send(client.peer, .invocationError(request: request), uri: "an.error", payload: token)
        }
    }

    /// Who has registered a pattern, and was told so.
    func holder(of pattern: Int, realm: Int) -> (client: SimulatedClient, registration: RegistrationID)? {
        for client in alive where client.realm == realm {
            for (registration, held) in client.registrations where held == pattern {
                return (client, registration)
            }
        }
        return nil
    }

    /// The registration that a call goes to, if every shard knows it, and either nothing is better than it, or nothing
    /// is on its way that some shard knows and others do not.
    private func certainRegistration(for procedure: Int, realm: Int) -> RegistrationID? {
        let held = alive.filter { $0.realm == realm }.flatMap(\.registrations.values)
        let patterns = held.map { Simulation.procedurePatterns[$0] }
        guard let best = ReferencePattern.best(patterns, for: procedureName(procedure)),
            best.match == .exact || cluster.packets == 0,
            let pattern = Simulation.procedurePatterns.firstIndex(of: best),
            let holder = holder(of: pattern, realm: realm)
        else { return nil }
        return holder.client.early.contains(holder.registration) ? nil : holder.registration
    }

    // MARK: The end

    private func comeToRest() {
        cluster.settle()
        var isBusy = true
        while isBusy && faults.isEmpty {
            isBusy = false
            for client in alive {
                while !client.invocations.isEmpty {
                    answer(client)
                    isBusy = true
                }
            }
            cluster.settle()
        }
    }

    private func checkAnswers() {
        for client in alive {
            if !client.requests.isEmpty { fault("unanswered: \(client.requests)") }
            if !client.calls.isEmpty { fault("calls without answer: \(client.calls)") }
            if !client.owed.isEmpty { fault("session \(client.number) lost events: \(client.owed)") }
        }
    }
}
