/// What holds between the keys of a section; told by the checker only.
package enum Rule: Sendable, CaseIterable {
    /// A TCP listener has a port or a range of ports, not both.
    case portOrRange
    /// A role has permissions or an authorizer, not both, and allows everything: there is no authorization yet.
    case openRole
    /// Whom transports let in has a role somewhere, and every realm has a role that somebody has.
    case logins
    /// What salts a secret is there with the salt.
    case saltedSecret
    /// What clients have to derive is what clients of ours would.
    case derivation
    /// Argon2 has memory.
    case argonMemory
    /// HELLO names one `authid`.
    case oneAuthID
    /// A component's certificate is one that its connection shows.
    case componentLogin
    /// No two realms of a name, no two ids the same, no two transports at one place.
    case distinct
    /// Cookies authenticate where there are cookies, and another method for the first time.
    case cookieLogin
    /// A universal transport serves something.
    case someService
    /// Some version of the WebSocket protocol is spoken.
    case someVersion
    /// What ends a container and what restarts its components do not contradict each other.
    case restart
    /// All realms of a router check URIs alike.
    case uriCheck
    /// One process runs one router.
    case oneRouter
    /// `wss` and TLS go together.
    case secureURL
    /// What a component is handed is what it knows.
    case componentExtra
}
