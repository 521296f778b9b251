import RennbahnBytes
import RennbahnWeb
import RennbahnWebSocket

// What a WebSocket connection is beside its frames: the service that its path leads to, and its cookie.

extension LinkLoop {
    /// Gives a connection the profile that its path leads to.
    func findService(_ slot: Int, _ path: String) throws(UpgradeRefusal) {
        switch accepts[Int(links.value[slot].profile)].webSocket {
        case .here: break
        case .nowhere: throw .notFound
        case .byPath(let services, let rest):
            guard let profile = services[RequestPath.place(in: path)] ?? rest else { throw .notFound }
            links.value[slot].profile = UInt16(truncatingIfNeeded: profile)
        }
    }

    /// Notes which cookie a connection has; the header that gives it to the client, if it is new.
    func giveCookie(_ slot: Int, _ head: HTTPHead) -> String? {
        guard let use = accepted(slot)?.cookies else { return nil }
        let (value, header) = use.store.visit(head.values("cookie"), renewsUnproved: use.authenticates)
        cookies.note(value.map { ConnectionCookies.Cookie(value: $0, isFresh: header != nil) }, of: slot)
        return header
    }

    /// The cookie that a connection came with or was given, and what it is for; a fresh one was given to this very connection.
    package func cookie(of id: LinkID) -> (use: CookieUse, value: String, isFresh: Bool)? {
        guard let slot = slot(id), let cookie = cookies[slot], let use = accepted(slot)?.cookies else { return nil }
        return (use, cookie.value, cookie.isFresh)
    }
}
