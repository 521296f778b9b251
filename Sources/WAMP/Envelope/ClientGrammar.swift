import RennbahnBytes

extension ElementReader {
    /// Reads a message of a client, element by element as section 1.1 of the WAMP specification's message layouts has it.
    mutating func clientMessage(
        _ bytes: Span<UInt8>, _ parts: inout MessageParts
    ) throws(WAMPViolation) -> ClientMessage {
        let code = try messageCode(bytes)
        switch code {
        case .publish:
            let request = try requestOptionsURI(bytes, .publish, of: code, &parts)
            try payload(bytes, of: code, index: 4, &parts)
            return .publish(request: request, options: parts.findings.publish)
        case .call:
            let request = try requestOptionsURI(bytes, .call, of: code, &parts)
            try payload(bytes, of: code, index: 4, &parts)
            return .call(request: request)
        case .yield:
            let request = RequestID(try id(bytes, of: code, index: 1))
            try dictionary(bytes, .yield, of: code, index: 2, &parts)
            try payload(bytes, of: code, index: 3, &parts)
            return .yield(request: request)
        case .error:
            return try invocationError(bytes, &parts)
        case .subscribe:
            let request = try requestOptionsURI(bytes, .subscribe, of: code, &parts)
            try expectEnd(bytes, of: code)
            return .subscribe(request: request, options: parts.findings.match)
        case .register:
            let request = try requestOptionsURI(bytes, .register, of: code, &parts)
            try expectEnd(bytes, of: code)
            return .register(
                request: request,
                options: RegisterOptions(match: parts.findings.match.match, invoke: parts.findings.invoke))
        case .unsubscribe:
            let (request, id) = try requestAndID(bytes, of: code, &parts)
            return .unsubscribe(request: request, subscription: SubscriptionID(id))
        case .unregister:
            let (request, id) = try requestAndID(bytes, of: code, &parts)
            return .unregister(request: request, registration: RegistrationID(id))
        case .cancel:
            let request = RequestID(try id(bytes, of: code, index: 1))
            try dictionary(bytes, .cancel, of: code, index: 2, &parts)
            try expectEnd(bytes, of: code)
            return .cancel(request: request, mode: parts.findings.mode)
        case .hello:
            try hello(bytes, &parts)
            return .hello
        case .authenticate:
            try uri(bytes, of: code, index: 1, &parts)
            try dictionary(bytes, .none, of: code, index: 2, &parts)
            try expectEnd(bytes, of: code)
            return .authenticate
        case .abort:
            try farewell(bytes, of: code, &parts)
            return .abort
        case .goodbye:
            try farewell(bytes, of: code, &parts)
            return .goodbye
        case .welcome, .challenge, .published, .subscribed, .unsubscribed, .event, .result, .registered,
            .unregistered, .invocation, .interrupt:
            throw .wrongDirection(code)
        }
    }

    /// `[code, Request, Options, URI`
    @inline(__always)
    private mutating func requestOptionsURI(
        _ bytes: Span<UInt8>, _ keys: @autoclosure () -> OptionKeys, of code: MessageCode, _ parts: inout MessageParts
    ) throws(WAMPViolation) -> RequestID {
        let request = RequestID(try id(bytes, of: code, index: 1))
        try dictionary(bytes, keys(), of: code, index: 2, &parts)
        try uri(bytes, of: code, index: 3, &parts)
        return request
    }

    /// UNSUBSCRIBE and UNREGISTER: `[code, Request, id]`. Router links put options behind, as existing clients do.
    private mutating func requestAndID(
        _ bytes: Span<UInt8>, of code: MessageCode, _ parts: inout MessageParts
    ) throws(WAMPViolation) -> (RequestID, UInt64) {
        let request = RequestID(try id(bytes, of: code, index: 1))
        let target = try id(bytes, of: code, index: 2)
        if try nextElement(bytes) {
            parts.options = try options(bytes, .routed, of: code, index: 3, &parts.findings)
            try expectEnd(bytes, of: code)
        }
        return (request, target)
    }

    /// `[8, 68, Request, Details, Error, Args?, ArgsKw?]`
    private mutating func invocationError(
        _ bytes: Span<UInt8>, _ parts: inout MessageParts
    ) throws(WAMPViolation) -> ClientMessage {
        try expectElement(bytes, of: .error)
        guard let type = try natural(bytes) else { throw .wrongElement(.error, index: 1) }
        guard type == UInt64(MessageCode.invocation.rawValue) else { throw .wrongRequestType }
        let request = RequestID(try id(bytes, of: .error, index: 2))
        try dictionary(bytes, .error, of: .error, index: 3, &parts)
        try uri(bytes, of: .error, index: 4, &parts)
        try payload(bytes, of: .error, index: 5, &parts)
        return .invocationError(request: request)
    }

    /// `[1, Realm, Details]`; the realm may be `null`, which asks the router to choose one.
    private mutating func hello(_ bytes: Span<UInt8>, _ parts: inout MessageParts) throws(WAMPViolation) {
        try expectElement(bytes, of: .hello)
        if kind(bytes) == .null {
            try skip(bytes)
        } else if let realm = try text(bytes) {
            parts.uri = realm
        } else {
            throw .wrongElement(.hello, index: 1)
        }
        try dictionary(bytes, .none, of: .hello, index: 2, &parts)
        try expectEnd(bytes, of: .hello)
    }
}
