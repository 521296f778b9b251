package import RennbahnBytes

/// Rewrites payloads from one serializer to the other as a stream, without building values.
///
/// ```
/// JSON                                   MsgPack
/// integer within Int64 or UInt64    ↔    the shortest int format, exactly
/// integer beyond                    →    float 64, the nearest
/// number with fraction or exponent  ↔    float 64; text of the fewest digits that read back
///                                   ←    float 32, widened
/// null                              ←    float that is not finite
/// string from U+0000 on             ↔    bin
/// any other string, as it is meant  ↔    str
/// key                               ←    str, or an integer as its digits
/// lists and dictionaries keep the order of their members
/// ```
///
/// ``WAMPViolation/notConvertible(at:)`` is thrown for what has no counterpart: extension types, keys of MsgPack that are
/// neither str nor integer, a str of MsgPack that starts with U+0000 (JSON would say a binary), and a string of JSON
/// that starts with U+0000 without being base64.
package enum Transcoder {
    /// Appends `bytes`, a payload as a scan leaves it, in the form of another serializer. What was appended before a
    /// violation is found stays in `output`.
    package static func transcode(
        _ payload: Payload, _ bytes: Span<UInt8>, to serializer: Serializer, into output: inout ByteBuffer
    ) throws(WAMPViolation) {
        switch (payload.serializer, serializer) {
        case (.json, .json), (.msgpack, .msgpack):
            output.append(bytes)
        case (.json, .msgpack):
            output.reserve(bytes.count)
            var source = JSONToMsgPack()
            try source.transcode(bytes, elements: Int(payload.elements), into: &output)
        case (.msgpack, .json):
            output.reserve(bytes.count + bytes.count / 4)
            var source = MsgPackToJSON()
            try source.transcode(bytes, elements: Int(payload.elements), into: &output)
        }
    }
}
