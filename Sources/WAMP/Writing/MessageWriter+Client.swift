package import RennbahnBytes

// What a client sends.

extension MessageWriter {
    package static func hello(
        _ serializer: Serializer, realm: Span<UInt8>, details: WAMPValue, into output: inout ByteBuffer
    ) {
        open(serializer, .hello, count: 3, into: &output)
        text(serializer, realm, into: &output)
        value(serializer, details, into: &output)
        tail(serializer, into: &output)
    }

    package static func authenticate(
        _ serializer: Serializer, signature: Span<UInt8>, extra: WAMPValue, into output: inout ByteBuffer
    ) {
        open(serializer, .authenticate, count: 3, into: &output)
        text(serializer, signature, into: &output)
        value(serializer, extra, into: &output)
        tail(serializer, into: &output)
    }

    package static func publish(
        _ serializer: Serializer, request: RequestID, acknowledge: Bool, excludeMe: Bool = true, topic: Span<UInt8>,
        payload: Payload, _ bytes: Span<UInt8>, into output: inout ByteBuffer
    ) {
        open(serializer, .publish, count: 4 &+ Int(payload.elements), into: &output)
        number(serializer, request.value, into: &output)
        switch (acknowledge, excludeMe) {
        case (false, true): emptyDictionary(serializer, into: &output)
        case (true, true): dictionary(serializer, "acknowledge", true, into: &output)
        case (false, false): dictionary(serializer, "exclude_me", false, into: &output)
        case (true, false): value(serializer, ["acknowledge": true, "exclude_me": false], into: &output)
        }
        text(serializer, topic, into: &output)
        payloadStart(serializer, payload, into: &output)
        finish(serializer, bytes, into: &output)
    }

    package static func subscribe(
        _ serializer: Serializer, request: RequestID, match: MatchPolicy = .exact, topic: Span<UInt8>,
        into output: inout ByteBuffer
    ) {
        matching(serializer, .subscribe, request, match, topic, into: &output)
    }

    package static func register(
        _ serializer: Serializer, request: RequestID, match: MatchPolicy = .exact, procedure: Span<UInt8>,
        into output: inout ByteBuffer
    ) {
        matching(serializer, .register, request, match, procedure, into: &output)
    }

    private static func matching(
        _ serializer: Serializer, _ code: MessageCode, _ request: RequestID, _ match: MatchPolicy, _ uri: Span<UInt8>,
        into output: inout ByteBuffer
    ) {
        open(serializer, code, count: 4, into: &output)
        number(serializer, request.value, into: &output)
        if match == .exact {
            emptyDictionary(serializer, into: &output)
        } else {
            dictionary(serializer, "match", match.name.utf8Bytes, into: &output)
        }
        text(serializer, uri, into: &output)
        tail(serializer, into: &output)
    }

    package static func unsubscribe(
        _ serializer: Serializer, request: RequestID, subscription: SubscriptionID, into output: inout ByteBuffer
    ) {
        open(serializer, .unsubscribe, count: 3, into: &output)
        number(serializer, request.value, into: &output)
        number(serializer, subscription.value, into: &output)
        tail(serializer, into: &output)
    }

    package static func unregister(
        _ serializer: Serializer, request: RequestID, registration: RegistrationID, into output: inout ByteBuffer
    ) {
        open(serializer, .unregister, count: 3, into: &output)
        number(serializer, request.value, into: &output)
        number(serializer, registration.value, into: &output)
        tail(serializer, into: &output)
    }

    package static func call(
        _ serializer: Serializer, request: RequestID, procedure: Span<UInt8>, payload: Payload, _ bytes: Span<UInt8>,
        into output: inout ByteBuffer
    ) {
        open(serializer, .call, count: 4 &+ Int(payload.elements), into: &output)
        number(serializer, request.value, into: &output)
        emptyDictionary(serializer, into: &output)
        text(serializer, procedure, into: &output)
        payloadStart(serializer, payload, into: &output)
        finish(serializer, bytes, into: &output)
    }

    package static func cancel(
        _ serializer: Serializer, request: RequestID, mode: CancelMode, into output: inout ByteBuffer
    ) {
        open(serializer, .cancel, count: 3, into: &output)
        number(serializer, request.value, into: &output)
        dictionary(serializer, "mode", mode.name.utf8Bytes, into: &output)
        tail(serializer, into: &output)
    }

    package static func yield(
        _ serializer: Serializer, request: RequestID, payload: Payload, _ bytes: Span<UInt8>,
        into output: inout ByteBuffer
    ) {
        carrierHead(serializer, .yield, request.value, payload: payload, into: &output)
        finish(serializer, bytes, into: &output)
    }

    /// `[8, 68, Request, {}, Error]` with a payload.
    package static func invocationError(
        _ serializer: Serializer, request: RequestID, error: Span<UInt8>, payload: Payload, _ bytes: Span<UInt8>,
        into output: inout ByteBuffer
    ) {
        errorHead(
            serializer, code: .invocation, request: request, error: error, payload: payload, into: &output)
        finish(serializer, bytes, into: &output)
    }
}
