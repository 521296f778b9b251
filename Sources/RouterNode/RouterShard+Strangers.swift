import RennbahnBytes
import RennbahnRouter
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket

// Connections without a session: somebody who has not said who that is, before HELLO, before AUTHENTICATE, and behind GOODBYE.
// Such a one has small messages and little time, and those who sent to it wait as its transport says: it has no role.

extension RouterShard {
    /// A connection is open, or its session has ended: HELLO is due.
    func awaitHello(of link: LinkID) {
        stopAwaitingHello(of: link)
        forgetSession(of: link)
        loop.limitMessages(of: link, to: loop.limits.maxMessageSizeBeforeSession)
        loop.setSlowReceivers(link, nil)
        guard loop.limits.helloTimeout > 0 else { return }
        helloTimers.value[link] = loop.schedule(
            RouterShard.token(of: link), at: loop.now + loop.limits.helloTimeout)
    }

    /// HELLO has come and something else is waited for, or the connection is gone.
    func stopAwaitingHello(of link: LinkID) {
        if let timer = helloTimers.value.removeValue(forKey: link) { loop.cancel(timer) }
    }

    /// The session is welcome: messages are as large as the transport lets them be.
    func sessionBegan(on link: LinkID, as session: SessionID) {
        stopAwaitingHello(of: link)
        noteSession(session, of: link)
        loop.limitMessages(of: link, to: nil)
    }

    /// A timer of a connection without a session has fired. News of the same turn may have begun another wait by now.
    @inline(never)
    func waitExpired(_ token: UInt64) {
        let link = LinkID(index: UInt32(truncatingIfNeeded: token), generation: UInt32(truncatingIfNeeded: token >> 32))
        if let pending = challenges.value[link] {
            if !loop.isPending(pending.timer) { challengeExpired(link) }
        } else if let timer = helloTimers.value[link], !loop.isPending(timer) {
            helloExpired(link)
        }
    }

    private func helloExpired(_ link: LinkID) {
        helloTimers.value[link] = nil
        guard router.value.isWithoutSession(SessionHandle(link)) else { return }
        loop.fail(link, code: .policyViolation, reason: "HELLO did not come in time")
    }

    /// Generations of connections have 28 bits, tokens 60.
    static func token(of link: LinkID) -> UInt64 { UInt64(link.generation) << 32 | UInt64(link.index) }
}
