import RennbahnBytes
import RennbahnReactor
import RennbahnRouterNode
import RennbahnSimulationKit
import RennbahnTestKit
import RennbahnTransport
import RennbahnWAMP
import RennbahnWeb
import RennbahnWebSocket

/// A whole node in one thread, from octets to octets: the shards of a router with their rings and loops, and clients over the same
/// transport, on a network that cuts, delays and resets as a seed says. The order of everybody's turns comes from the seed, too.
///
/// What must hold is checked at the end: nobody who kept the rules lost a message, got one twice or out of order, or was ended;
/// and when all are gone nothing of them is left.
package final class NodeSimulation {
    package struct Outcome: Sendable {
        package var seed: UInt64
        package var shards: Int
        package var connections: Int
        package var messages: Int
        package var events: Int
        package var results: Int
        /// What should not have been; empty is good.
        package var faults: [String]
    }

    static let topics = 4
    static let firstPort: UInt16 = 8000

    let seed: UInt64
    var random: SeededGenerator
    let network: SimulatedNetwork
    let group: ShardGroup
    var crowds: [SimulatedCrowd] = []
    var clients: [SimulatedClient] = []
    var rawPeers: [Descriptor] = []
    var faults: [String] = []
    var step = 0
    var messages = 0
    var connections = 0
    var publications: [Publication] = []
    var nextToken = 0
    var events = 0
    var results = 0
    /// Shards that have ended, since the router was told to stop.
    var ended: Set<Int> = []

    /// What was published, and who was subscribed by then.
    struct Publication {
        var publisher: SimulatedClient
        var topic: Int
        var step: Int
        var owed: [SimulatedClient]
    }

    package static func run(seed: UInt64, steps: Int = 400) throws -> Outcome {
        let simulation = try NodeSimulation(seed: seed)
        try simulation.begin()
        try simulation.play(steps)
        simulation.settle()
        simulation.checkDeliveries()
        simulation.leave()
        simulation.checkThatNothingIsLeft()
        return Outcome(
            seed: seed, shards: simulation.group.count, connections: simulation.connections,
            messages: simulation.messages, events: simulation.events, results: simulation.results,
            faults: simulation.faults + simulation.network.faults)
    }

    private init(seed: UInt64) throws {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        var weather = SimulatedNetwork.Weather()
        weather.isRough = true
        weather.capacity = [600, 4096, 65_536, 1 << 20][random.below(4)]
        network = SimulatedNetwork(seed: seed &* 31 &+ 7, weather: weather)
        network.timeOfLook = [0, 10_000_000][random.below(2)]
        let kernel = Kernel(simulatedBy: network)
        var limits = Limits()
        limits.maxConnections = 64
        limits.receiveBufferSize = [4096, 65_536][random.below(2)]
        limits.queuedOutputHighMark = [4096, 65_536][random.below(2)]
        limits.queuedOutputLowMark = 2048
        limits.ringCapacity = [4096, 65_536][random.below(2)]
        let shards = 1 + random.below(4)
        var loops: [LinkLoop] = []
        for shard in 0..<shards {
            let loop = try LinkLoop(
                limits: limits, accept: NodeSimulation.profiles(pings: random.chance(50)), kernel: kernel)
            try loop.listen(on: network.listen(NodeSimulation.firstPort + UInt16(shard)))
            loops.append(loop)
        }
        var configuration = NodeConfiguration(service: .router(realms: ["realm1"]), transports: [], limits: limits)
        configuration.hasFixedIDs = true
        group = try ShardGroup(configuration, realms: ["realm1"], loops: loops)
        for _ in 0..<2 + random.below(3) {
            let isRawSocket = random.chance(25)
            crowds.append(
                try SimulatedCrowd(
                    kernel, random.chance(50) ? .json : .msgpack,
                    deflate: random.chance(40)
                        ? DeflatePolicy(requestNoContextTakeover: random.chance(50)) : nil,
                    isRawSocket: isRawSocket))
        }
    }

    /// A web service, WebSocket and RawSocket at one place, as a universal transport has them.
    private static func profiles(pings: Bool) -> [AcceptProfile] {
        var profile = AcceptProfile(
            subprotocols: Serializer.allCases.map(\.subprotocol), deflate: DeflatePolicy())
        if pings {
            profile.options.autoPing = WebSocketOptions.AutoPing(interval: 5_000_000_000, timeout: 5_000_000_000)
        }
        var place = profile
        place.web = WebSite(services: ["facts": .value(JSONValue(text: "[1,2,3]"))])
        place.webSocket = .byPath(["ws": 1], rest: nil)
        place.rawSocket = RawSocketPolicy(serializers: [
            RawSocketPolicy.Serializer(id: 1, kind: .text, subprotocol: 0),
            RawSocketPolicy.Serializer(id: 2, kind: .binary, subprotocol: 1),
        ])
        return [place, profile]
    }

    func fault(_ text: String) {
        faults.append("step \(step): \(text)")
    }

    // MARK: Turns

    /// Some are there already, or little would be heard: most who come later are still on their way when the steps end.
    private func begin() throws {
        for _ in 0..<4 + random.below(5) { try connect() }
        settle()
        for client in clients where client.stage == .joined {
            for _ in 0..<1 + random.below(2) { subscribe(client) }
            if random.chance(30) { register(client) }
        }
        settle()
    }

    private func play(_ steps: Int) throws {
        for number in 0..<steps {
            step = number
            switch random.below(100) {
            case ..<35: turnShard(random.below(group.count))
            case ..<60: turnCrowd(random.below(crowds.count))
            case ..<80: network.deliverSome()
            case ..<84: network.advance(UInt64(random.below(5_000_000)))
            default: try act()
            }
        }
    }

    func turnShard(_ number: Int) {
        if !ended.contains(number), !group.turn(number) { ended.insert(number) }
    }

    func turnCrowd(_ number: Int) {
        for event in crowds[number].turn() { take(event) }
    }

    /// Everybody goes on until nothing happens any more.
    func settle(rounds: Int = 4000) {
        var quiet = 0
        for _ in 0..<rounds where quiet < 4 {
            let before = (messages, network.octets)
            network.deliverAll()
            for shard in 0..<group.count { turnShard(shard) }
            for crowd in crowds.indices { turnCrowd(crowd) }
            // Overflowing rings are looked after by the clock.
            network.advance(1_000_000)
            let isQuiet = before == (messages, network.octets) && !network.isInTransit && !ringsHaveRecords
            quiet = isQuiet ? quiet + 1 : 0
        }
        if quiet < 4 { fault("did not settle") }
    }

    /// A shard ends when its own connections are gone; what others tell it afterwards is of no use to anybody.
    private var ringsHaveRecords: Bool {
        (0..<group.count).contains { !ended.contains($0) && group.ringsHaveRecords(to: $0) }
    }
}
