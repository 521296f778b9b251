import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload

extension FleetShard {
    /// Whether clients wait for their first connection.
    var isOpening: Bool { fleet.value.nextToOpen < fleet.value.count && !isClosing }

    /// Begins as many connections as the ramp and the bound on pending handshakes allow.
    func openMore() {
        guard isOpening else { return }
        let elapsed = Double(meter.value.time &- openedSince) / 1_000_000_000
        let allowed = Int(min(elapsed * setting.connectRate + 1, Double(fleet.value.count)))
        let pendingLimit = max(1, setting.configuration.pendingHandshakes / setting.plan.shards)
        while fleet.value.nextToOpen < allowed, fleet.value.pending < pendingLimit {
            let client = fleet.value.nextToOpen
            fleet.value.nextToOpen += 1
            open(client)
        }
    }

    func open(_ client: Int) {
        let sources = setting.sources
        let source = sources.isEmpty ? nil : sources[connectsBegun % sources.count]
        connectsBegun += 1
        fleet.value.states[client] = .opening
        fleet.value.openedAt[client] = meter.value.time
        fleet.value.pending += 1
        do throws(SystemError) {
            fleet.value.bind(
                client,
                to: try loop.connect(
                    to: address(of: client), from: source,
                    receiveBuffer: isLaggard(client) ? FleetShard.laggardBuffer : nil,
                    opening: logins.value.opening(of: client)))
        } catch {
            if disown(client) { control.note(.ended(.refused(errno: error.code))) }
            gone(client, after: .opening)
        }
    }

    private func address(of client: Int) -> SocketAddress {
        switch fleet.value.roles[client] {
        case .subscriber, .stuckSubscriber, .callee: setting.receiverAddress
        case .publisher, .caller, .visitor, .echoer, .listener: setting.address
        }
    }

    /// The connection is upgraded.
    func opened(_ client: Int, subprotocol: Int) {
        let link = fleet.value.links[client]
        if setting.configuration.deflate != nil, !loop.isCompressed(link) {
            fail(client, .uncompressed)
        } else if scenario.isBare {
            openedBare(client, subprotocol: subprotocol)
        } else if subprotocol < 0 {
            fail(client, .noSubprotocol(wanted: serializer.subprotocol))
        } else if let limit = loop.peerLimit(of: link),
            limit < setting.configuration.workload.payload.largestBytes(serializer) + FleetShard.envelope
        {
            fail(client, .tooSmall(limit: limit))
        } else {
            fleet.value.states[client] = .joining
            let hello = greeting(of: client)
            message.value.begin(kind)
            message.value.payload.append(hello.span)
            _ = loop.send(&message.value, to: link)
        }
    }

    /// Octets that a message has beside its payload, at most.
    private static let envelope = 400

    /// The session is open.
    func welcomed(_ client: Int) {
        guard fleet.value.states[client] == .joining else { return noteStray(client, "WELCOME", .repeated) }
        let uris = uris
        message.value.begin(kind)
        switch fleet.value.roles[client] {
        case .publisher, .caller, .echoer, .listener:
            becomeReady(client)
            return
        case .visitor:
            visited(client)
            return
        case .subscriber(_, let topic), .stuckSubscriber(let topic):
            MessageWriter.subscribe(serializer, request: 1, topic: uris[topic], into: &message.value.payload)
        case .callee(let procedure):
            MessageWriter.register(
                serializer, request: 1, procedure: uris[procedure], into: &message.value.payload)
        }
        fleet.value.states[client] = .preparing
        _ = loop.send(&message.value, to: fleet.value.links[client])
    }

    /// SUBSCRIBED or REGISTERED, with the id that was granted.
    func prepared(_ client: Int, _ name: String, _ request: RequestID, _ granted: UInt64) {
        guard name == acknowledgement(of: client) else { return noteStray(client, name, .unasked) }
        guard fleet.value.states[client] == .preparing else {
            return noteStray(client, name, fleet.value.granted[client] == 0 ? .unasked : .repeated)
        }
        // There is no other request that it could be the answer to.
        if request != 1 { noteStray(client, name, .foreignRequest(request.value)) }
        fleet.value.granted[client] = granted
        becomeReady(client)
        holdLaggard(client)
    }

    /// What makes a client ready behind its WELCOME; `nil` where nothing more is needed.
    private func acknowledgement(of client: Int) -> String? {
        switch fleet.value.roles[client] {
        case .subscriber, .stuckSubscriber: "SUBSCRIBED"
        case .callee: "REGISTERED"
        case .publisher, .caller, .visitor, .echoer, .listener: nil
        }
    }

    /// The messages that the first clients wait for that are not ready. Whether they are lost or late nobody can tell.
    var awaited: [MessageFault.Path] {
        let paths = fleet.value.states.indices.lazy.compactMap { [self] client -> MessageFault.Path? in
            let role = fleet.value.roles[client]
            switch fleet.value.states[client] {
            case .joining: return .message("WELCOME", to: role)
            case .preparing: return acknowledgement(of: client).map { .message($0, to: role) }
            case .idle, .opening, .ready, .leaving, .closing, .failed, .gone: return nil
            }
        }
        return Array(paths.prefix(FaultList.capacity))
    }

    func becomeReady(_ client: Int) {
        fleet.value.states[client] = .ready
        fleet.value.pending -= 1
        fleet.value.ready += 1
    }

    // MARK: Ending

    /// The client's connection is of no use; the first reason is the one that counts.
    func fail(_ client: Int, _ failure: ConnectionFailure) {
        guard disown(client) else { return }
        fleet.value.states[client] = .failed
        control.note(failure)
        loop.close(fleet.value.links[client], code: .normalClosure)
    }

    func closed(_ client: Int, _ end: LinkEnd) {
        let state = fleet.value.states[client]
        if noteStuckEnd(client, end) { return }
        if disown(client) { control.note(reason(end)) }
        gone(client, after: state)
    }

    /// The client has no connection any more; a visitor comes again.
    private func gone(_ client: Int, after state: ClientState) {
        fleet.value.states[client] = .gone
        if !logins.value.isEmpty { logins.value.forget(client) }
        guard scenario == .connect, isLoading else { return }
        switch state {
        case .leaving, .closing: visit(client)
        case .opening, .joining, .preparing, .failed, .ready: visitAgain(client)
        case .idle, .gone: break
        }
    }

    private func reason(_ end: LinkEnd) -> ConnectionFailure {
        guard case .handshake = end else { return .ended(end) }
        return .notUpgraded(
            end, offered: scenario.isBare ? setting.configuration.subprotocol ?? "" : serializer.subprotocol)
    }

    /// Takes a client that is not leaving out of the counts; false where it was out of them.
    private func disown(_ client: Int) -> Bool {
        switch fleet.value.states[client] {
        case .opening, .joining, .preparing:
            fleet.value.pending -= 1
            if scenario == .connect, hasLoaded, !isClosing { visits.value.fail(at: meter.value.time) }
        case .ready:
            fleet.value.ready -= 1
            fleet.value.lost += 1
            forgetAcknowledgement(client)
        case .idle, .leaving, .closing, .failed, .gone: return false
        }
        return !isClosing
    }

    /// Says goodbye and, where nothing answers to that, closes.
    func leave(_ client: Int) {
        fleet.value.ready -= 1
        let link = fleet.value.links[client]
        if scenario.isBare {
            fleet.value.states[client] = .closing
            loop.close(link, code: .normalClosure)
        } else {
            fleet.value.states[client] = .leaving
            message.value.begin(kind)
            MessageWriter.goodbye(serializer, reason: PredefinedURI.closeRealm.text, into: &message.value.payload)
            _ = loop.send(&message.value, to: link)
        }
    }

    /// The router has answered a GOODBYE. The connection is closed behind what came with the answer, which is read so.
    func goodbyeAnswered(_ client: Int) {
        fleet.value.states[client] = .closing
        farewells.append(fleet.value.links[client])
        if isClosing { farewellAt = meter.value.time }
    }

    func closeFarewells() {
        guard !farewells.isEmpty else { return }
        for link in farewells { loop.close(link, code: .normalClosure) }
        farewells.removeAll(keepingCapacity: true)
    }

    /// The time to close is over. Who has no answer while the router has answered nobody for half of that time has lost it; a
    /// router that is at work still is slow.
    func noteUnansweredGoodbyes() {
        let patience = setting.configuration.workload.phases.closeTimeout / 2
        guard let farewellAt, meter.value.time &- farewellAt >= patience else { return }
        for client in 0..<fleet.value.count where fleet.value.states[client] == .leaving {
            if case .stuckSubscriber = fleet.value.roles[client] { continue }
            noteStray(client, "GOODBYE", .lost(1))
        }
    }

    func leaveAll() {
        for client in 0..<fleet.value.count {
            switch fleet.value.states[client] {
            case .ready: leave(client)
            case .opening, .joining, .preparing: loop.close(fleet.value.links[client], code: .normalClosure)
            case .idle, .leaving, .closing, .failed, .gone: break
            }
        }
    }
}
