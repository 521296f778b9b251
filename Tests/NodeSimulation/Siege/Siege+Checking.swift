import RennbahnBytes
import RennbahnReactor
import RennbahnRouterNode
import RennbahnSimulationKit
import RennbahnTestKit
import RennbahnTransport

extension Siege {
    func fault(_ text: String) {
        if outcome.faults.count < 20 { outcome.faults.append(text) }
    }

    // MARK: The beginning

    /// The bystanders join, before anybody does harm.
    func gather() throws {
        network.weather.isSparing = true
        let faults = network.weather.faultsInThousand
        network.weather.faultsInThousand = 0
        let size = 1 + random.below(4)
        for place in 0..<2 + random.below(3) {
            let work: Bystanders.Work = random.chance(60) ? .events : .calls
            network.weather.capacity = [65_536, 1 << 20][random.below(2)]
            let uri = Bystanders.uri(place)
            let passive = try join(work == .events ? "[32,1,{},\"\(uri)\"]" : "[64,1,{},\"\(uri)\"]")
            let active = try join(nil)
            // A callee is not sent more than it can take: calls are answered as unavailable then, as they should be.
            let most = work == .events ? size : min(size, 2)
            pairs.append(Bystanders(work, uri, active: active, passive: passive, size: most))
        }
        network.weather.faultsInThousand = faults
    }

    private func join(_ request: String?) throws -> BarePeer {
        let peer = try BarePeer(network, port: SimulatedNode.port(random.below(node.group.count)))
        peer.say(#"[1,"realm1",{"roles":{"publisher":{},"subscriber":{},"caller":{},"callee":{}}}]"#)
        if let request { peer.say(request) }
        var answers = 0
        let due = request == nil ? 1 : 2
        for _ in 0..<200 where answers < due {
            peer.pump()
            network.advance(1_000_000)
            exchange()
            peer.read { message in
                let type = WireFields(message).type
                if type == 2 || type == 33 || type == 65 { answers += 1 }
            }
        }
        if answers < due { fault("a bystander could not join") }
        return peer
    }

    // MARK: In each step of time

    func check() {
        for pair in pairs {
            if pair.longestSilence > Siege.longestSilence { fault("silence of \(pair.longestSilence / 1_000_000) ms") }
            for text in pair.faults { fault(text) }
        }
        for shard in 0..<node.group.count {
            let loop = node.group.loop(shard)
            // Who is not behind may have as much as the high mark, and what is shared takes whole blocks.
            let bound = limits.maxQueuedOfAll + loop.linkCount * 2 * limits.queuedOutputHighMark + (4 << 20)
            if loop.heldBytes > bound { fault("\(loop.heldBytes) octets wait to be sent") }
            if loop.unfinishedBytes > limits.maxUnfinished + limits.receiveBufferSize {
                fault("\(loop.unfinishedBytes) octets of messages that are not whole")
            }
        }
    }

    // MARK: The end

    func end() {
        network.weather.faultsInThousand = 0
        wakeShards()
        for _ in 0..<2000 where outcome.faults.isEmpty && pairs.contains(where: \.isWaiting) {
            network.advance(1_000_000)
            for pair in pairs { pair.settle() }
            exchange()
            for pair in pairs { pair.listen(now: givenTime) }
        }
        for pair in pairs {
            if pair.isWaiting { fault("a bystander has lost something") }
            for text in pair.faults { fault(text) }
            outcome.messages += pair.heard
            outcome.longestSilence = max(outcome.longestSilence, pair.longestSilence)
            pair.leave()
        }
        // Nobody says anything any more: longer than any time-out, and than a large message may take.
        for _ in 0..<400 where hasConnections { second() }
        for shard in 0..<node.group.count where node.group.loop(shard).linkCount > 0 {
            fault("shard \(shard) waits for \(node.group.loop(shard).linkCount) peers without end: \(network.waiting)")
        }
        for attacker in attackers {
            let ending = attacker.ending() ?? "the end"
            outcome.endings[attacker.attack.rawValue, default: [:]][ending, default: 0] += 1
            attacker.leave(resets: false)
        }
        // Idle states of zlib go with the sweeps of a second each.
        for _ in 0..<20 { second() }
        checkThatNothingIsLeft()
        outcome.digest = network.digest.value
        outcome.duration = network.now - start
        for (fault, count) in network.injected { outcome.faultsInjected[fault.rawValue] = count }
        if codecMemory.refused > 0 { outcome.faultsInjected["no memory for zlib"] = codecMemory.refused }
        if codecMemory.octets > node.group.count * ScarceMemory.spare {
            fault("zlib keeps \(codecMemory.octets) octets for nobody")
        }
        outcome.faults += network.faults
    }

    private var hasConnections: Bool {
        (0..<node.group.count).contains { node.group.loop($0).linkCount > 0 }
    }

    private func second() {
        network.advance(1_000_000_000)
        network.deliverAll()
        node.turn(times: 4)
        network.deliverAll()
    }

    private func checkThatNothingIsLeft() {
        for shard in 0..<node.group.count {
            outcome.steps += node.group.loop(shard).counters.value.receives
            let tables = node.group.occupiedTables(of: shard)
            if !tables.isEmpty { fault("shard \(shard) keeps something of nobody: \(tables.joined(separator: ", "))") }
        }
        // The listening sockets.
        let left = network.openDescriptors - node.group.count
        if left != 0 { fault("\(left) descriptors leak") }
        node.group.stop()
        for shard in 0..<node.group.count {
            var turns = 0
            while turns < 100, node.group.turn(shard) { turns += 1 }
            if turns == 100 { fault("shard \(shard) does not stop") }
        }
    }
}
