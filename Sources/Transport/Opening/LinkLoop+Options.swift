import RennbahnBytes
import RennbahnWeb
import RennbahnWebSocket

// Where ``WebSocketOptions`` come to bear on a connection before its first message.

extension LinkLoop {
    /// Settles how a connection that opens reads and writes.
    func settle(_ slot: Int, compression: Bool) {
        let profile = profile(slot)
        let options = profile.options
        let role = links.value[slot].role
        let isServer = links.value[slot].isServer
        links.value[slot].reader = MessageReader(
            role: role, maxMessageSize: profile.maxMessageSize ?? limits.maxMessageSize, compression: compression,
            validatesText: profile.validatesText && options.validatesUTF8, maxFrameSize: options.maxFrameSize,
            acceptsEitherMasking: isServer && !options.requiresMaskedClientFrames, appliesMask: options.appliesMask,
            isTraced: profile.tracer != nil, isCounted: beginRation(slot))
        let isShaped = options.shape(role) != nil || profile.tracer != nil
        links.value[slot].sendWay = isShaped ? .shaped : compression ? .compressed : isServer ? .plain : .masked
        if let ping = options.autoPing { armPing(slot, now + ping.interval) }
    }

    /// Bounds the messages that a connection brings from now on to so many octets, on the wire and inflated, and to what its
    /// transport says; `nil`: to that alone.
    package func limitMessages(of id: LinkID, to octets: Int?) {
        guard let slot = openSlot(id) else { return }
        let most = largestMessage(slot)
        links.value[slot].reader.limitMessages(to: octets.map { min($0, most) } ?? most)
    }

    /// Octets of a message, as the transport says.
    private func largestMessage(_ slot: Int) -> Int {
        let index = Int(links.value[slot].profile)
        switch links.value[slot].sendWay {
        case .rawSocket:
            let policy = links.value[slot].isServer ? accepts[index].rawSocket : connectProfile?.rawSocket
            if let policy { return policy.announcedSize }
        case .plain, .compressed, .masked, .shaped: break
        }
        return profiles[index].maxMessageSize ?? limits.maxMessageSize
    }

    /// Whether text that is not UTF-8 fails the connection as such: `validate_utf8`.
    package func validatesUTF8(_ id: LinkID) -> Bool {
        slot(id).map { profile($0).options.validatesUTF8 } ?? true
    }

    /// Answers a plain GET with a page that says what is here.
    func showStatus(_ slot: Int) {
        let options = profile(slot).options
        let name = options.serverName ?? "Rennbahn"
        let place = options.url.map { "connect to <code>\(WebResponse.escaped($0))</code>" } ?? "connect to it"
        let page = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>\(name)</title></head>
            <body><h1>\(name)</h1><p>This is a WebSocket endpoint: \(place) with a WAMP client.</p></body></html>

            """
        var answer = HTTPAnswer(status: 200, phrase: "OK")
        if let name = options.serverName { answer.add("Server", name) }
        answer.add("Connection", "close")
        answer.add("Cache-Control", "no-store")
        var response = ByteBuffer(capacity: 512)
        answer.end(type: "text/html; charset=utf-8", body: page, in: &response)
        tracer(slot)?.handshake(.sent, id(slot), response.span)
        pool.value.append(response.span, to: &links.value[slot].output)
        let end = LinkEnd.handshake(status: 200, reason: "no upgrade was asked for: the status page")
        carryOut(links.value[slot].life.lastWordQueued(end), slot)
    }
}

extension WebSocketOptions {
    /// Refuses what a request's version, `Origin` or `Host` forbids.
    func check(_ request: UpgradeRequest) throws(UpgradeRefusal) {
        guard let version = request.version, versions.contains(version) else { throw .unsupportedVersion(versions) }
        switch origins.judge(request.origin) {
        case .allowed: break
        case .denied: throw .forbiddenOrigin
        }
        if let externalPort, let port = request.hostPort, port != externalPort {
            throw .badRequest("Host names another port than the external one")
        }
    }
}
