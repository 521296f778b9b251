import RennbahnBytes

/// Reads whole messages without decoding them: checks every byte once and notes where the parts stand.
///
/// After a scan the message is wholly valid: JSON to the full grammar of RFC 8259 in UTF-8, MsgPack to its last length,
/// nothing behind it, nested no deeper than ``ScanLimit/depth``. So a payload can be passed on as it is, and no other parser
/// will find another structure in it.
///
/// The messages that are sent over and over, in the form that they nearly always have, are read in one go
/// (`usualClientMessage`); any other message and any other form is the grammar's (``ElementReader``), which asks for one
/// element after the other. What the first accepts the second accepts, too, with its parts in the same places.
///
/// One for each thread that scans, used again and again; nothing is allocated and nothing is kept from one message to
/// the next.
package struct EnvelopeScanner {
    private var msgpack = MsgPackReader()

    package init() {}

    /// Scans what a client sent.
    package mutating func scanClientMessage(
        _ bytes: Span<UInt8>, serializer: Serializer
    ) throws(WAMPViolation) -> ScannedClientMessage {
        var parts = MessageParts(serializer)
        let message = try clientMessage(bytes, serializer, &parts)
        return ScannedClientMessage(
            message: message, uri: parts.uri, options: parts.options, payload: parts.payload,
            payloadRange: parts.payloadRange)
    }

    @inline(__always)
    private mutating func clientMessage(
        _ bytes: Span<UInt8>, _ serializer: Serializer, _ parts: inout MessageParts
    ) throws(WAMPViolation) -> ClientMessage {
        switch serializer {
        case .json:
            var json = JSONReader()
            if let message = try json.usualClientMessage(bytes, &parts) { return message }
            json = JSONReader()
            parts = MessageParts(serializer)
            return try json.clientMessage(bytes, &parts)
        case .msgpack:
            msgpack.restart()
            if let message = try msgpack.usualClientMessage(bytes, &parts) { return message }
            msgpack.restart()
            parts = MessageParts(serializer)
            return try msgpack.clientMessage(bytes, &parts)
        }
    }

    /// Scans what a router sent.
    package mutating func scanRouterMessage(
        _ bytes: Span<UInt8>, serializer: Serializer
    ) throws(WAMPViolation) -> ScannedRouterMessage {
        var parts = MessageParts(serializer)
        let message = try routerMessage(bytes, serializer, &parts)
        return ScannedRouterMessage(
            message: message, uri: parts.uri, options: parts.options, payload: parts.payload,
            payloadRange: parts.payloadRange)
    }

    @inline(__always)
    private mutating func routerMessage(
        _ bytes: Span<UInt8>, _ serializer: Serializer, _ parts: inout MessageParts
    ) throws(WAMPViolation) -> RouterMessage {
        switch serializer {
        case .json:
            var json = JSONReader()
            if let message = try json.usualRouterMessage(bytes, &parts) { return message }
            json = JSONReader()
            parts = MessageParts(serializer)
            return try json.routerMessage(bytes, &parts)
        case .msgpack:
            msgpack.restart()
            if let message = try msgpack.usualRouterMessage(bytes, &parts) { return message }
            msgpack.restart()
            parts = MessageParts(serializer)
            return try msgpack.routerMessage(bytes, &parts)
        }
    }
}
