import Bytes

/// Reads whole messages without decoding them: checks every byte once and notes where the parts stand.
///
/// After a scan the message is wholly valid: JSON to the full grammar of RFC 8259 in UTF-8, MsgPack to its last length,
/// nothing behind it, nested no deeper than ``ScanLimit/depth``. So a payload can be passed on as it is, and no other parser
/// will find another structure in it.
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
        switch serializer {
        case .json:
            var json = JSONReader()
            return try json.clientMessage(bytes, serializer: .json)
        case .msgpack:
            msgpack.restart()
            return try msgpack.clientMessage(bytes, serializer: .msgpack)
        }
    }

    /// Scans what a router sent.
    package mutating func scanRouterMessage(
        _ bytes: Span<UInt8>, serializer: Serializer
    ) throws(WAMPViolation) -> ScannedRouterMessage {
        switch serializer {
        case .json:
            var json = JSONReader()
            return try json.routerMessage(bytes, serializer: .json)
        case .msgpack:
            msgpack.restart()
            return try msgpack.routerMessage(bytes, serializer: .msgpack)
        }
    }
}
