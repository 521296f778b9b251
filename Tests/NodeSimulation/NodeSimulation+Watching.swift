import RennbahnBytes
import RennbahnReactor
import RennbahnRouterNode
import RennbahnSimulationKit
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket

extension NodeSimulation {
    func take(_ event: CrowdEvent) {
        switch event {
        case .opened(let client):
            client.stage = .joining
            client.send([1, "realm1", ["roles": ["publisher": [:], "subscriber": [:], "caller": [:], "callee": [:]]]])
        case .message(let client, let message):
            messages += 1
            take(message, client)
        case .undecodable(let client): fault("client \(client.number) got what is no message")
        case .closed(let client, let end):
            if client.stage != .leaving { fault("client \(client.number) was ended: \(end)") }
            client.stage = .gone
        }
    }

    private func take(_ message: WAMPValue, _ client: SimulatedClient) {
        let request = message[1]?.integerValue.map { UInt64($0) } ?? 0
        switch message[0]?.integerValue {
        case 2 where client.stage == .joining: client.stage = .joined
        // The answer to GOODBYE: the transport is the client's to close.
        case 6: client.crowd.loop.close(client.link, code: .normalClosure)
        case 8: failed(message, client)
        case 17, 35, 65: break
        case 33:
            guard let topic = client.pendingTopics.removeValue(forKey: request) else {
                return fault("client \(client.number) got SUBSCRIBED for nothing")
            }
            let id = message[2]?.integerValue.map { UInt64($0) } ?? 0
            if client.topics[id] == nil { client.topics[id] = (topic, step) }
        case 36: event(message, client)
        case 50: answered(request, token: message[3]?[0]?.integerValue, client)
        case 68: client.send([70, message[1] ?? .null, [:], message[4] ?? []])
        default: if client.stage != .leaving { fault("client \(client.number) got \(message)") }
        }
    }

    private func failed(_ message: WAMPValue, _ client: SimulatedClient) {
        let request = message[2]?.integerValue.map { UInt64($0) } ?? 0
        switch message[1]?.integerValue {
        // Somebody else has the procedure.
        case 64: break
        case 48 where client.calls.removeValue(forKey: request) != nil:
            let error = message[4]
            guard
                error == "wamp.error.no_such_procedure" || error == "wamp.error.canceled"
                    || error == "wamp.error.unavailable"
            else { return fault("a call failed with \(message)") }
        case 34: break
        default: if client.stage != .leaving { fault("client \(client.number) got \(message)") }
        }
    }

    private func answered(_ request: UInt64, token: Int64?, _ client: SimulatedClient) {
        guard let expected = client.calls.removeValue(forKey: request) else {
            return fault("client \(client.number) got a second RESULT, or one for nothing")
        }
        if token != Int64(expected) { fault("the RESULT of another call") }
    }

    private func event(_ message: WAMPValue, _ client: SimulatedClient) {
        guard let token = message[4]?[0]?.integerValue.map({ Int($0) }), publications.indices.contains(token) else {
            return fault("client \(client.number) got an EVENT of nobody")
        }
        let publication = publications[token]
        if publication.publisher === client { fault("the publisher got its own EVENT") }
        let before = client.heard[publication.topic, default: []]
        if before.contains(token) { fault("client \(client.number) got an EVENT twice") }
        // Each publisher's own order.
        if let last = before.last(where: { publications[$0].publisher === publication.publisher }), last > token {
            fault("client \(client.number) got \(token) after \(last)")
        }
        client.heard[publication.topic, default: []].append(token)
    }

    // MARK: At the end

    func checkDeliveries() {
        for (token, publication) in publications.enumerated() where publication.publisher.stage == .joined {
            for client in publication.owed where client.stage == .joined {
                // Who has unsubscribed meanwhile, and perhaps subscribed again, is owed nothing.
                guard
                    client.topics.values.contains(where: {
                        $0.topic == publication.topic && $0.since <= publication.step
                    })
                else { continue }
                if client.heard[publication.topic]?.contains(token) != true {
                    fault("client \(client.number) missed publication \(token) of \(publication.publisher.number)")
                }
            }
        }
        for client in clients where client.stage == .joined && !client.calls.isEmpty {
            fault("client \(client.number) waits for \(client.calls.count) answers")
        }
        for client in clients where client.stage == .connecting || client.stage == .joining {
            fault("client \(client.number) (\(client.crowd.serializer)) is \(client.stage) yet; \(network.waiting)")
        }
    }

    /// Everybody goes, each in a way of its own; some raw peers stay silent until their time is over.
    func leave() {
        for client in clients where client.stage == .joined {
            client.stage = .leaving
            if random.chance(50) {
                client.crowd.loop.close(client.link, code: .goingAway)
            } else {
                client.crowd.loop.drop(client.link)
            }
        }
        settle()
        // Longer than any time-out.
        for _ in 0..<90 {
            network.advance(1_000_000_000)
            network.deliverAll()
            for shard in 0..<group.count { _ = group.turn(shard) }
            for crowd in crowds.indices { turnCrowd(crowd) }
        }
        for peer in rawPeers { network.close(peer) }
        settle()
    }

    func checkThatNothingIsLeft() {
        for shard in 0..<group.count {
            let loop = group.loop(shard)
            if loop.linkCount > 0 { fault("shard \(shard) has \(loop.linkCount) connections left") }
            if loop.queuedBytes > 0 { fault("shard \(shard) has \(loop.queuedBytes) octets queued for nobody") }
            if !group.isEmpty(shard) { fault("the router of shard \(shard) has something left of sessions") }
        }
        for crowd in crowds where crowd.loop.linkCount > 0 { fault("a client has a connection left") }
        if network.openDescriptors != group.count { fault("\(network.openDescriptors - group.count) descriptors leak") }
        group.stop()
        for shard in 0..<group.count {
            var turns = 0
            while group.turn(shard), turns < 100 { turns += 1 }
            if turns == 100 { fault("shard \(shard) does not stop") }
        }
    }
}
