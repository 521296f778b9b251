package import RennbahnBytes

/// Appends whole messages to a buffer.
///
/// A payload that goes into a message must be of that message's serializer; see ``Transcoder``. URIs are given as plain
/// text and escaped here. Messages that carry a payload also come as a head: everything before the payload's bytes, so
/// that whoever writes a frame around the message knows its size beforehand. Head, payload bytes and
/// ``tail(_:into:)`` are the message.
package enum MessageWriter {
    // MARK: Heads of the messages that carry payloads on

    /// `[36, Subscription, Publication, {}`
    package static func eventHead(
        _ serializer: Serializer, subscription: UInt64, publication: UInt64, payload: Payload,
        into output: inout ByteBuffer
    ) {
        carrierHead(serializer, .event, subscription, publication, payload: payload, into: &output)
    }

    /// `[36, Subscription, Publication, {"topic": …}`: of a subscription that matches by a pattern.
    package static func eventHead(
        _ serializer: Serializer, subscription: UInt64, publication: UInt64, topic: Span<UInt8>, payload: Payload,
        into output: inout ByteBuffer
    ) {
        open(serializer, .event, count: 4 &+ Int(payload.elements), into: &output)
        number(serializer, subscription, into: &output)
        number(serializer, publication, into: &output)
        dictionary(serializer, "topic", topic, into: &output)
        payloadStart(serializer, payload, into: &output)
    }

    /// `[68, Request, Registration, {}`
    package static func invocationHead(
        _ serializer: Serializer, request: UInt64, registration: UInt64, payload: Payload,
        into output: inout ByteBuffer
    ) {
        carrierHead(serializer, .invocation, request, registration, payload: payload, into: &output)
    }

    /// `[68, Request, Registration, {"procedure": …}`: of a registration that matches by a pattern.
    package static func invocationHead(
        _ serializer: Serializer, request: UInt64, registration: UInt64, procedure: Span<UInt8>, payload: Payload,
        into output: inout ByteBuffer
    ) {
        open(serializer, .invocation, count: 4 &+ Int(payload.elements), into: &output)
        number(serializer, request, into: &output)
        number(serializer, registration, into: &output)
        dictionary(serializer, "procedure", procedure, into: &output)
        payloadStart(serializer, payload, into: &output)
    }

    /// `[50, Request, {}`
    package static func resultHead(
        _ serializer: Serializer, request: UInt64, payload: Payload, into output: inout ByteBuffer
    ) {
        carrierHead(serializer, .result, request, payload: payload, into: &output)
    }

    /// `[8, 48, Request, {}, Error`
    package static func callErrorHead(
        _ serializer: Serializer, request: UInt64, error: Span<UInt8>, payload: Payload,
        into output: inout ByteBuffer
    ) {
        errorHead(serializer, code: .call, request: request, error: error, payload: payload, into: &output)
    }

    /// `[8, REQUEST.Type, Request, {}, Error`
    static func errorHead(
        _ serializer: Serializer, code: MessageCode, request: UInt64, error: Span<UInt8>, payload: Payload,
        into output: inout ByteBuffer
    ) {
        open(serializer, .error, count: 5 &+ Int(payload.elements), into: &output)
        number(serializer, UInt64(truncatingIfNeeded: code.rawValue), into: &output)
        number(serializer, request, into: &output)
        emptyDictionary(serializer, into: &output)
        text(serializer, error, into: &output)
        payloadStart(serializer, payload, into: &output)
    }

    // MARK: Messages of both sides

    /// `[3, {"message": …}, Reason]`: always three elements, the only form that all clients accept.
    ///
    /// - Parameter message: for people; may be empty.
    package static func abort(
        _ serializer: Serializer, reason: Span<UInt8>, message: Span<UInt8>, into output: inout ByteBuffer
    ) {
        open(serializer, .abort, count: 3, into: &output)
        details(serializer, message: message, into: &output)
        text(serializer, reason, into: &output)
        tail(serializer, into: &output)
    }

    package static func abort(
        _ serializer: Serializer, reason: StaticString, message: StaticString = "", into output: inout ByteBuffer
    ) {
        abort(serializer, reason: reason.utf8Bytes, message: message.utf8Bytes, into: &output)
    }

    /// `[6, {"message": …}, Reason]`
    package static func goodbye(
        _ serializer: Serializer, reason: Span<UInt8>, message: Span<UInt8>, into output: inout ByteBuffer
    ) {
        open(serializer, .goodbye, count: 3, into: &output)
        details(serializer, message: message, into: &output)
        text(serializer, reason, into: &output)
        tail(serializer, into: &output)
    }

    package static func goodbye(
        _ serializer: Serializer, reason: StaticString, message: StaticString = "", into output: inout ByteBuffer
    ) {
        goodbye(serializer, reason: reason.utf8Bytes, message: message.utf8Bytes, into: &output)
    }
}
