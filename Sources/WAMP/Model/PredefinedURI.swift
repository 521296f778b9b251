/// The URIs that the specification predefines and the router sends: errors, reasons to abort and to close.
package enum PredefinedURI: UInt8, Sendable, CaseIterable {
    case invalidURI, noSuchProcedure, procedureAlreadyExists, noSuchRegistration, noSuchSubscription
    case invalidArgument, canceled, payloadSizeExceeded, protocolViolation, notAuthorized
    case noSuchRealm, noSuchRole, noSuchPrincipal, noMatchingAuthMethod, noAuthMethod, authenticationFailed
    case optionNotAllowed, unavailable
    case systemShutdown, closeRealm, goodbyeAndOut

    package var text: StaticString {
        switch self {
        case .invalidURI: "wamp.error.invalid_uri"
        case .noSuchProcedure: "wamp.error.no_such_procedure"
        case .procedureAlreadyExists: "wamp.error.procedure_already_exists"
        case .noSuchRegistration: "wamp.error.no_such_registration"
        case .noSuchSubscription: "wamp.error.no_such_subscription"
        case .invalidArgument: "wamp.error.invalid_argument"
        case .canceled: "wamp.error.canceled"
        case .payloadSizeExceeded: "wamp.error.payload_size_exceeded"
        case .protocolViolation: "wamp.error.protocol_violation"
        case .notAuthorized: "wamp.error.not_authorized"
        case .noSuchRealm: "wamp.error.no_such_realm"
        case .noSuchRole: "wamp.error.no_such_role"
        case .noSuchPrincipal: "wamp.error.no_such_principal"
        case .noMatchingAuthMethod: "wamp.error.no_matching_auth_method"
        case .noAuthMethod: "wamp.error.no_auth_method"
        case .authenticationFailed: "wamp.error.authentication_failed"
        case .optionNotAllowed: "wamp.error.option_not_allowed"
        case .unavailable: "wamp.error.unavailable"
        case .systemShutdown: "wamp.close.system_shutdown"
        case .closeRealm: "wamp.close.close_realm"
        case .goodbyeAndOut: "wamp.close.goodbye_and_out"
        }
    }
}
