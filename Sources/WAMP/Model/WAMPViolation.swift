/// Why a WAMP message was refused: each leads to ABORT `wamp.error.protocol_violation` and a close with 1002, except
/// ``invalidUTF8``, which fails the WebSocket connection with 1007.
package enum WAMPViolation: Error, Sendable, Equatable {
    /// Not well-formed JSON or MsgPack, or something follows the message.
    case malformed(at: Int)
    /// A text is not UTF-8.
    case invalidUTF8(at: Int)
    /// Lists and dictionaries are nested deeper than the scanner allows.
    case nestedTooDeeply(at: Int)
    /// The message is not a list, or an empty one.
    case notAMessage
    /// The type code is not one of the specification.
    case unknownType
    /// The message has too few or too many elements for its type.
    case wrongLength(MessageCode)
    /// An element has the wrong type, or an id is outside 1 … 2^53.
    case wrongElement(MessageCode, index: Int)
    /// A known option has a value of the wrong type.
    case wrongOption(MessageCode)
    /// The message may not be sent in this direction.
    case wrongDirection(MessageCode)
    /// ERROR for a request that cannot fail in this direction.
    case wrongRequestType
    /// A value that WAMP has no form for in the wanted serializer: an extension type of MsgPack, a key that is neither a
    /// string nor an integer, a binary that is not Base64. Only reading and transcoding values find this, no scan.
    case notConvertible(at: Int)
}
