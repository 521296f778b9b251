import RennbahnBytes
import RennbahnReactor
package import RennbahnWebSocket

// WAMP over RawSocket: its handshake in the place of an HTTP request, and its frames. Whether a connection speaks it is
// settled at its first octet; from then on its reader and its ``Link/SendWay`` are those of RawSocket, and nobody asks.

/// What RawSocket is on a transport: what a listening one accepts, or, with one serializer, what a client asks for.
package struct RawSocketPolicy: Sendable {
    /// A serializer that is spoken.
    package struct Serializer: Sendable {
        /// Its number in the handshake.
        package var id: UInt8
        /// What its messages are.
        package var kind: MessageKind
        /// Index in ``LinkProfile/subprotocols``.
        package var subprotocol: Int

        package init(id: UInt8, kind: MessageKind, subprotocol: Int) {
            self.id = id
            self.kind = kind
            self.subprotocol = subprotocol
        }
    }

    package var serializers: [Serializer]
    /// Octets of a message: the largest power of two below is announced, and holds.
    package var maxMessageSize: Int

    package init(serializers: [Serializer], maxMessageSize: Int = RawSocketHeader.longestPayload) {
        precondition(maxMessageSize >= 1 << RawSocketHandshake.exponents.lowerBound && !serializers.isEmpty)
        self.serializers = serializers
        self.maxMessageSize = maxMessageSize
    }

    /// Octets of a message that the handshake announces.
    var announcedSize: Int { 1 << RawSocketHandshake.exponent(below: maxMessageSize) }
}

extension LinkLoop {
    enum RawSocketOpening {
        /// The connection speaks HTTP.
        case http
        /// It waits for more, or was refused.
        case nothingYet
        case opened(LinkEvent)
    }

    /// Looks at the first octets of a connection.
    func readRawSocketRequest(_ slot: Int) -> RawSocketOpening {
        let index = Int(links.value[slot].profile)
        guard let policy = accepts[index].rawSocket else { return .http }
        let window = turn.value.window
        switch RawSocketHandshake.request(inputBytes.extracting(window)) {
        case .foreign:
            guard case .nowhere = accepts[index].webSocket else { return .http }
            end(slot, .handshake(status: 0, reason: "the first octet is not that of RawSocket"))
        case .incomplete: finishReading(slot)
        case .refused(let error): refuseRawSocket(slot, error)
        case .complete(let request):
            guard let serializer = policy.serializers.first(where: { $0.id == request.serializer }) else {
                refuseRawSocket(slot, .serializerUnsupported)
                break
            }
            turn.value.window = (window.lowerBound + RawSocketHandshake.count)..<window.upperBound
            return .opened(openRawSocket(slot, request, policy, serializer))
        }
        return .nothingYet
    }

    private func openRawSocket(
        _ slot: Int, _ request: RawSocketHandshake, _ policy: RawSocketPolicy, _ serializer: RawSocketPolicy.Serializer
    ) -> LinkEvent {
        let answer = RawSocketHandshake(
            exponent: RawSocketHandshake.exponent(below: policy.maxMessageSize), serializer: serializer.id)
        queueHandshake(answer, slot)
        markDirty(slot)
        return beginRawSocket(slot, policy, serializer, peer: request)
    }

    func queueHandshake(_ handshake: RawSocketHandshake, _ slot: Int) {
        var octets = ByteBuffer(capacity: RawSocketHandshake.count)
        handshake.append(to: &octets)
        pool.value.append(octets.span, to: &links.value[slot].output)
    }

    /// The handshake is done: from here on there are frames.
    func beginRawSocket(
        _ slot: Int, _ policy: RawSocketPolicy, _ serializer: RawSocketPolicy.Serializer, peer: RawSocketHandshake
    ) -> LinkEvent {
        carryOut(links.value[slot].life.opened(), slot)
        noteOpened(slot)
        links.value[slot].subprotocol = Int16(clamping: serializer.subprotocol)
        links.value[slot].reader = MessageReader(
            rawSocket: serializer.kind, maxMessageSize: policy.announcedSize,
            isTraced: profile(slot).tracer != nil, isCounted: beginRation(slot))
        links.value[slot].sendWay = .rawSocket
        links.value[slot].rawSocketExponent = UInt8(peer.exponent)
        counters.value.opened += 1
        return .opened(id(slot), subprotocol: serializer.subprotocol)
    }

    private func refuseRawSocket(_ slot: Int, _ error: RawSocketError) {
        var octets = ByteBuffer(capacity: RawSocketHandshake.count)
        error.append(to: &octets)
        pool.value.append(octets.span, to: &links.value[slot].output)
        let reason = LinkEnd.handshake(status: Int(error.rawValue), reason: "RawSocket: \(error)")
        carryOut(links.value[slot].life.lastWordQueued(reason), slot)
    }

    // MARK: Frames

    /// Queues a message; false when it is larger than the peer takes.
    @inline(never)
    func queueRawSocket(_ message: borrowing OutgoingMessage, _ slot: Int) -> Bool {
        let isQueued = queueRawSocket(.message, message.payloadSpan, slot)
        if isQueued, profiles[Int(links.value[slot].profile)].tracer != nil { traceSentMessage(slot, message) }
        return isQueued
    }

    @discardableResult
    func queueRawSocket(_ frame: RawSocketFrame, _ payload: Span<UInt8>, _ slot: Int) -> Bool {
        guard payload.count <= 1 << Int(links.value[slot].rawSocketExponent) else { return false }
        var head = ByteBuffer(capacity: RawSocketHeader.count)
        RawSocketHeader(frame, payloadCount: payload.count).append(to: &head)
        pool.value.append(head.span, to: &links.value[slot].output)
        if !payload.isEmpty { pool.value.append(payload, to: &links.value[slot].output) }
        return true
    }
}
