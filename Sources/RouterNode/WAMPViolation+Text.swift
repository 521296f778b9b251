import RennbahnWAMP

extension WAMPViolation {
    /// For `ABORT.Details.message`.
    var message: StaticString {
        switch self {
        case .malformed: "message is not well-formed"
        case .invalidUTF8: "text is not UTF-8"
        case .nestedTooDeeply: "message is nested too deeply"
        case .notAMessage: "message is not a list with a type"
        case .unknownType: "message type is unknown"
        case .wrongLength: "message has the wrong number of elements"
        case .wrongElement: "element of a message has the wrong type or range"
        case .wrongOption: "option has the wrong type"
        case .wrongDirection: "message type is for routers to send"
        case .wrongRequestType: "ERROR is for a request that cannot fail here"
        case .notConvertible: "value has no form in WAMP"
        }
    }
}
