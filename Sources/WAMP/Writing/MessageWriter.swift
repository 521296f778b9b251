package import RennbahnBytes

/// Appends whole messages to a buffer.
///
/// A payload that goes into a message must be of that message's serializer; see ``Transcoder``. URIs are given as plain
/// text and escaped here.
package enum MessageWriter {
    /// `[8, REQUEST.Type, Request, {}, Error`
    static func errorHead(
        _ serializer: Serializer, code: MessageCode, request: RequestID, error: Span<UInt8>, payload: Payload,
        into output: inout ByteBuffer
    ) {
        open(serializer, .error, count: 5 &+ Int(payload.elements), into: &output)
        number(serializer, UInt64(truncatingIfNeeded: code.rawValue), into: &output)
        number(serializer, request.value, into: &output)
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
