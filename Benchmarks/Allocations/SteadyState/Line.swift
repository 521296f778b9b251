import RennbahnBytes
import RennbahnReactor
import RennbahnRouterNode
import RennbahnSimulationKit
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket

/// One shard of a router as it is, its connections and its loop included; only the kernel below is a network in memory. What is
/// counted here is what a router runs.
struct Line {
    private static let port: UInt16 = 8080
    private static let realm = Array("realm1".utf8)

    private let serializer: Serializer
    private let kernel: CountedKernel
    private let shard: RouterShard
    let players: Players

    /// What the turns of the shard did so far.
    var count: Count { kernel.count }
    /// What the shard asked of its kernel meanwhile.
    var calls: Calls { kernel.calls }
    /// Octets of all frames, of clients and for them.
    var wireBytes: Int { kernel.wireBytes }

    /// Opens so many sessions.
    init(serializer: Serializer, sessions: Int, compression: Bool) throws {
        self.serializer = serializer
        let network = SimulatedNetwork(seed: 1)
        kernel = CountedKernel(network)
        let listener = network.listen(Line.port)
        var limits = Limits()
        limits.maxConnections = sessions + 1
        let loop = try LinkLoop(
            limits: limits,
            accept: [
                AcceptProfile(
                    subprotocols: Serializer.allCases.map(\.subprotocol), deflate: compression ? DeflatePolicy() : nil)
            ], kernel: Kernel(simulatedBy: kernel))
        try loop.listen(on: listener)
        var configuration = NodeConfiguration(
            service: .router(realms: ["realm1"]), transports: [], limits: limits)
        // The same ids in every run, so that two runs differ in nothing but their length.
        configuration.hasFixedIDs = true
        shard = try ShardGroup(configuration, realms: ["realm1"], loops: [loop]).shards[0]
        players = try Players(
            Kernel(simulatedBy: network), port: Line.port, serializer: serializer,
            deflate: compression ? DeflatePolicy() : nil, count: sessions)
        let players = players
        whileWaiting { players.turn() }
        for _ in 0..<8 where players.opened < sessions { turn() }
        for session in 0..<sessions {
            players.say(session) {
                MessageWriter.hello(
                    serializer, realm: Line.realm.span,
                    details: ["roles": ["publisher": [:], "subscriber": [:], "caller": [:], "callee": [:]]], into: &$0)
            }
        }
        try turn(until: sessions)
    }

    /// What the clients do while the shard waits for them.
    func whileWaiting(_ play: @escaping () -> Void) {
        kernel.whileWaiting = play
    }

    /// Turns until the clients have received so many messages in all.
    func turn(until received: Int) throws {
        for _ in 0..<64 where players.received < received { turn() }
        guard players.received == received else { throw Repetition.Failure.messagesAreMissing }
    }

    /// One turn of the shard, counted: `scripts/tier0` collects while ``RouterShard/turn()`` runs.
    func turn(countingReferences: Bool = false) {
        kernel.counting(references: countingReferences) { _ = shard.turn() }
    }

    func subscribe(_ session: Int, to topic: [UInt8]) {
        players.say(session) {
            MessageWriter.subscribe(serializer, request: players.nextRequest(), topic: topic.span, into: &$0)
        }
    }

    func register(_ session: Int, as procedure: [UInt8]) {
        players.say(session) {
            MessageWriter.register(serializer, request: players.nextRequest(), procedure: procedure.span, into: &$0)
        }
    }

    func publish(_ session: Int, topic: [UInt8], args: [UInt8], acknowledge: Bool) {
        players.say(session) {
            MessageWriter.publish(
                serializer, request: players.nextRequest(), acknowledge: acknowledge, topic: topic.span,
                payload: Payload(serializer: serializer, elements: 1), args.span, into: &$0)
        }
    }

    func call(_ session: Int, procedure: [UInt8], args: [UInt8]) {
        players.say(session) {
            MessageWriter.call(
                serializer, request: players.nextRequest(), procedure: procedure.span,
                payload: Payload(serializer: serializer, elements: 1), args.span, into: &$0)
        }
    }

    func yield(_ session: Int, invocation: RequestID, args: [UInt8]) {
        players.say(session) {
            MessageWriter.yield(
                serializer, request: invocation, payload: Payload(serializer: serializer, elements: 1), args.span,
                into: &$0)
        }
    }
}
