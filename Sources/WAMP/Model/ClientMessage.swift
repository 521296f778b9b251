/// A message that a client sent, checked for form: plain data without references.
///
/// URIs and payloads are not in it. They stay where they were received and travel beside the message as borrowed spans:
/// the URI (realm, topic, procedure, reason or error) and the ``Payload``.
package enum ClientMessage: Sendable, Equatable {
    /// The URI is the realm; `HELLO.Details` are read with ``HelloDetails``.
    case hello
    /// The URI is the reason.
    case abort
    case authenticate
    /// The URI is the reason.
    case goodbye
    /// ERROR for an INVOCATION, the only one a client may send; the URI is the error.
    case invocationError(request: RequestID)
    case publish(request: RequestID, options: PublishOptions)
    case subscribe(request: RequestID, options: MatchOptions)
    case unsubscribe(request: RequestID, subscription: SubscriptionID)
    case call(request: RequestID)
    case cancel(request: RequestID, mode: CancelMode)
    case register(request: RequestID, options: RegisterOptions)
    case unregister(request: RequestID, registration: RegistrationID)
    case yield(request: RequestID)
}
