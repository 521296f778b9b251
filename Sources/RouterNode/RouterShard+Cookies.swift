import RennbahnAuthentication
import RennbahnBytes
import RennbahnCookies
import RennbahnRouter
import RennbahnTransport
import RennbahnWAMP

// Sessions on connections with a cookie (`cookie` of a transport). Where the method `cookie` is taken, a cookie that was given to
// a connection on which somebody has proved to be somebody stands for that somebody, and proves it when it comes again.

/// The cookie of a session.
struct CookieSession {
    var use: CookieUse
    /// The cookie's value.
    var value: String
}

extension RouterShard {
    /// What the session that a GOODBYE with this reason ends does with its cookie.
    private static let logout: StaticString = "wamp.close.logout"

    /// Adds to what is known of a connection at HELLO what its cookie says. A client that does not ask for the method
    /// `cookie` is somebody new.
    func consultCookie(of link: LinkID, for request: inout AuthRequest) {
        guard let (use, value, _) = loop.cookie(of: link) else { return }
        if use.namesSessions { request.anonymousID = value }
        let isAsked = request.details.authMethods?.contains(AuthMethod.cookie.rawValue) ?? false
        guard isAsked else { return use.store.forget(value) }
        guard use.authenticates, let known = use.store.identity(of: value) else { return }
        request.remembered = Principal(
            authID: known.authID, role: known.authRole, realm: known.realm, method: known.authMethod)
    }

    /// A session is welcome: the cookie of its connection stands for it from now on.
    ///
    /// Not for one that is anonymous: such cookies are the first to make room, or a flood of sessions would take the room of
    /// those who log in. And not a cookie that the client has brought: somebody else may know it, and would be logged in, too.
    func noteCookie(of session: SessionHandle, for principal: Principal) {
        let link = LinkID(session)
        guard let (use, value, isFresh) = loop.cookie(of: link) else { return }
        cookieSessions.value[link] = CookieSession(use: use, value: value)
        guard use.authenticates, isFresh, principal.provider != AuthMethod.cookie.rawValue,
            principal.method != AuthMethod.anonymous.rawValue
        else { return }
        use.store.identify(
            value,
            CookieIdentity(
                authID: principal.authID, authRole: principal.role, authMethod: principal.method,
                realm: principal.realm))
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
