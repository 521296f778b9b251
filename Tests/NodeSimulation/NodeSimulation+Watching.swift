import RennbahnBytes
import RennbahnReactor
import RennbahnRouterNode
import RennbahnSimulationKit
import RennbahnTestKit
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
            if !ended(client, in: end) { fault("client \(client.number), \(client.stage), was ended: \(end)") }
            client.stage = .gone
        }
    }

    /// Whether a connection ended as it had to. Its network loses nothing, and the clock hardly moves before all leave.
    private func ended(_ client: SimulatedClient, in end: LinkEnd) -> Bool {
        switch (client.stage, end) {
        case (.leaving(.inOrder), .closed), (.leaving(.hangingUp), .dropped): true
        // A router that goes down does not wait for ever, and refuses who is on the way.
        case (.leaving(.withRouter), _): true
        case (_, _): false
        }
    }

    private func take(_ message: WAMPValue, _ client: SimulatedClient) {
        let request = message[1]?.integerValue.map { UInt64($0) } ?? 0
        switch message[0]?.integerValue {
        case 2 where client.stage == .joining: client.stage = .joined
        // GOODBYE, or the answer to it: the transport is the client's to close.
        case 6: client.crowd.loop.close(client.link, code: .normalClosure)
        case 8: failed(message, client)
        case 17: answered(request, client) { $0 == .publish }
        case 33:
            answered(request, client) { pending in
                guard case .subscribe(let topic) = pending else { return false }
                let id = message[2]?.integerValue.map { UInt64($0) } ?? 0
                if client.topics[id] == nil { client.topics[id] = (topic, step) }
                return true
            }
        case 35: answered(request, client) { $0 == .unsubscribe }
        case 36: event(message, client)
        case 50:
            results += 1
            answered(request, client) { $0 == .call(token: message[3]?[0]?.integerValue.map { Int($0) } ?? -1) }
        case 65: answered(request, client) { $0 == .register }
        // Who has said GOODBYE says nothing more.
        case 68: if client.stage == .joined { client.send([70, message[1] ?? .null, [:], message[4] ?? []]) }
        default: fault("client \(client.number) got \(message)")
        }
    }

    /// Every request is answered once, by an answer of its kind.
    private func answered(_ request: UInt64, _ client: SimulatedClient, by fits: (SimulatedClient.Request) -> Bool) {
        guard let pending = client.pending.removeValue(forKey: request) else {
            return fault("client \(client.number) got a second answer to \(request), or one to nothing")
        }
        if !fits(pending) { fault("client \(client.number) got another answer than that to \(pending)") }
    }

    private func failed(_ message: WAMPValue, _ client: SimulatedClient) {
        let request = message[2]?.integerValue.map { UInt64($0) } ?? 0
        answered(request, client) { pending in
            guard message[1]?.integerValue == pending.code else { return false }
            switch (pending, message[4]) {
            // Somebody else has the procedure, or nobody, or who had it is gone.
            case (.register, "wamp.error.procedure_already_exists"), (.call, "wamp.error.no_such_procedure"),
                (.call, "wamp.error.canceled"):
                return true
            case (_, _): return false
            }
        }
    }

    private func event(_ message: WAMPValue, _ client: SimulatedClient) {
        events += 1
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
        for client in clients where client.stage == .joined && !client.pending.isEmpty {
            fault("client \(client.number) waits for answers to \(client.pending)")
        }
        for client in clients where client.stage == .connecting || client.stage == .joining {
            fault("client \(client.number) (\(client.crowd.serializer)) is \(client.stage) yet; \(network.waiting)")
        }
    }

    /// Everybody goes, each in a way of its own, or the router goes first; some raw peers stay silent until their time is over.
    func leave() {
        if random.chance(30) {
            group.stop()
            for client in clients where client.stage == .joined { client.stage = .leaving(.withRouter) }
        } else {
            for client in clients where client.stage == .joined {
                if random.chance(50) { close(client) } else { hangUp(client) }
            }
        }
        settle()
        // Longer than any time-out.
        for _ in 0..<90 {
            network.advance(1_000_000_000)
            network.deliverAll()
            for shard in 0..<group.count { turnShard(shard) }
            for crowd in crowds.indices { turnCrowd(crowd) }
        }
        checkThatTimeIsOver()
        for peer in rawPeers { network.close(peer) }
        settle()
    }

    /// Whoever never came as far as an open connection, or did not end one, has been dropped by now.
    private func checkThatTimeIsOver() {
        for shard in 0..<group.count {
            var open = 0
            group.loop(shard).forEachOpen { _ in open += 1 }
            if group.loop(shard).linkCount != open { fault("shard \(shard) waits for a peer without end") }
        }
    }

    func checkThatNothingIsLeft() {
        for shard in 0..<group.count {
            let loop = group.loop(shard)
            if loop.linkCount > 0 { fault("shard \(shard) has \(loop.linkCount) connections left") }
            if loop.queuedBytes > 0 { fault("shard \(shard) has \(loop.queuedBytes) octets queued for nobody") }
            if !ended.contains(shard), !group.isEmpty(shard) {
                fault("the router of shard \(shard) has something left of sessions")
            }
        }
        for crowd in crowds where crowd.loop.linkCount > 0 { fault("a client has a connection left") }
        // A shard that has ended has closed its listening socket.
        let left = network.openDescriptors - (group.count - ended.count)
        if left != 0 { fault("\(left) descriptors leak") }
        group.stop()
        for shard in 0..<group.count {
            var turns = 0
            while !ended.contains(shard), group.turn(shard), turns < 100 { turns += 1 }
            if turns == 100 { fault("shard \(shard) does not stop") }
        }
    }
}
