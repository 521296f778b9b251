import RennbahnBytes
import RennbahnSimulationKit
import RennbahnTestKit
import RennbahnWebSocket

/// Somebody who does harm, until the router ends the connection or it goes by itself.
final class Attacker {
    private static let hello = #"[1,"realm1",{"roles":{"publisher":{},"subscriber":{},"caller":{},"callee":{}}}]"#
    private static let login =
        #"[1,"realm1",{"roles":{"caller":{}},"authmethods":["ticket"],"authid":"joe"}]"#

    let attack: Attack
    private let peer: BarePeer
    /// What it does differently from others of its kind.
    private let variant: Int
    private let places: Int
    /// Octets that it reads in a step of time.
    private let rate: Int
    private var requests = 0
    private var steps = 0
    private var wasAborted = false
    /// Of a large message, what is left to be said.
    private var rest = 0

    /// - Parameter places: how many topics and procedures there are that bystanders use.
    init(
        _ attack: Attack, _ network: SimulatedNetwork, port: UInt16, places: Int, _ random: inout SeededGenerator
    ) throws {
        self.attack = attack
        self.places = places
        variant = random.below(1000)
        rate = [1, 50, 2000, 20_000][random.below(4)]
        let request: String? =
            switch attack {
            case .stranger where variant % 3 == 0: nil
            case .stranger where variant % 3 == 1: String(BarePeer.upgrade().prefix(random.below(150)))
            case .bomb: BarePeer.upgrade(fields: Bomb.offer)
            case .failedLogins: BarePeer.upgrade(path: "/login")
            default: BarePeer.upgrade()
            }
        peer = try BarePeer(network, port: port, request: attack == .dribbler ? nil : request)
        begin(&random)
    }

    private func next() -> Int {
        requests += 1
        return requests
    }

    private func queue(_ text: String) { peer.queue(.text, text.utf8.span) }

    private func begin(_ random: inout SeededGenerator) {
        switch attack {
        case .deafSubscriber, .slowSubscriber:
            queue(Attacker.hello)
            let slow = [#""x_slow":"drop""#, #""x_slow":"latest""#, #""match":"exact""#][variant % 3]
            if variant % 4 == 0 {
                queue("[32,\(next()),{\"match\":\"prefix\"},\"com.example.\"]")
            } else {
                for place in 0..<places where place == 0 || random.chance(50) {
                    queue("[32,\(next()),{\(slow)},\"\(Bystanders.uri(place))\"]")
                }
            }
        case .deafCaller, .wrongMessages, .subscriptions, .registrations, .unfinished: queue(Attacker.hello)
        case .silentCallee:
            queue(Attacker.hello)
            queue("[64,\(next()),{},\"com.hostile.silent\"]")
        case .resetter, .halfOpen:
            queue(Attacker.hello)
            queue("[32,\(next()),{},\"\(Bystanders.uri(0))\"]")
            queue("[64,\(next()),{},\"com.hostile.gone\(variant)\"]")
            queue("[48,\(next()),{},\"com.hostile.silent\"]")
            if variant % 2 == 0 { peer.queueHead(payloadCount: 1000) }
        case .bomb:
            let bomb = Bomb.hello
            peer.queue(.text, isCompressed: true, bomb.span)
        case .dribbler:
            // Told octet by octet, with all that follows.
            peer.queueRaw(BarePeer.upgrade())
            queue(Attacker.hello)
            for place in 0..<places { queue("[32,\(next()),{},\"\(Bystanders.uri(place))\"]") }
            return
        case .failedLogins: queue(Attacker.login)
        case .stranger: return
        }
        peer.pump()
    }

    // MARK: Acting

    /// One step of time. False when it goes by itself.
    func act(_ random: inout SeededGenerator) -> Bool {
        steps += 1
        switch attack {
        case .halfOpen: return true
        case .deafSubscriber: peer.pump()
        case .slowSubscriber:
            peer.pump()
            peer.read(rate) { _ in }
        case .deafCaller:
            // A callee that is asked for more than it can answer is no worry of the router's.
            if peer.backlog < 10_000, random.chance(30) {
                queue("[48,\(next()),{},\"\(Bystanders.uri(random.below(places)))\",[\(Bystanders.foreign)]]")
            }
            peer.pump()
        case .silentCallee:
            if peer.backlog < 10_000 { queue("[48,\(next()),{},\"com.hostile.silent\",[\(Bystanders.foreign)]]") }
            peer.pump()
            listen()
        case .stranger, .bomb: listen()
        case .unfinished: goOn(&random)
        case .dribbler:
            peer.pump(1)
            hear()
        case .resetter:
            guard random.chance(90) else {
                peer.close(resets: true)
                return false
            }
        case .subscriptions, .registrations: flood(&random)
        case .wrongMessages: sayWrong(&random)
        case .failedLogins:
            peer.pump()
            peer.read { [self] message in
                let type = WireFields(message).type
                if type == 4 { queue("[5,\"wrong\",{}]") }
                if type == 3 { wasAborted = true }
            }
        }
        return steps < 20_000
    }

    private func listen() {
        peer.pump()
        hear()
    }

    private func hear() {
        peer.read { message in if WireFields(message).type == 3 { wasAborted = true } }
    }

    /// Says more of a message of two megabytes, and stops before its end.
    private func goOn(_ random: inout SeededGenerator) {
        if steps == 3 {
            peer.queueHead(payloadCount: 2 << 20)
            rest = (1 << 20) + random.below(1 << 19)
        }
        if rest > 0, peer.backlog == 0 {
            let count = min(rest, 1 + random.below(100_000))
            rest -= count
            peer.queueFiller(count)
        }
        listen()
    }

    /// Subscribes or registers, and gives up at once what it got.
    private func flood(_ random: inout SeededGenerator) {
        let (code, undo) = attack == .subscriptions ? (32, 34) : (64, 66)
        if peer.backlog < 10_000 {
            for _ in 0..<1 + variant % 8 {
                let match = ["exact", "prefix", "wildcard"][random.below(3)]
                queue("[\(code),\(next()),{\"match\":\"\(match)\"},\"com.flood.name\(random.below(40))\"]")
            }
        }
        peer.pump()
        peer.read { [self] message in
            let fields = WireFields(message)
            if fields.type == code + 1 { queue("[\(undo),\(next()),\(fields.second)]") }
            if fields.type == 3 { wasAborted = true }
        }
    }

    private static let wrong = [
        "[", "{}", "[]", "[999]", "[16,1]", "[32,-1,{},\"com.a\"]", "[48,1,{},7]", "[70,12345,{}]", "[36,1,2,{}]",
        "[1,\"realm1\",{}]", "[34,1,4711]", "[66,1,4711]", "[8,68,1,{},\"com.error\"]",
        "[16,1,{\"exclude\":\"x\"},\"com.a\"]", "[6,{},\"\\u0000\"]", "[48,1,{},\"..\"]", "[49,1,{}]", "[5,\"x\",{}]",
    ]

    private func sayWrong(_ random: inout SeededGenerator) {
        guard random.chance(20) else { return listen() }
        switch random.below(4) {
        case 0: peer.queueRandom(1 + random.below(60), &random)
        case 1: peer.queue(.binary, Attacker.hello.utf8.span)
        default: queue(Attacker.wrong[random.below(Attacker.wrong.count)])
        }
        listen()
    }

    // MARK: The end

    /// What ended it, if something did: what it read at last says so. It answers nothing more.
    func ending() -> String? {
        // Who reads nothing learns of it all the same.
        if peer.isAbandoned, !peer.hasEnded { hear() }
        guard peer.hasEnded || peer.closeCode != nil else { return nil }
        peer.close()
        if let code = peer.closeCode { return "Close \(code)" }
        if wasAborted { return "ABORT" }
        return peer.errno == nil ? "end of stream" : "reset"
    }

    func leave(resets: Bool) {
        peer.close(resets: resets)
    }
}
