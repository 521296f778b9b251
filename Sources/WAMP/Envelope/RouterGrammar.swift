import RennbahnBytes

extension ElementReader {
    /// Reads a message of a router, element by element.
    mutating func routerMessage(
        _ bytes: Span<UInt8>, _ parts: inout MessageParts
    ) throws(WAMPViolation) -> RouterMessage {
        let code = try messageCode(bytes)
        switch code {
        case .event:
            let (subscription, publication) = try twoIDs(bytes, of: code)
            try dictionary(bytes, .event, of: code, index: 3, &parts)
            try payload(bytes, of: code, index: 4, &parts)
            return .event(subscription: SubscriptionID(subscription), publication: PublicationID(publication))
        case .invocation:
            let (request, registration) = try twoIDs(bytes, of: code)
            try dictionary(bytes, .invocation, of: code, index: 3, &parts)
            try payload(bytes, of: code, index: 4, &parts)
            return .invocation(request: RequestID(request), registration: RegistrationID(registration))
        case .result:
            let request = RequestID(try id(bytes, of: code, index: 1))
            try dictionary(bytes, .result, of: code, index: 2, &parts)
            try payload(bytes, of: code, index: 3, &parts)
            return .result(request: request)
        case .error:
            return try requestError(bytes, &parts)
        case .published, .subscribed, .registered:
            return try acknowledgement(bytes, of: code)
        case .unsubscribed:
            return .unsubscribed(request: try withdrawal(bytes, of: code, &parts))
        case .unregistered:
            return .unregistered(request: try withdrawal(bytes, of: code, &parts))
        case .interrupt:
            let request = RequestID(try id(bytes, of: code, index: 1))
            try dictionary(bytes, .interrupt, of: code, index: 2, &parts)
            try expectEnd(bytes, of: code)
            return .interrupt(request: request)
        case .welcome:
            let session = SessionID(try id(bytes, of: code, index: 1))
            try dictionary(bytes, .none, of: code, index: 2, &parts)
            try expectEnd(bytes, of: code)
            return .welcome(session: session)
        case .challenge:
            try uri(bytes, of: code, index: 1, &parts)
            try dictionary(bytes, .none, of: code, index: 2, &parts)
            try expectEnd(bytes, of: code)
            return .challenge
        case .abort:
            try farewell(bytes, of: code, &parts)
            return .abort
        case .goodbye:
            try farewell(bytes, of: code, &parts)
            return .goodbye
        case .hello, .authenticate, .publish, .subscribe, .unsubscribe, .call, .cancel, .register, .unregister,
            .yield:
            throw .wrongDirection(code)
        }
    }

    @inline(__always)
    private mutating func twoIDs(
        _ bytes: Span<UInt8>, of code: MessageCode
    ) throws(WAMPViolation) -> (UInt64, UInt64) {
        (try id(bytes, of: code, index: 1), try id(bytes, of: code, index: 2))
    }

    /// `[code, Request, id]`
    private mutating func acknowledgement(
        _ bytes: Span<UInt8>, of code: MessageCode
    ) throws(WAMPViolation) -> RouterMessage {
        let (first, target) = try twoIDs(bytes, of: code)
        try expectEnd(bytes, of: code)
        let request = RequestID(first)
        if code == .published { return .published(request: request, publication: PublicationID(target)) }
        if code == .subscribed { return .subscribed(request: request, subscription: SubscriptionID(target)) }
        return .registered(request: request, registration: RegistrationID(target))
    }

    /// UNSUBSCRIBED and UNREGISTERED: `[code, Request]`, or `[code, 0, Details]` when the router revokes.
    private mutating func withdrawal(
        _ bytes: Span<UInt8>, of code: MessageCode, _ parts: inout MessageParts
    ) throws(WAMPViolation) -> RequestID {
        let request = RequestID(try id(bytes, of: code, index: 1, orZero: true))
        if request == .none {
            try dictionary(bytes, .none, of: code, index: 2, &parts)
        }
        try expectEnd(bytes, of: code)
        return request
    }

    /// `[8, REQUEST.Type, Request, Details, Error, Args?, ArgsKw?]`
    private mutating func requestError(
        _ bytes: Span<UInt8>, _ parts: inout MessageParts
    ) throws(WAMPViolation) -> RouterMessage {
        try expectElement(bytes, of: .error)
        guard let type = try natural(bytes) else { throw .wrongElement(.error, index: 1) }
        guard type <= 0xffff, let failed = MessageCode(rawValue: Int(type)), failed.isRequest else {
            throw .wrongRequestType
        }
        let request = RequestID(try id(bytes, of: .error, index: 2))
        try dictionary(bytes, .error, of: .error, index: 3, &parts)
        try uri(bytes, of: .error, index: 4, &parts)
        try payload(bytes, of: .error, index: 5, &parts)
        return .error(code: failed, request: request)
    }
}

extension MessageCode {
    /// Whether a router may answer it with ERROR.
    fileprivate var isRequest: Bool {
        switch self {
        case .publish, .subscribe, .unsubscribe, .call, .register, .unregister: true
        case .hello, .welcome, .abort, .challenge, .authenticate, .goodbye, .error, .published, .subscribed,
            .unsubscribed, .event, .cancel, .result, .registered, .unregistered, .invocation, .interrupt, .yield:
            false
        }
    }
}
