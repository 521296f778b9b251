/// What a failure is about: few kinds, whatever words a server has for them.
package enum FailureKind: String, CaseIterable, Sendable {
    /// The connection ended.
    case ended
    /// The opening handshake, or what was agreed on in it.
    case handshake
    /// ABORT, GOODBYE, or a login that came to nothing.
    case session
    /// ERROR for a request.
    case refused
    /// The server broke the protocol, or sent what nobody expected.
    case violation

    init(_ failure: ConnectionFailure) {
        self =
            switch failure {
            case .ended: .ended
            case .notUpgraded, .noSubprotocol, .uncompressed, .tooSmall: .handshake
            case .aborted, .loginRefused, .loginFailed, .goodbye, .challenged: .session
            case .refused: .refused
            case .violation, .unexpected: .violation
            }
    }
}
