/// A message that a router sent, checked for form: plain data, as ``ClientMessage`` is.
package enum RouterMessage: Sendable, Equatable {
    /// `WELCOME.Details` are read with ``WAMPValue``.
    case welcome(session: SessionID)
    /// The URI is the reason.
    case abort
    case challenge
    /// The URI is the reason.
    case goodbye
    /// The URI is the error; `code` is the type of the request that failed.
    case error(code: MessageCode, request: RequestID)
    case published(request: RequestID, publication: PublicationID)
    case subscribed(request: RequestID, subscription: SubscriptionID)
    /// Request 0, ``WAMPID/none``, is the revocation of a subscription by the router.
    case unsubscribed(request: RequestID)
    case event(subscription: SubscriptionID, publication: PublicationID)
    case result(request: RequestID)
    case registered(request: RequestID, registration: RegistrationID)
    /// Request 0, ``WAMPID/none``, is the revocation of a registration by the router.
    case unregistered(request: RequestID)
    case invocation(request: RequestID, registration: RegistrationID)
    case interrupt(request: RequestID)
}
