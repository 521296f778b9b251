import RennbahnBytes
import RennbahnReactor
import RennbahnTLS

// TLS handshakes of accepted connections: how many there may be, and which come first. ``HandshakeTurns`` decides.

extension LinkLoop {
    /// Octets that our part has at least, unless it asks the client to begin anew (HelloRetryRequest, which costs nothing yet) or
    /// resumes a session in a few words: then what the client says next is as good as its first words.
    private static let shortestPart = 200

    /// Whether there is room for the handshake of a connection that was accepted; another one may have to end for it.
    func makesRoomForHandshake(of entry: LinkAddresses.Entry?) -> Bool {
        guard handshakes.count >= limits.maxUnfinishedHandshakes else { return true }
        let address = entry?.address ?? .unknown
        guard let victim = handshakes.victim(for: address) else {
            noteRefusal(of: address, .handshakes)
            return false
        }
        noteRefusal(of: addresses[victim]?.address ?? .unknown, .handshakes)
        counters.value.refused += 1
        handshakes.end(victim)
        carryOut(links.value[victim].life.givenUp(.dropped, byReset: true), victim)
        return true
    }

    /// A handshake has news. It is gone on with behind all that is ready in this turn, since what comes first is settled among
    /// all.
    func awaitTurn(_ slot: Int) {
        if handshakes.isIdle { turn.value.expired.append(Token.timer(.securing, 0)) }
        handshakes.note(slot)
    }

    /// Goes on with one handshake, and is called again as long as there is time in this turn. The poller tells of the others
    /// again in the next turn.
    func continueHandshakes() {
        guard turn.value.securingTime < limits.securingTimePerTurn, let slot = handshakes.next() else {
            handshakes.endTurn()
            return
        }
        turn.value.expired.append(Token.timer(.securing, 0))
        guard links.value.contains(slot), isSecuring(slot) else { return }
        receiveSecure(slot, isSecuring: true)
        if isSecuring(slot), links.value[slot].withTLS({ $0.unsent.count }) >= LinkLoop.shortestPart {
            handshakes.answered(slot)
        }
    }
}
