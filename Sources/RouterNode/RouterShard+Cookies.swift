import Bytes
import Cookies
import Crypto
import Router
import Transport
import WAMP

// Sessions on connections with a cookie (`cookie` of a transport). A cookie that somebody has joined with stands for that
// somebody; with the method `cookie` it proves it when it comes again.

/// Who the session of a connection with a cookie is.
struct CookieSession {
    var use: CookieUse
    /// The cookie's value.
    var value: String
    var identity: CookieIdentity
    /// Whether the cookie has proved it; else the session has joined as anybody does.
    var isProven: Bool
}

extension RouterShard {
    /// What the session that a GOODBYE with this reason ends does with its cookie.
    private static let logout: StaticString = "wamp.close.logout"

    /// The one role that there is.
    private static let role = "anonymous"

    /// HELLO, once in a session: kept out of the way of the other messages.
    @inline(never)
    func greet(
        _ scanned: ScannedClientMessage, _ bytes: Span<UInt8>, realm: Span<UInt8>, _ session: SessionHandle
    ) {
        do {
            let details = try HelloDetails(
                WAMPValue.decode(bytes.extracting(scanned.options), serializer: serializer(of: session)))
            if let cookie = loop.cookie(of: LinkID(session)) {
                hello(details, realm: realm, from: session, with: cookie)
            } else {
                join(details, realm, session, isProven: false)
            }
        } catch {
            refuse(LinkID(session), error)
        }
    }

    /// HELLO of a connection with a cookie.
    private func hello(
        _ details: HelloDetails, realm: Span<UInt8>, from session: SessionHandle,
        with cookie: (use: CookieUse, value: String)
    ) {
        let link = LinkID(session)
        guard cookieSessions.value[link] == nil else {
            return join(details, realm, session, isProven: false)
        }
        let store = cookie.use.store
        let known = store.identity(of: cookie.value)
        let isAsked = details.authMethods?.contains("cookie") ?? false
        if let known, isAsked, cookie.use.authenticates {
            guard known.authRole == RouterShard.role else {
                router.value.refuse(
                    session, .noSuchRole, "the cookie's role is not there any more", into: &effects.value)
                return carryOut(from: .none)
            }
            cookieSessions.value[link] = CookieSession(
                use: cookie.use, value: cookie.value, identity: known, isProven: true)
            // The realm is that of the first time, whatever the client asks for.
            let realm = known.realm
            return join(details, realm.utf8.span, session, isProven: true)
        }
        if !isAsked { store.forget(cookie.value) }
        let identity = CookieIdentity(
            authID: cookie.use.namesSessions ? cookie.value : RouterShard.randomAuthID(), authRole: RouterShard.role,
            authMethod: "anonymous", realm: realm.text())
        cookieSessions.value[link] = CookieSession(
            use: cookie.use, value: cookie.value, identity: identity, isProven: false)
        join(details, realm, session, isProven: false)
    }

    private func join(_ details: HelloDetails, _ realm: Span<UInt8>, _ session: SessionHandle, isProven: Bool) {
        router.value.hello(details, realm: realm, from: session, isProven: isProven, into: &effects.value)
        carryOut(realm, .none(.json), Span(), from: Origin(local: session, shard))
    }

    private static func randomAuthID() -> String {
        let policy = CookiePolicy()
        var random = [UInt8](repeating: 0, count: policy.randomCount)
        SecureRandom.fillBytes(&random)
        return policy.value(random)
    }

    /// A session is welcome: who it is, where its connection has a cookie, which stands for it from now on.
    func welcomeWithCookie(_ session: SessionHandle) -> CookieSession? {
        guard !cookieSessions.value.isEmpty, let known = cookieSessions.value[LinkID(session)] else { return nil }
        if !known.isProven { known.use.store.identify(known.value, known.identity) }
        return known
    }

    /// The connection is gone.
    @inline(never)
    func forgetCookie(of link: LinkID) {
        cookieSessions.value[link] = nil
    }

    /// A session ends with GOODBYE: with ``logout`` its cookie is none any more.
    func leaveWithCookie(_ session: SessionHandle, reason: Span<UInt8>) {
        guard let known = cookieSessions.value.removeValue(forKey: LinkID(session)) else { return }
        if reason.equals(RouterShard.logout) { known.use.store.delete(known.value) }
    }
}
