import RennbahnBytes
import RennbahnCrypto
package import RennbahnReactor
package import RennbahnTLS
import RennbahnWebSocket
import RennbahnWebSocketDeflate

extension LinkLoop {
    /// How long a listening socket rests when descriptors or memory have run out.
    private static let acceptRest: UInt64 = 100_000_000

    /// Takes connections from a listening socket from now on; the loop closes it.
    ///
    /// - Parameters:
    ///   - tls: `nil`: bytes go as they are.
    ///   - profile: index of what its connections are, in the order that the loop was made with.
    package func listen(on listener: Descriptor, tls: TLSContext? = nil, profile: Int = 0) throws(SystemError) {
        precondition(listens && profiles.indices.contains(profile), "a loop that listens needs an accept profile")
        listeners.append(Listener(descriptor: listener, tls: tls, profile: profile))
        // Accepted connections inherit it: one system call for all instead of one for each.
        if profiles[profile].options.noDelay, try !kernel.boundAddress(of: listener).isUNIX {
            try kernel.setNoDelay(listener)
        }
        try watchListener(listeners.count - 1)
    }

    private func watchListener(_ index: Int) throws(SystemError) {
        // Several loops may watch the socket at a UNIX path: a connection shall not wake them all.
        try poller.value.add(
            listeners[index].descriptor, token: Token.descriptor(.listener, UInt64(index)),
            interest: [.read, .exclusive])
    }

    /// Closes the listening sockets; the connections stay.
    package func stopListening() {
        for listener in listeners {
            if !acceptsPaused { try? poller.value.remove(listener.descriptor) }
            kernel.close(listener.descriptor)
        }
        listeners.removeAll()
    }

    /// Drops the connections whose opening handshake is not done; an answer of a web service may be finished.
    package func closeUnopened() {
        for slot in 0..<links.value.usedSlots where links.value.contains(slot) {
            switch links.value[slot].phase {
            case .connecting, .securing, .awaitingRequest, .awaitingResponse: end(slot, .dropped)
            case .answering: exchanges[slot]?.keepsAlive = false
            case .open, .closing, .draining, .ended: break
            }
        }
    }

    /// The name of the subprotocol that a connection agreed on; `nil` where there is none.
    package func subprotocolName(of id: LinkID) -> String? {
        guard let slot = slot(id), links.value[slot].subprotocol >= 0 else { return nil }
        let index = Int(links.value[slot].subprotocol)
        return links.value[slot].isServer ? profile(slot).subprotocols[index] : connectProfile?.subprotocols[index]
    }

    /// Index of what an accepted connection was accepted by.
    package func profileIndex(of id: LinkID) -> Int? {
        guard let slot = slot(id), links.value[slot].isServer else { return nil }
        return Int(links.value[slot].profile)
    }

    /// What a connection was accepted by; of a client, what holds without one.
    func profile(_ slot: Int) -> AcceptProfile { profiles[Int(links.value[slot].profile)] }

    // The opening of connections stays out of the loop over messages, which is small without it.
    @inline(never)
    func acceptAll(from index: Int) {
        guard index < listeners.count else { return }
        for _ in 0..<limits.acceptsPerTurn {
            switch kernel.accept(listeners[index].descriptor) {
            case .accepted(let descriptor): admit(descriptor, by: listeners[index])
            case .wouldBlock: return
            case .retry: continue
            case .exhausted, .failed:
                counters.value.refused += 1
                restListeners()
                return
            }
        }
    }

    private func admit(_ descriptor: Descriptor, by listener: Listener) {
        counters.value.accepted += 1
        let quota = profiles[listener.profile].quota
        guard quota?.take() ?? true else {
            turnAway(descriptor)
            return
        }
        let phase = listener.tls == nil ? Link.Phase.awaitingRequest : .securing
        guard
            let slot = insert(
                descriptor, role: .server, phase: phase, interest: [.read], profile: listener.profile)
        else {
            quota?.giveBack()
            turnAway(descriptor)
            return
        }
        traceAccepted(slot)
        if let tls = listener.tls { beginSecuring(slot, tls) }
    }

    private func turnAway(_ descriptor: Descriptor) {
        counters.value.refused += 1
        kernel.resetOnClose(descriptor)
        kernel.close(descriptor)
    }

    /// Gives a descriptor a slot, its place in the poller and its handshake timer; `nil` when there is no room.
    func insert(
        _ descriptor: Descriptor, role: Role, phase: Link.Phase, interest: Interest, profile: Int = 0
    ) -> Int? {
        // The slot is not known before the insertion, the generation not before the slot.
        let link = Link(
            descriptor: descriptor, generation: 0, role: role, phase: phase, interest: interest,
            maxMessageSize: limits.maxMessageSize)
        guard let slot = links.value.insert(link) else { return nil }
        while generations.count <= slot { generations.append(0) }
        generations[slot] = (generations[slot] + 1) & 0x0fff_ffff
        links.value[slot].generation = generations[slot]
        links.value[slot].profile = UInt16(truncatingIfNeeded: profile)
        let value = Token.value(slot: slot, generation: generations[slot])
        do {
            try poller.value.add(descriptor, token: Token.descriptor(.link, value), interest: interest)
        } catch {
            _ = links.value.remove(slot)
            return nil
        }
        armHandshakeTimer(slot, profiles[profile].openHandshakeTimeout ?? limits.openHandshakeTimeout)
        return slot
    }

    private func restListeners() {
        guard !acceptsPaused else { return }
        acceptsPaused = true
        for listener in listeners { try? poller.value.remove(listener.descriptor) }
        _ = timers.value.schedule(token: Token.timer(.accept, 0), deadline: now + LinkLoop.acceptRest)
    }

    func resumeAccepting() {
        acceptsPaused = false
        for index in listeners.indices { try? watchListener(index) }
    }

    // MARK: The opening handshake, server side

    @inline(never)
    func readRequest(_ slot: Int) -> LinkEvent? {
        switch readRawSocketRequest(slot) {
        case .http: break
        case .nothingYet: return nil
        case .opened(let event): return event
        }
        let head: Range<Int>
        do {
            guard let found = try headRange() else {
                noteBegunRequest(slot)
                finishReading(slot)
                return nil
            }
            head = found
        } catch {
            refuse(slot, .headTooLarge)
            return nil
        }
        turn.value.window = head.upperBound..<turn.value.window.upperBound
        tracer(slot)?.handshake(.received, id(slot), inputBytes.extracting(head))
        do {
            let place = links.value[slot].profile
            let fields = try UpgradeRequest.readHead(inputBytes.extracting(head))
            if try answerRequest(slot, fields) { return nil }
            // Whom the path led to is told now what came.
            if place != links.value[slot].profile {
                tracer(slot)?.handshake(.received, id(slot), inputBytes.extracting(head))
            }
            return try upgrade(slot, UpgradeRequest(fields))
        } catch .upgradeRequired where profiles[Int(links.value[slot].profile)].options.showsStatusPage {
            showStatus(slot)
            return nil
        } catch {
            refuse(slot, error)
            return nil
        }
    }

    /// The head at the start of the unread bytes, once it is whole.
    func headRange() throws(HTTPHeadSearch.TooLarge) -> Range<Int>? {
        let window = turn.value.window
        var search = HTTPHeadSearch(limit: limits.maxHeaderSize)
        guard let count = try search.end(in: inputBytes.extracting(window)) else { return nil }
        return window.lowerBound..<window.lowerBound + count
    }

    private func upgrade(_ slot: Int, _ request: UpgradeRequest) throws(UpgradeRefusal) -> LinkEvent? {
        let profile = profile(slot)
        try profile.options.check(request)
        let chosen = request.protocols.lazy.compactMap { profile.subprotocols.firstIndex(of: $0) }.first
        if chosen == nil, profile.requiresSubprotocol {
            throw .badRequest("none of the offered subprotocols is spoken here")
        }
        let offers: [DeflateOffer]
        do {
            offers = try DeflateOffer.offers(in: request.extensions)
        } catch {
            throw .badRequest("malformed permessage-deflate offer")
        }
        let agreed = profile.deflate?.accept(offers)
        let digest = SHA1.digest(AcceptKey.acceptInput(key: request.key))
        var fields = profile.options.serverName.map { [(name: "Server", value: $0)] } ?? []
        if let cookie = giveCookie(slot, request.head) { fields.append(("Set-Cookie", cookie)) }
        var response = ByteBuffer(capacity: 256)
        UpgradeResponse.append(
            accept: AcceptKey.value(forDigest: digest.span), subprotocol: chosen.map { profile.subprotocols[$0] },
            extensions: agreed?.header, fields: fields, to: &response
        )
        tracer(slot)?.handshake(.sent, id(slot), response.span)
        pool.value.append(response.span, to: &links.value[slot].output)
        markDirty(slot)
        return open(
            slot, subprotocol: chosen ?? -1, deflate: agreed?.agreement, policy: profile.deflate,
            validatesText: profile.validatesText)
    }

    private func refuse(_ slot: Int, _ refusal: UpgradeRefusal) {
        var response = ByteBuffer(capacity: 256)
        refusal.append(to: &response)
        tracer(slot)?.handshake(.sent, id(slot), response.span)
        pool.value.append(response.span, to: &links.value[slot].output)
        beginDraining(slot, .handshake(status: refusal.status, reason: refusal.explanation.description))
    }

    // MARK: Both sides

    /// The opening handshake is done: from here on there are frames.
    func open(
        _ slot: Int, subprotocol: Int, deflate: DeflateAgreement?, policy: DeflatePolicy?, validatesText: Bool
    ) -> LinkEvent {
        if let timer = links.value[slot].timer { timers.value.cancel(timer) }
        links.value[slot].timer = nil
        links.value[slot].phase = .open
        if !exchanges.isEmpty { exchanges[slot] = nil }
        links.value[slot].subprotocol = Int16(clamping: subprotocol)
        let role = links.value[slot].role
        settle(slot, role, compression: deflate != nil, validatesText: validatesText)
        if let deflate {
            let isServer = links.value[slot].isServer
            let sendBits = isServer ? deflate.serverMaxWindowBits : deflate.clientMaxWindowBits
            let receiveBits = isServer ? deflate.clientMaxWindowBits : deflate.serverMaxWindowBits
            let sendTakeover = !(isServer ? deflate.serverNoContextTakeover : deflate.clientNoContextTakeover)
            let receiveTakeover = !(isServer ? deflate.clientNoContextTakeover : deflate.serverNoContextTakeover)
            links.value[slot].sendWindowBits = UInt8(sendBits)
            links.value[slot].sendTakeover = sendTakeover
            links.value[slot].compressionThreshold = UInt32(clamping: policy?.threshold ?? 0)
            links.value[slot].deflater = Deflater(
                windowBits: sendBits, memoryLevel: policy?.memoryLevel ?? 8, level: policy?.level ?? 6,
                contextTakeover: sendTakeover)
            links.value[slot].inflater = Inflater(windowBits: receiveBits, contextTakeover: receiveTakeover)
        }
        counters.value.opened += 1
        return .opened(id(slot), subprotocol: subprotocol)
    }
}
