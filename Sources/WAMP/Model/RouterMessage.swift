/// A message that a router sent, checked for form: plain data, as ``ClientMessage`` is.
package enum RouterMessage: Sendable, Equatable {
    /// `WELCOME.Details` are read with ``WAMPValue``.
    case welcome(session: UInt64)
    /// The URI is the reason.
    case abort
    case challenge
    /// The URI is the reason.
    case goodbye
    /// The URI is the error; `code` is the type of the request that failed.
    case error(code: MessageCode, request: UInt64)
    case published(request: UInt64, publication: UInt64)
    case subscribed(request: UInt64, subscription: UInt64)
    /// Request 0 is the revocation of a subscription by the router.
    case unsubscribed(request: UInt64)
    case event(subscription: UInt64, publication: UInt64)
    case result(request: UInt64)
    case registered(request: UInt64, registration: UInt64)
    /// Request 0 is the revocation of a registration by the router.
    case unregistered(request: UInt64)
    case invocation(request: UInt64, registration: UInt64)
    case interrupt(request: UInt64)
}
