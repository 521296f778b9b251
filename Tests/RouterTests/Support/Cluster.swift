import RennbahnBytes
import RennbahnRouter
import RennbahnTestKit
import RennbahnWAMP
import Testing

/// The routers of any number of shards with rings between them, in one thread: nothing moves unless a test says so.
final class Cluster {
    final class Node {
        var router: RoutingCore
        var effects = Effects()

        init(_ router: consuming RoutingCore) {
            self.router = router
        }
    }

    struct Packet {
        let message: ShardMessage
        let uri: [UInt8]
        let payload: Int
    }

    private final class Words: @unchecked Sendable {
        var generator: SeededGenerator
        init(seed: UInt64) { generator = SeededGenerator(seed: seed) }
    }

    let shards: Int
    private let nodes: [Node]
    /// By sending shard × shards + receiving shard.
    private var rings: [[Packet]]
    private var generations: [[UInt32]]
    private var free: [[UInt32]]
    private var inboxes: [Peer: [Received]] = [:]
    /// The numbers of sessions and publications, as they appeared.
    private(set) var globalIDs: [UInt64] = []
    /// PUBLISHes that were delivered to nobody because of their options.
    private(set) var refusedPublications = 0
    /// Takes what clients receive instead of the inboxes.
    var observer: ((Peer, Received) -> Void)?

    init(
        shards: Int = 1, configuration: RouterConfiguration = RouterConfiguration(realms: ["realm1", "realm2"]),
        seed: UInt64 = 1
    ) {
        self.shards = shards
        nodes = (0..<shards).map { shard in
            let words = Words(seed: seed &+ UInt64(shard) &* 977)
            let random = RandomReservoir { buffer in
                for index in buffer.indices { buffer[index] = words.generator.next() }
            }
            return Node(
                RoutingCore(
                    configuration: configuration, shard: shard, shards: shards, random: random,
                    hashSeed: seed &+ UInt64(shard)))
        }
        rings = Array(repeating: [], count: shards * shards)
        generations = Array(repeating: [], count: shards)
        free = Array(repeating: [], count: shards)
    }

    // MARK: Connections

    func connect(to shard: Int = 0) -> Peer {
        if let slot = free[shard].popLast() {
            generations[shard][Int(slot)] += 1
            return Peer(
                shard: shard, handle: SessionHandle(index: slot, generation: generations[shard][Int(slot)]))
        }
        generations[shard].append(0)
        return Peer(
            shard: shard, handle: SessionHandle(index: UInt32(generations[shard].count - 1), generation: 0))
    }

    func hello(_ peer: Peer, realm: String = "realm1", as id: SessionID? = nil) {
        let bytes = Array(realm.utf8)
        nodes[peer.shard].router.hello(
            realm: bytes.span, from: peer.handle, as: id, into: &nodes[peer.shard].effects)
        execute(peer.shard, uri: bytes, payload: 0)
    }

    func awaitsHello(_ peer: Peer) -> Bool { nodes[peer.shard].router.awaitsHello(peer.handle) }

    func isWithoutSession(_ peer: Peer) -> Bool { nodes[peer.shard].router.isWithoutSession(peer.handle) }

    /// Connects and joins; the WELCOME is taken from the inbox.
    func join(_ shard: Int = 0, realm: String = "realm1") -> Peer {
        let peer = connect(to: shard)
        hello(peer, realm: realm)
        if observer == nil { #expect(take(peer).first == .welcome(realm: realm == "realm2" ? 1 : 0)) }
        return peer
    }

    func send(_ peer: Peer, _ message: ClientMessage, uri: String = "", payload: Int = 0) {
        let bytes = Array(uri.utf8)
        nodes[peer.shard].router.process(
            message, from: peer.handle, uri: bytes.span, into: &nodes[peer.shard].effects)
        execute(peer.shard, uri: bytes, payload: payload)
    }

    func violate(_ peer: Peer) {
        nodes[peer.shard].router.violate(peer.handle, message: "not a message", into: &nodes[peer.shard].effects)
        execute(peer.shard, uri: [], payload: 0)
    }

    /// The transport goes; the slot will be used again.
    func detach(_ peer: Peer) {
        nodes[peer.shard].router.detach(peer.handle, into: &nodes[peer.shard].effects)
        execute(peer.shard, uri: [], payload: 0)
        free[peer.shard].append(peer.handle.index)
    }

    func shutDown(_ shard: Int = 0) {
        nodes[shard].router.shutDown(into: &nodes[shard].effects)
        execute(shard, uri: [], payload: 0)
    }

    /// What a client received since the last call.
    func take(_ peer: Peer) -> [Received] {
        inboxes.removeValue(forKey: peer) ?? []
    }

    // MARK: Rings

    var packets: Int { rings.reduce(0) { $0 + $1.count } }

    func packets(from source: Int, to target: Int) -> Int { rings[source * shards + target].count }

    /// Delivers the next message of a ring; false when there is none.
    @discardableResult
    func deliver(from source: Int, to target: Int) -> Bool {
        let ring = source * shards + target
        guard !rings[ring].isEmpty else { return false }
        let packet = rings[ring].removeFirst()
        let carries = packet.message.carries
        let uri = carries.contains(.uri) ? packet.uri : []
        let payload = carries.contains(.payload) ? packet.payload : -1
        nodes[target].router.hear(
            packet.message, from: source, uri: uri.span, into: &nodes[target].effects)
        execute(target, uri: uri, payload: payload)
        return true
    }

    /// Delivers until nothing is on its way.
    func settle() {
        var isBusy = true
        while isBusy {
            isBusy = false
            for source in 0..<shards {
                for target in 0..<shards where deliver(from: source, to: target) { isBusy = true }
            }
        }
    }

    /// Delivers a message of a random ring.
    func deliverAny(_ generator: inout SeededGenerator) {
        let start = generator.below(rings.count)
        for offset in rings.indices {
            let ring = (start + offset) % rings.count
            if deliver(from: ring / shards, to: ring % shards) { return }
        }
    }

    // MARK: State

    func sessionCount(_ shard: Int = 0) -> Int { nodes[shard].router.sessionCount }

    /// Octets of what the sessions of a shard have, and of the URIs that it knows.
    func keptOctets(_ shard: Int = 0) -> Int { nodes[shard].router.keptOctets() }
    func nameOctets(_ shard: Int = 0) -> Int { nodes[shard].router.nameOctets() }
    /// Octets of the tables of a shard, whether they are filled or not.
    func capacityOctets(_ shard: Int = 0) -> Int { nodes[shard].router.capacityOctets() }

    var isEmpty: Bool { nodes.allSatisfy { $0.router.isEmpty } }

    func checkInvariants() {
        for node in nodes { node.router.checkInvariants() }
    }

    private func execute(_ shard: Int, uri: [UInt8], payload: Int) {
        let list = nodes[shard].effects.list.copied()
        let recipients = nodes[shard].effects.recipients.copied()
        nodes[shard].effects.removeAll()
        for effect in list {
            switch effect {
            case .forward(let message, let target):
                precondition(target != shard)
                rings[shard * shards + target].append(Packet(message: message, uri: uri, payload: payload))
            case .event(let subscription, let publication, let range, let carriesTopic):
                globalIDs.append(publication.value)
                #expect(!range.isEmpty)
                let topic = String(decoding: uri, as: UTF8.self)
                let event: Received =
                    carriesTopic ? .patternEvent(subscription, payload, topic) : .event(subscription, payload)
                for recipient in recipients[range] { note(shard, recipient, event) }
            case .yieldingEvent(let subscription, let publication, let range, let carriesTopic, let keepsLatest):
                globalIDs.append(publication.value)
                #expect(!range.isEmpty)
                let topic = carriesTopic ? String(decoding: uri, as: UTF8.self) : ""
                for recipient in recipients[range] {
                    note(
                        shard, recipient, .yieldingEvent(subscription, payload, topic, keepsLatest ? .latest : .drop))
                }
            case .welcome, .abort, .goodbye, .error, .published, .subscribed, .unsubscribed, .registered,
                .unregistered, .invocation, .result, .callError, .close, .publicationRefused, .yieldingEnded:
                deliver(effect, shard: shard, uri: uri, payload: payload)
            }
        }
    }

    private func deliver(_ effect: Effect, shard: Int, uri: [UInt8], payload: Int) {
        switch effect {
        case .welcome(let handle, let session, let realm):
            globalIDs.append(session.value)
            note(shard, handle, .welcome(realm: realm))
        case .abort(let handle, let reason, message: _): note(shard, handle, .abort(reason))
        case .goodbye(let handle, let reason): note(shard, handle, .goodbye(reason))
        case .error(let handle, let code, let request, let error):
            note(shard, handle, .error(code, request, error))
        case .published(let handle, let request, let publication):
            globalIDs.append(publication.value)
            note(shard, handle, .published(request))
        case .subscribed(let handle, let request, let subscription):
            note(shard, handle, .subscribed(request, subscription))
        case .unsubscribed(let handle, let request): note(shard, handle, .unsubscribed(request))
        case .registered(let handle, let request, let registration):
            note(shard, handle, .registered(request, registration))
        case .unregistered(let handle, let request): note(shard, handle, .unregistered(request))
        case .invocation(let handle, let request, let registration, carriesProcedure: false):
            note(shard, handle, .invocation(request, registration, payload))
        case .invocation(let handle, let request, let registration, carriesProcedure: true):
            let procedure = String(decoding: uri, as: UTF8.self)
            note(shard, handle, .patternInvocation(request, registration, payload, procedure))
        case .result(let handle, let request): note(shard, handle, .result(request, payload))
        case .callError(let handle, let request):
            note(shard, handle, .callError(request, String(decoding: uri, as: UTF8.self), payload))
        case .close(let handle, _): note(shard, handle, .closed)
        case .publicationRefused: refusedPublications += 1
        case .yieldingEnded(let handle, let subscription): note(shard, handle, .yieldingEnded(subscription))
        case .forward, .event, .yieldingEvent: break
        }
    }

    private func note(_ shard: Int, _ handle: SessionHandle, _ received: Received) {
        let peer = Peer(shard: shard, handle: handle)
        if let observer { observer(peer, received) } else { inboxes[peer, default: []].append(received) }
    }
}

extension Cluster {
    /// Subscribes, settles, and returns the subscription's id.
    func subscribe(
        _ peer: Peer, to topic: String, match: MatchPolicy = .exact, slow: SlowPolicy = .queue,
        request: RequestID = 900
    ) -> SubscriptionID {
        send(peer, .subscribe(request: request, options: MatchOptions(match: match, slow: slow)), uri: topic)
        settle()
        let answers = take(peer).filter { if case .yieldingEnded = $0 { false } else { true } }
        guard case .subscribed(request, let subscription)? = answers.last else {
            Issue.record("not subscribed")
            return 0
        }
        return subscription
    }

    /// Registers, settles, and returns the registration's id.
    func register(
        _ peer: Peer, _ procedure: String, match: MatchPolicy = .exact, request: RequestID = 901
    ) -> RegistrationID {
        send(peer, .register(request: request, options: RegisterOptions(match: match)), uri: procedure)
        settle()
        guard case .registered(request, let registration)? = take(peer).last else {
            Issue.record("not registered")
            return 0
        }
        return registration
    }

    func publish(
        _ peer: Peer, _ topic: String, payload: Int, acknowledge: Bool = false, excludeMe: Bool = true,
        restrictsReceivers: Bool = false
    ) {
        let options = PublishOptions(
            acknowledge: acknowledge, excludeMe: excludeMe, restrictsReceivers: restrictsReceivers)
        send(peer, .publish(request: 7, options: options), uri: topic, payload: payload)
    }
}
