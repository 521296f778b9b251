import RennbahnBytes
import RennbahnCrypto
package import RennbahnReactor
import RennbahnWeb
import RennbahnWebSocket

extension LinkLoop {
    /// Begins to open a connection as the connect profile says; ``LinkEvent/opened(_:subprotocol:)`` or
    /// ``LinkEvent/closed(_:_:)`` tells how it went.
    ///
    /// - Parameters:
    ///   - source: the local address to connect from, where one address has too few ports.
    ///   - receiveBuffer: bytes that the kernel may keep for us (SO_RCVBUF); `nil` leaves that to it.
    ///   - opening: what this connection's opening has of its own; `nil`: nothing.
    package func connect(
        to address: SocketAddress, from source: SocketAddress? = nil, receiveBuffer: Int32? = nil,
        opening: OwnOpening? = nil
    ) throws(SystemError) -> LinkID {
        precondition(connectProfile != nil, "a loop that connects needs a connect profile")
        let (descriptor, inProgress) = try kernel.connect(to: address, from: source)
        if let receiveBuffer { kernel.setReceiveBuffer(descriptor, receiveBuffer) }
        let life = ConnectionLife(role: .client, hasConnectTimeout: connectProfile?.connectTimeout != nil)
        guard let slot = insert(descriptor, life, profile: profiles.count - 1) else {
            kernel.close(descriptor)
            throw SystemError(code: SystemError.noRoom, operation: "connect")
        }
        if let opening { openings[slot] = opening }
        let id = id(slot)
        if !inProgress { finishConnecting(slot) }
        return id
    }

    /// The TCP connection is made, or is not to be had.
    func finishConnecting(_ slot: Int) {
        // A peer that has reset the connection by now may have said why before that: it is read as if the connection stood.
        if let error = kernel.connectError(links.value[slot].descriptor), !SystemError.isPeerGone(error.code) {
            transportEnded(slot, errno: error.code)
            return
        }
        let context = openings[slot]?.tls ?? connectProfile?.tls
        carryOut(links.value[slot].life.connected(toSecure: context != nil), slot)
        // A UNIX socket has no such option, and needs none.
        if profile(slot).options.noDelay { _ = try? kernel.setNoDelay(links.value[slot].descriptor) }
        if let context { startSecuring(slot, context) } else { sendRequest(slot) }
    }

    func sendRequest(_ slot: Int) {
        guard let profile = connectProfile else { return }
        if let policy = profile.rawSocket {
            sendRawSocketRequest(slot, policy)
            return
        }
        var nonce = [UInt8](repeating: 0, count: 16)
        SecureRandom.fillBytes(&nonce)
        let key = AcceptKey.key(nonce: nonce.span)
        let accept = AcceptKey.value(forDigest: SHA1.digest(AcceptKey.acceptInput(key: key)).span)
        links.value[slot].withRare { $0.expectedAccept = accept }
        let fields = openings[slot].map { profile.fields.overridden(by: $0.fields) } ?? profile.fields
        var request = ByteBuffer(capacity: 512)
        UpgradeRequest.append(
            path: profile.path, host: profile.host, key: key, protocols: profile.link.subprotocols,
            extensions: profile.link.deflate?.offer(), fields: fields.map { ($0.name, $0.value) }, to: &request)
        tracer(slot)?.handshake(.sent, id(slot), request.span)
        pool.value.append(request.span, to: &links.value[slot].output)
        markDirty(slot)
    }

    @inline(never)
    func readResponse(_ slot: Int) -> LinkEvent? {
        guard let profile = connectProfile else { return nil }
        if let policy = profile.rawSocket { return readRawSocketAnswer(slot, policy) }
        let head: Range<Int>
        do {
            guard let found = try headRange() else {
                finishReading(slot)
                return nil
            }
            head = found
        } catch {
            turn.value.current = -1
            end(slot, .handshake(status: 0, reason: "the response head is too large"))
            return nil
        }
        turn.value.window = head.upperBound..<turn.value.window.upperBound
        tracer(slot)?.handshake(.received, id(slot), inputBytes.extracting(head))
        do {
            let response = try UpgradeResponse.parse(
                inputBytes.extracting(head), accept: links.value[slot].withRare { $0.expectedAccept },
                protocols: profile.link.subprotocols, deflate: profile.link.deflate)
            finishOpening(slot)
            let subprotocol = response.subprotocol.flatMap { profile.link.subprotocols.firstIndex(of: $0) } ?? -1
            return open(slot, subprotocol: subprotocol, deflate: response.deflate)
        } catch {
            if error.isInterim, links.value[slot].withRare({ $0.takesInterimAnswer() }) { return nil }
            turn.value.current = -1
            end(slot, error.linkEnd)
            return nil
        }
    }

    /// A connection is open: what its opening alone needed goes, and the next one resumes its TLS session, if that is not one of
    /// its own.
    func finishOpening(_ slot: Int) {
        links.value[slot].forgetOpening()
        let own = openings.isEmpty ? nil : openings.removeValue(forKey: slot)
        if links.value[slot].isSecure, own?.tls == nil { keepTicket(slot) }
    }
}

extension UpgradeFailure {
    var linkEnd: LinkEnd {
        switch self {
        case .malformed: .handshake(status: 0, reason: description)
        case .status(let status, let reason, let retryAfter, let advice):
            .handshake(
                status: status, reason: reason + (advice.map { "; \($0)" } ?? ""),
                retryAfter: retryAfter.flatMap { RetryAfter.seconds($0, now: WallClock.now() / 1_000_000_000) })
        case .notUpgraded, .wrongAccept, .unexpectedSubprotocol, .unexpectedExtension, .unacceptableDeflate:
            .handshake(status: 101, reason: description)
        }
    }
}
