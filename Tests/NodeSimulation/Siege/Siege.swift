import RennbahnAuthentication
import RennbahnReactor
import RennbahnRouterNode
import RennbahnSimulationKit
import RennbahnTestKit
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket

/// A whole node in one thread whose clients do harm beside bystanders that keep the rules, over a network whose kernel fails now and
/// then, with shards that stop for a while and a machine that is suspended: all as a seed says, to the octet.
///
/// What must hold: no bystander loses anything, gets it twice or out of order, is ended, or hears nothing for longer than
/// ``longestSilence`` of the time that the router was given; memory stays within its bounds; whoever says nothing any more is ended;
/// and when all are gone no table holds anything of them, and no timer is left.
package final class Siege {
    package struct Outcome: Sendable {
        package var seed: UInt64
        /// Inputs to connections: how often a socket of the router was read and gave something.
        package var steps: UInt64 = 0
        /// Of all octets that were written.
        package var digest: UInt64 = 0
        /// Messages of bystanders.
        package var messages = 0
        /// Of a bystander, in nanoseconds.
        package var longestSilence: UInt64 = 0
        /// Nanoseconds of the simulated clock.
        package var duration: UInt64 = 0
        /// How often, by `errno` or what else happened.
        package var faultsInjected: [String: Int] = [:]
        /// How often an attacker was ended, by what it did and what it read at last.
        package var endings: [String: [String: Int]] = [:]
        /// What should not have been; empty is good.
        package var faults: [String] = []

        package init(seed: UInt64) {
            self.seed = seed
        }
    }

    /// Nanoseconds that a bystander may hear nothing for though something is on its way.
    package static let longestSilence: UInt64 = 1_000_000_000
    private static let millisecond: UInt64 = 1_000_000

    var random: SeededGenerator
    let network: SimulatedNetwork
    let node: SimulatedNode
    let codecMemory: ScarceMemory
    let limits: Limits
    var pairs: [Bystanders] = []
    var attackers: [Attacker] = []
    var outcome: Outcome
    /// How likely each attack is.
    private var weights: [Int] = []
    private let mostAttackers: Int
    /// Nanoseconds of a step of time.
    private let stride: UInt64
    /// Until when a shard has no turns.
    private var pausedUntil: [UInt64]
    /// When it began, by the simulated clock.
    let start: UInt64
    /// Time that the router was not given.
    private var lost: UInt64 = 0

    /// - Parameter ticks: steps of time with attackers.
    package static func run(seed: UInt64, ticks: Int) throws -> Outcome {
        let siege = try Siege(seed)
        try siege.gather()
        for _ in 0..<ticks where siege.outcome.faults.isEmpty { try siege.tick() }
        siege.end()
        return siege.outcome
    }

    private init(_ seed: UInt64) throws {
        outcome = Outcome(seed: seed)
        random = SeededGenerator(seed: seed)
        var weather = SimulatedNetwork.Weather()
        weather.isRough = true
        network = SimulatedNetwork(seed: seed &* 0x9e37_79b9 &+ 1, weather: weather)
        network.isDigesting = true
        network.timeOfLook = [0, 500_000, 6_000_000][random.below(3)]
        start = network.now
        let shards = 1 + random.below(3)
        pausedUntil = Array(repeating: 0, count: shards)
        stride = [1, 5, 20][random.below(3)] * Siege.millisecond
        mostAttackers = [1, 4, 12, 24][random.below(4)]
        limits = Siege.limits(&random)
        codecMemory = ScarceMemory(seed: seed, shortage: [0, 60][random.below(2)])
        node = try SimulatedNode(
            network, shards: shards, limits, profiles: Siege.profiles(), codecMemory: codecMemory.memory)
        // Runs differ in kind: some attacks are not there at all, some are most of it.
        weights = Attack.allCases.map { _ in random.chance(40) ? 0 : 1 + random.below(10) }
        weights[random.below(weights.count)] += 5
        network.weather.faultsInThousand = [0, 2, 20][random.below(3)]
    }

    /// Less than users have, so that there is something to be seen.
    private static func limits(_ random: inout SeededGenerator) -> Limits {
        var limits = Limits()
        limits.maxConnections = 128
        limits.slowReceivers = .disconnect
        limits.receiveBufferSize = [16_384, 65_536, 262_144][random.below(3)]
        limits.queuedOutputHighMark = [128 * 1024, 1 << 20][random.below(2)]
        limits.queuedOutputLowMark = limits.queuedOutputHighMark / 4
        limits.maxQueuedOutput = 4 << 20
        limits.maxQueuedOfAll = 16 << 20
        limits.maxUnfinished = 4 << 20
        limits.maxPausedInput = 4 << 20
        limits.maxState = 4 << 20
        limits.maxMessageSize = 4 << 20
        limits.stallTimeout = [2_000_000_000, 20_000_000_000][random.below(2)]
        limits.oldestEvent = [5_000_000_000, 60_000_000_000][random.below(2)]
        limits.messageGrace = [3_000_000_000, 30_000_000_000][random.below(2)]
        limits.ringCapacity = [128 * 1024, 1 << 20][random.below(2)]
        return limits
    }

    /// Everybody is anonymous, but for those who log in at `/login`.
    private static func profiles() -> [AcceptProfile] {
        var profile = AcceptProfile(subprotocols: [Serializer.json.subprotocol], deflate: DeflatePolicy())
        profile.addresses = AddressGuard(AddressLimits())
        profile.options.autoPing = WebSocketOptions.AutoPing(interval: 5_000_000_000, timeout: 5_000_000_000)
        profile.farewells = [
            Serializer.json.subprotocol: Farewell(.text, Array(#"[6,{},"wamp.close.normal"]"#.utf8))
        ]
        var guarded = profile
        var policy = AuthPolicy()
        policy.ticket = ["joe": AuthPolicy.Ticket(role: "anonymous", ticket: Secret("sesame"))]
        guarded.authenticator = Authenticator(policy)
        var place = profile
        place.webSocket = .byPath(["login": 2, "/": 1], rest: 1)
        return [place, profile, guarded]
    }

    // MARK: Time

    /// Of the router: what it was not given does not count.
    var givenTime: UInt64 { network.now - lost }

    private func tick() throws {
        network.advance(stride)
        if pausedUntil.contains(where: { $0 > network.now }) {
            lost += stride
        } else if random.oneIn(300) {
            pausedUntil[random.below(pausedUntil.count)] = network.now + UInt64(random.below(400)) * Siege.millisecond
            note("shard that stops")
        }
        if random.oneIn(800) { suspend() }
        let now = givenTime
        for pair in pairs { pair.speak(&random, now: now) }
        try attack()
        exchange()
        for pair in pairs { pair.listen(now: now) }
        check()
    }

    /// What was said travels, and the shards have turns.
    func exchange() {
        network.deliverMost(late: 20)
        for shard in pausedUntil.indices where pausedUntil[shard] <= network.now {
            for _ in 0..<3 { _ = node.group.turn(shard) }
        }
        network.deliverMost(late: 20)
    }

    /// The machine stands still for a while, with nothing of the bystanders under way: what a peer could not answer since it stood
    /// still, too, is nobody's fault.
    private func suspend() {
        wakeShards()
        for round in 0..<200 where round < 20 || pairs.contains(where: \.isWaiting) {
            for pair in pairs { pair.settle() }
            network.deliverAll()
            node.turn(times: 3)
            network.deliverAll()
            for pair in pairs { pair.listen(now: givenTime) }
        }
        let gap = [UInt64(1), 30, 7200][random.below(3)] * 1000 * Siege.millisecond
        network.advance(gap)
        lost += gap
        note("clock that steps")
    }

    func wakeShards() {
        for shard in pausedUntil.indices { pausedUntil[shard] = 0 }
    }

    private func note(_ fault: String) {
        outcome.faultsInjected[fault, default: 0] += 1
    }

    // MARK: Those who do harm

    private func attack() throws {
        var index = 0
        while index < attackers.count {
            let attacker = attackers[index]
            if let ending = attacker.ending() {
                outcome.endings[attacker.attack.rawValue, default: [:]][ending, default: 0] += 1
                attackers.swapAt(index, attackers.count - 1)
                attackers.removeLast()
            } else if random.chance(50), !attacker.act(&random) {
                outcome.endings[attacker.attack.rawValue, default: [:]]["itself", default: 0] += 1
                attacker.leave(resets: random.chance(50))
                attackers.swapAt(index, attackers.count - 1)
                attackers.removeLast()
            } else {
                index += 1
            }
        }
        guard attackers.count < mostAttackers, random.chance(20) else { return }
        network.weather.capacity = [600, 4096, 65_536, 1 << 20][random.below(4)]
        network.weather.isSparing = false
        let port = SimulatedNode.port(random.below(pausedUntil.count))
        attackers.append(try Attacker(drawAttack(), network, port: port, places: pairs.count, &random))
    }

    private func drawAttack() -> Attack {
        var left = random.below(weights.reduce(0, +))
        for (attack, weight) in zip(Attack.allCases, weights) {
            if left < weight { return attack }
            left -= weight
        }
        return .stranger
    }
}
