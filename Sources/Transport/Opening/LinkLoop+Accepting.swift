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
        precondition(accepts.indices.contains(profile), "a loop that listens needs an accept profile")
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

    /// The name of the subprotocol that a connection agreed on; `nil` where there is none.
    package func subprotocolName(of id: LinkID) -> String? {
        guard let slot = slot(id), links.value[slot].subprotocol >= 0 else { return nil }
        return profile(slot).subprotocols[Int(links.value[slot].subprotocol)]
    }

    // The opening of connections stays out of the loop over messages, which is small without it.
    @inline(never)
    func acceptAll(from index: Int) {
        guard index < listeners.count else { return }
        for _ in 0..<limits.acceptsPerTurn {
            switch kernel.accept(listeners[index].descriptor) {
            case .accepted(let descriptor): admit(descriptor, by: listeners[index])
            case .wouldBlock: return
            case .retry: continue
            case .exhausted(let error), .failed(let error):
                counters.value.refused += 1
                counters.value.failedAccepts += 1
                counters.value.acceptErrno = error.code
                restListeners()
                return
            }
        }
    }

    private func admit(_ descriptor: Descriptor, by listener: Listener) {
        counters.value.accepted += 1
        var entry: LinkAddresses.Entry?
        guard enter(descriptor, by: listener, &entry) else {
            turnAway(descriptor)
            return
        }
        let quota = accepts[listener.profile].quota
        guard quota?.take() ?? true else {
            leave(entry, profile: listener.profile)
            turnAway(descriptor)
            return
        }
        // Nobody's handshake shall end for one that is not taken.
        guard listener.tls == nil || makesRoomForHandshake(of: entry) else {
            quota?.giveBack()
            leave(entry, profile: listener.profile)
            turnAway(descriptor)
            return
        }
        let life = ConnectionLife(role: .server, isSecure: listener.tls != nil)
        guard let slot = insert(descriptor, life, profile: listener.profile) else {
            quota?.giveBack()
            leave(entry, profile: listener.profile)
            turnAway(descriptor)
            return
        }
        addresses[slot] = entry
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
        _ descriptor: Descriptor, _ life: ConnectionLife, profile: Int
    ) -> Int? {
        // The slot is not known before the insertion, the generation not before the slot.
        let link = Link(
            descriptor: descriptor, generation: 0, life: life, maxMessageSize: limits.maxMessageSize)
        guard let slot = links.value.insert(link) else { return nil }
        while generations.count <= slot { generations.append(0) }
        generations[slot] = (generations[slot] + 1) & 0x0fff_ffff
        links.value[slot].generation = generations[slot]
        links.value[slot].profile = UInt16(truncatingIfNeeded: profile)
        let value = Token.value(slot: slot, generation: generations[slot])
        do {
            try poller.value.add(descriptor, token: Token.descriptor(.link, value), interest: life.interest)
        } catch {
            _ = links.value.remove(slot)
            return nil
        }
        carryOut(life.beginning, slot)
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
            let emptyLines = HTTPHeadSearch.emptyLines(before: inputBytes.extracting(turn.value.window))
            guard let found = try headRange(behind: emptyLines) else {
                waitForHead(slot, behind: emptyLines)
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
            guard noteForwarded(slot, fields) else { return nil }
            if try answerRequest(slot, fields) { return nil }
            // Whom the path led to is told now what came.
            if place != links.value[slot].profile {
                tracer(slot)?.handshake(.received, id(slot), inputBytes.extracting(head))
            }
            return try upgrade(slot, UpgradeRequest(fields))
        } catch .upgradeRequired where profile(slot).options.showsStatusPage {
            showStatus(slot)
            return nil
        } catch {
            refuse(slot, error)
            return nil
        }
    }

    /// The head of a request is not whole. What is left of an answer to one before, an empty line, begins none: it is passed
    /// over, and the next request has its time.
    private func waitForHead(_ slot: Int, behind emptyLines: Int) {
        var isBetween = false
        if case .betweenRequests = links.value[slot].life.phase { isBetween = true }
        if isBetween, HTTPHeadSearch.beginsNone(inputBytes.extracting(turn.value.window)) {
            turn.value.window = (turn.value.window.lowerBound + emptyLines)..<turn.value.window.upperBound
            finishReading(slot)
        } else {
            finishReading(slot)
            carryOut(links.value[slot].life.requestBegun(), slot)
        }
    }

    /// The head at the start of the unread bytes, once it is whole.
    ///
    /// - Parameter skipped: octets in front of it, which stay unread until then.
    func headRange(behind skipped: Int = 0) throws(HTTPHeadSearch.TooLarge) -> Range<Int>? {
        let start = turn.value.window.lowerBound + skipped
        var search = HTTPHeadSearch(limit: limits.maxHeaderSize)
        guard let count = try search.end(in: inputBytes.extracting(start..<turn.value.window.upperBound)) else {
            return nil
        }
        return start..<start + count
    }

    private func upgrade(_ slot: Int, _ request: UpgradeRequest) throws(UpgradeRefusal) -> LinkEvent? {
        let profile = accepts[Int(links.value[slot].profile)]
        try profile.link.options.check(request)
        let chosen = request.protocols.lazy.compactMap { profile.link.subprotocols.firstIndex(of: $0) }.first
        if chosen == nil, profile.requiresSubprotocol {
            throw .badRequest("none of the offered subprotocols is spoken here")
        }
        let agreed = profile.link.deflate?.accept(DeflateOffer.offers(in: request.extensions))
        let digest = SHA1.digest(AcceptKey.acceptInput(key: request.key))
        var fields = profile.link.options.serverName.map { [(name: "Server", value: $0)] } ?? []
        if let cookie = giveCookie(slot, request.head) { fields.append(("Set-Cookie", cookie)) }
        var response = ByteBuffer(capacity: 256)
        if request.expectsContinue { UpgradeResponse.appendContinue(to: &response) }
        UpgradeResponse.append(
            accept: AcceptKey.value(forDigest: digest.span), subprotocol: chosen.map { profile.link.subprotocols[$0] },
            extensions: agreed?.header, fields: fields, to: &response
        )
        tracer(slot)?.handshake(.sent, id(slot), response.span)
        pool.value.append(response.span, to: &links.value[slot].output)
        markDirty(slot)
        return open(slot, subprotocol: chosen ?? -1, deflate: agreed?.agreement)
    }

    private func refuse(_ slot: Int, _ refusal: UpgradeRefusal) {
        var response = ByteBuffer(capacity: 256)
        refusal.append(to: &response)
        tracer(slot)?.handshake(.sent, id(slot), response.span)
        pool.value.append(response.span, to: &links.value[slot].output)
        let reason = LinkEnd.handshake(status: refusal.status, reason: refusal.explanation.description)
        carryOut(links.value[slot].life.lastWordQueued(reason), slot)
    }

    // MARK: Both sides

    /// The opening handshake is done: from here on there are frames.
    func open(_ slot: Int, subprotocol: Int, deflate: DeflateAgreement?) -> LinkEvent {
        carryOut(links.value[slot].life.opened(), slot)
        exchanges.forget(slot)
        noteOpened(slot)
        links.value[slot].subprotocol = Int16(clamping: subprotocol)
        settle(slot, compression: deflate != nil)
        if let deflate {
            let policy = profile(slot).deflate
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
