// What a violation means to people; an ABORT says less (RouterNode).

extension WAMPViolation: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let place): "not well-formed JSON or MsgPack at octet \(place)"
        case .invalidUTF8(let place): "a text that is not UTF-8 at octet \(place)"
        case .nestedTooDeeply(let place): "nested too deeply at octet \(place)"
        case .notAMessage: "not a list that begins with a message type"
        case .unknownType: "a message type that WAMP does not have"
        case .wrongLength(let code): "\(code) with too few or too many elements"
        case .wrongElement(let code, let index): "\(code) whose element \(index) has the wrong type or range"
        case .wrongOption(let code): "\(code) with an option or detail of the wrong type"
        case .wrongDirection(let code): "\(code), which is not for this side to send"
        case .wrongRequestType: "ERROR for a request that cannot fail"
        case .notConvertible(let place): "a value that has no form in WAMP at octet \(place)"
        }
    }
}

extension MessageCode: CustomStringConvertible {
    /// As the specification writes it.
    package var description: String {
        switch self {
        case .hello: "HELLO"
        case .welcome: "WELCOME"
        case .abort: "ABORT"
        case .challenge: "CHALLENGE"
        case .authenticate: "AUTHENTICATE"
        case .goodbye: "GOODBYE"
        case .error: "ERROR"
        case .publish: "PUBLISH"
        case .published: "PUBLISHED"
        case .subscribe: "SUBSCRIBE"
        case .subscribed: "SUBSCRIBED"
        case .unsubscribe: "UNSUBSCRIBE"
        case .unsubscribed: "UNSUBSCRIBED"
        case .event: "EVENT"
        case .call: "CALL"
        case .cancel: "CANCEL"
        case .result: "RESULT"
        case .register: "REGISTER"
        case .registered: "REGISTERED"
        case .unregister: "UNREGISTER"
        case .unregistered: "UNREGISTERED"
        case .invocation: "INVOCATION"
        case .interrupt: "INTERRUPT"
        case .yield: "YIELD"
        }
    }
}
