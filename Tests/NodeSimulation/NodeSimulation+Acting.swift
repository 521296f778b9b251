import RennbahnBytes
import RennbahnReactor
import RennbahnRouterNode
import RennbahnSimulationKit
import RennbahnTestKit
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket

extension NodeSimulation {
    /// Somebody does something.
    func act() throws {
        let joined = clients.filter { $0.stage == .joined }
        guard joined.count > 1, !random.chance(15) else { return try connect() }
        let client = joined[random.below(joined.count)]
        switch random.below(100) {
        case ..<15: subscribe(client)
        case ..<50: publish(client)
        case ..<58: register(client)
        case ..<78: call(client)
        case ..<82: unsubscribe(client)
        case ..<86: leave(client)
        case ..<94: try attack()
        default: touchRawPeer()
        }
    }

    func connect() throws {
        guard clients.count < 40 else { return }
        connections += 1
        let port = NodeSimulation.firstPort + UInt16(random.below(group.count))
        let client = try crowds[random.below(crowds.count)].connect(clients.count, to: port)
        clients.append(client)
    }

    private static func topic(_ number: Int) -> WAMPValue { .string("com.example.topic\(number)") }

    func subscribe(_ client: SimulatedClient) {
        let topic = random.below(NodeSimulation.topics)
        let request = client.nextRequest(.subscribe(topic: topic))
        client.send([32, WAMPValue(request), [:], NodeSimulation.topic(topic)])
    }

    private func unsubscribe(_ client: SimulatedClient) {
        // Else SUBSCRIBED could come behind, of a subscription that is gone by then.
        guard !client.waitsForTopic, let id = client.topics.keys.min() else { return }
        client.topics[id] = nil
        client.send([34, WAMPValue(client.nextRequest(.unsubscribe)), WAMPValue(id)])
    }

    private func publish(_ client: SimulatedClient) {
        let topic = random.below(NodeSimulation.topics)
        for _ in 0..<1 + random.below(6) {
            let owed = clients.filter { other in
                other.stage == .joined && other !== client && other.topics.values.contains { $0.topic == topic }
            }
            let token = publications.count
            publications.append(Publication(publisher: client, topic: topic, step: step, owed: owed))
            let filler = String(repeating: "x", count: random.chance(10) ? random.below(20_000) : random.below(100))
            let isAcknowledged = random.chance(30)
            client.send([
                16, WAMPValue(client.nextRequest(isAcknowledged ? .publish : nil)),
                ["acknowledge": .bool(isAcknowledged)], NodeSimulation.topic(topic),
                [.integer(Int64(token)), .string(filler)],
            ])
        }
    }

    func register(_ client: SimulatedClient) {
        let procedure = random.below(3)
        client.send([64, WAMPValue(client.nextRequest(.register)), [:], .string("com.example.proc\(procedure)")])
    }

    private func call(_ client: SimulatedClient) {
        for _ in 0..<1 + random.below(4) {
            nextToken += 1
            let request = client.nextRequest(.call(token: nextToken))
            client.send([
                48, WAMPValue(request), [:], .string("com.example.proc\(random.below(3))"),
                [.integer(Int64(nextToken))],
            ])
        }
    }

    private func leave(_ client: SimulatedClient) {
        switch random.below(3) {
        case 0:
            client.stage = .leaving(.inOrder)
            client.send([6, [:], "wamp.close.close_realm"])
        case 1: close(client)
        default: hangUp(client)
        }
    }

    func close(_ client: SimulatedClient) {
        client.stage = .leaving(.inOrder)
        client.crowd.loop.close(client.link, code: .normalClosure)
    }

    func hangUp(_ client: SimulatedClient) {
        client.stage = .leaving(.hangingUp)
        client.crowd.loop.drop(client.link)
    }

    // MARK: Those who keep no rules

    private static let upgrade = Array(
        ("GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Protocol: wamp.2.json\r\n\r\n").utf8)

    /// Requests for a web service, all at once.
    private static func requests(_ count: Int) -> [UInt8] {
        Array(String(repeating: "GET /facts HTTP/1.1\r\nHost: localhost\r\n\r\n", count: count).utf8)
    }

    private func attack() throws {
        guard rawPeers.count < 8 else { return touchRawPeer() }
        connections += 1
        let port = NodeSimulation.firstPort + UInt16(random.below(group.count))
        let peer = try network.connect(to: .loopback(port: port))
        rawPeers.append(peer)
        var octets: [UInt8]
        switch random.below(10) {
        case 0: octets = [0x7f, 0xf1, 0, 0]
        case ..<4: octets = NodeSimulation.requests(1 + random.below(4))
        default: octets = NodeSimulation.upgrade
        }
        if random.chance(30) { octets = Array(octets.prefix(random.below(octets.count))) }
        // A frame that is masked, or is not; of any opcode, with any payload.
        for _ in 0..<random.below(4) {
            let count = random.below(60)
            octets += [UInt8(random.below(256)), (random.chance(80) ? 0x80 : 0) | UInt8(count)]
            for _ in 0..<count + 4 { octets.append(UInt8(random.below(256))) }
        }
        _ = octets.isEmpty ? .bytes(0) : network.send(peer, octets.span)
    }

    private func touchRawPeer() {
        guard !rawPeers.isEmpty else { return }
        let index = random.below(rawPeers.count)
        let peer = rawPeers[index]
        switch random.below(4) {
        case 0:
            network.close(peer)
            rawPeers.remove(at: index)
        case 1:
            network.resetOnClose(peer)
            network.close(peer)
            rawPeers.remove(at: index)
        case 2: network.shutdownWrite(peer)
        default:
            var buffer = ByteBuffer()
            _ = network.receive(peer, into: &buffer, minimumFree: 1 + random.below(1000))
        }
    }
}
