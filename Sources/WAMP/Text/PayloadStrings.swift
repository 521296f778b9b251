import RennbahnBytes

/// A look into a payload for one thing: the string that it starts with.
package enum PayloadStrings {
    /// Where the contents of the first positional argument stand in a payload's bytes; `nil` when there is none, when it
    /// is no string, or when it holds a JSON escape.
    package static func firstString(in bytes: Span<UInt8>, payload: Payload) -> Range<Int>? {
        guard payload.elements > 0 else { return nil }
        switch payload.serializer {
        case .json: return firstJSONString(bytes)
        case .msgpack: return firstMsgPackString(bytes)
        }
    }

    private static func firstJSONString(_ bytes: Span<UInt8>) -> Range<Int>? {
        var reader = JSONReader()
        reader.skipSpace(bytes)
        guard bytes.peek(reader.position) == UInt8(ascii: "[") else { return nil }
        reader.position &+= 1
        reader.skipSpace(bytes)
        guard bytes.peek(reader.position) == UInt8(ascii: "\"") else { return nil }
        let start = reader.position &+ 1
        var end = start
        while true {
            end = JSONReader.endOfPlainRun(bytes, from: end)
            guard end < bytes.count else { return nil }
            if bytes[end] == UInt8(ascii: "\"") { return start..<end }
            // The scan has checked the UTF-8; only an escape ends the search.
            guard bytes[end] >= 0x80 else { return nil }
            end &+= 1
        }
    }

    private static func firstMsgPackString(_ bytes: Span<UInt8>) -> Range<Int>? {
        guard let list = MsgPackHead(bytes, at: 0), case .list(let items) = list.content, items > 0,
            let item = MsgPackHead(bytes, at: list.length), case .text(let count) = item.content
        else { return nil }
        let start = list.length &+ item.length
        guard count <= bytes.count &- start else { return nil }
        return start..<start &+ count
    }
}
