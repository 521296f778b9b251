import RennbahnBytes
import RennbahnWebSocket

// The client's side of RawSocket: four octets in the place of an HTTP request, and the answer to them. The frames are those of
// either side, and stand with the server's (``LinkLoop/queueRawSocket(_:_:)``).

extension LinkLoop {
    /// Asks for the first serializer of the policy.
    func sendRawSocketRequest(_ slot: Int, _ policy: RawSocketPolicy) {
        let request = RawSocketHandshake(
            exponent: RawSocketHandshake.exponent(below: policy.maxMessageSize), serializer: policy.serializers[0].id)
        queueHandshake(request, slot)
        markDirty(slot)
    }

    func readRawSocketAnswer(_ slot: Int, _ policy: RawSocketPolicy) -> LinkEvent? {
        let window = turn.value.window
        let serializer = policy.serializers[0]
        switch RawSocketHandshake.answer(inputBytes.extracting(window), serializer: serializer.id) {
        case .incomplete:
            finishReading(slot)
            return nil
        case .accepted(let answer):
            turn.value.window = (window.lowerBound + RawSocketHandshake.count)..<window.upperBound
            finishOpening(slot)
            return beginRawSocket(slot, policy, serializer, peer: answer)
        case .refused(let error): endOpening(slot, status: Int(error.rawValue), "RawSocket: \(error)")
        case .foreign: endOpening(slot, status: 0, "the answer is not that of RawSocket with our serializer")
        }
        return nil
    }

    private func endOpening(_ slot: Int, status: Int, _ reason: String) {
        turn.value.current = -1
        end(slot, .handshake(status: status, reason: reason))
    }

    /// Octets of a message that the peer takes; `nil`: it has not said so, as over WebSocket.
    package func peerLimit(of id: LinkID) -> Int? {
        guard let slot = openSlot(id), case .rawSocket = links.value[slot].sendWay else { return nil }
        return 1 << Int(links.value[slot].rawSocketExponent)
    }
}
