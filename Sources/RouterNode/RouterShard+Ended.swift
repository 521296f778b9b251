import Logging
import RennbahnBytes
import RennbahnRouter
import RennbahnTransport
import RennbahnWAMP

// What the log says of connections that have ended: little, but of those that were ended for the sake of others also whose they
// were, so that whoever runs the router can help them.

extension RouterShard {
    /// The session is still there.
    func report(_ end: LinkEnd, of link: LinkID) {
        if end.isForOthers {
            logger.warning(
                "connection to \(loop.endedPeer.address) dropped: \(end); \(session(of: link))\(oldestEvent)")
            return
        }
        switch end {
        case .violation, .handshake, .tls, .openHandshakeTimeout: logger.info("connection ended: \(end)")
        case .stalled, .outputOverflow, .outputOutdated, .closed, .answered, .lost, .failed, .refused,
            .closeHandshakeTimeout, .pingTimeout, .dropped:
            logger.debug("connection ended: \(end)")
        }
    }

    private func session(of link: LinkID) -> String {
        let index = Int(link.index)
        let id = index < sessionIDs.value.count ? sessionIDs.value[index] : .none
        guard id != .none else { return "no session" }
        guard let realm = router.value.realm(of: SessionHandle(link)) else { return "session \(id.value)" }
        return "session \(id.value) of realm \"\(realm.legible(upTo: 64))\""
    }

    private var oldestEvent: String {
        guard let subscription = loop.endedPeer.oldestEvent,
            let topic = router.value.topic(of: SubscriptionID(subscription))
        else { return "" }
        return ", oldest event for \"\(topic.span.text().legible(upTo: 128))\""
    }

    // MARK: Sessions

    func noteSession(_ session: SessionID, of link: LinkID) {
        let index = Int(link.index)
        sessionIDs.value.extend(to: index + 1, with: .none)
        sessionIDs.value[index] = session
    }

    /// The session has ended, or its connection: the next one at this slot may end before it has a session.
    func forgetSession(of link: LinkID) {
        let index = Int(link.index)
        if index < sessionIDs.value.count { sessionIDs.value[index] = .none }
    }
}
