package import RennbahnBytes

// What a router sends.

extension MessageWriter {
    package static func welcome(
        _ serializer: Serializer, session: SessionID, details: WAMPValue, into output: inout ByteBuffer
    ) {
        open(serializer, .welcome, count: 3, into: &output)
        number(serializer, session.value, into: &output)
        value(serializer, details, into: &output)
        tail(serializer, into: &output)
    }

    package static func challenge(
        _ serializer: Serializer, method: Span<UInt8>, extra: WAMPValue, into output: inout ByteBuffer
    ) {
        open(serializer, .challenge, count: 3, into: &output)
        text(serializer, method, into: &output)
        value(serializer, extra, into: &output)
        tail(serializer, into: &output)
    }

    /// ERROR for the request `code`, without a payload.
    package static func error(
        _ serializer: Serializer, code: MessageCode, request: RequestID, error: StaticString,
        into output: inout ByteBuffer
    ) {
        errorHead(
            serializer, code: code, request: request, error: error.utf8Bytes, payload: .none(serializer), into: &output)
        tail(serializer, into: &output)
    }

    /// ERROR for the request `code`.
    package static func error(
        _ serializer: Serializer, code: MessageCode, request: RequestID, error: Span<UInt8>, payload: Payload,
        _ bytes: Span<UInt8>, into output: inout ByteBuffer
    ) {
        errorHead(serializer, code: code, request: request, error: error, payload: payload, into: &output)
        finish(serializer, bytes, into: &output)
    }

    package static func published(
        _ serializer: Serializer, request: RequestID, publication: PublicationID, into output: inout ByteBuffer
    ) {
        acknowledgement(serializer, .published, request, publication.value, into: &output)
    }

    package static func subscribed(
        _ serializer: Serializer, request: RequestID, subscription: SubscriptionID, into output: inout ByteBuffer
    ) {
        acknowledgement(serializer, .subscribed, request, subscription.value, into: &output)
    }

    package static func registered(
        _ serializer: Serializer, request: RequestID, registration: RegistrationID, into output: inout ByteBuffer
    ) {
        acknowledgement(serializer, .registered, request, registration.value, into: &output)
    }

    private static func acknowledgement(
        _ serializer: Serializer, _ code: MessageCode, _ request: RequestID, _ id: UInt64,
        into output: inout ByteBuffer
    ) {
        open(serializer, code, count: 3, into: &output)
        number(serializer, request.value, into: &output)
        number(serializer, id, into: &output)
        tail(serializer, into: &output)
    }

    package static func unsubscribed(_ serializer: Serializer, request: RequestID, into output: inout ByteBuffer) {
        open(serializer, .unsubscribed, count: 2, into: &output)
        number(serializer, request.value, into: &output)
        tail(serializer, into: &output)
    }

    package static func unregistered(_ serializer: Serializer, request: RequestID, into output: inout ByteBuffer) {
        open(serializer, .unregistered, count: 2, into: &output)
        number(serializer, request.value, into: &output)
        tail(serializer, into: &output)
    }

    package static func event(
        _ serializer: Serializer, subscription: SubscriptionID, publication: PublicationID, payload: Payload,
        _ bytes: Span<UInt8>,
        into output: inout ByteBuffer
    ) {
        carrierHead(serializer, .event, subscription.value, publication.value, payload: payload, into: &output)
        finish(serializer, bytes, into: &output)
    }

    /// EVENT of a subscription that matches by a pattern: its details tell the topic.
    package static func event(
        _ serializer: Serializer, subscription: SubscriptionID, publication: PublicationID, topic: Span<UInt8>,
        payload: Payload,
        _ bytes: Span<UInt8>, into output: inout ByteBuffer
    ) {
        open(serializer, .event, count: 4 &+ Int(payload.elements), into: &output)
        number(serializer, subscription.value, into: &output)
        number(serializer, publication.value, into: &output)
        dictionary(serializer, "topic", topic, into: &output)
        payloadStart(serializer, payload, into: &output)
        finish(serializer, bytes, into: &output)
    }

    /// EVENT to a subscriber for which some before it were left out, as it had asked for (`x_slow`): its details tell how many,
    /// and the topic where it is not empty.
    package static func event(
        _ serializer: Serializer, subscription: SubscriptionID, publication: PublicationID, topic: Span<UInt8>,
        dropped: UInt64, payload: Payload,
        _ bytes: Span<UInt8>, into output: inout ByteBuffer
    ) {
        open(serializer, .event, count: 4 &+ Int(payload.elements), into: &output)
        number(serializer, subscription.value, into: &output)
        number(serializer, publication.value, into: &output)
        droppedDetails(serializer, dropped, topic: topic, into: &output)
        payloadStart(serializer, payload, into: &output)
        finish(serializer, bytes, into: &output)
    }

    package static func invocation(
        _ serializer: Serializer, request: RequestID, registration: RegistrationID, payload: Payload,
        _ bytes: Span<UInt8>,
        into output: inout ByteBuffer
    ) {
        carrierHead(serializer, .invocation, request.value, registration.value, payload: payload, into: &output)
        finish(serializer, bytes, into: &output)
    }

    /// INVOCATION of a registration that matches by a pattern: its details tell the procedure.
    package static func invocation(
        _ serializer: Serializer, request: RequestID, registration: RegistrationID, procedure: Span<UInt8>,
        payload: Payload,
        _ bytes: Span<UInt8>, into output: inout ByteBuffer
    ) {
        open(serializer, .invocation, count: 4 &+ Int(payload.elements), into: &output)
        number(serializer, request.value, into: &output)
        number(serializer, registration.value, into: &output)
        dictionary(serializer, "procedure", procedure, into: &output)
        payloadStart(serializer, payload, into: &output)
        finish(serializer, bytes, into: &output)
    }

    package static func result(
        _ serializer: Serializer, request: RequestID, payload: Payload, _ bytes: Span<UInt8>,
        into output: inout ByteBuffer
    ) {
        carrierHead(serializer, .result, request.value, payload: payload, into: &output)
        finish(serializer, bytes, into: &output)
    }

    /// ERROR for a CALL.
    package static func callError(
        _ serializer: Serializer, request: RequestID, error: Span<UInt8>, payload: Payload, _ bytes: Span<UInt8>,
        into output: inout ByteBuffer
    ) {
        errorHead(serializer, code: .call, request: request, error: error, payload: payload, into: &output)
        finish(serializer, bytes, into: &output)
    }
}
