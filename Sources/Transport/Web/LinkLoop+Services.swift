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
        guard let store = accepted(slot)?.cookies?.store else { return nil }
        let (value, header) = store.visit(head.values("cookie"))
        cookies.note(value, of: slot)
        return header
    }

    /// The cookie that a connection came with or was given, and what it is for.
    package func cookie(of id: LinkID) -> (use: CookieUse, value: String)? {
        guard let slot = slot(id), let value = cookies[slot], let use = accepted(slot)?.cookies else { return nil }
        return (use, value)
    }
}
