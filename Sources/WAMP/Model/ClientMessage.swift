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
    case invocationError(request: UInt64)
    case publish(request: UInt64, options: PublishOptions)
    case subscribe(request: UInt64, options: MatchOptions)
    case unsubscribe(request: UInt64, subscription: UInt64)
    case call(request: UInt64)
    case cancel(request: UInt64, mode: CancelMode)
    case register(request: UInt64, options: RegisterOptions)
    case unregister(request: UInt64, registration: UInt64)
    case yield(request: UInt64)
}
