import RennbahnBytes

// The parts that messages are put together from, for either serializer. In JSON every element but the first brings its
// comma along; in MsgPack the head of the list says how many follow.

extension MessageWriter {
    /// The list's opening and the type code.
    @inline(__always)
    static func open(_ serializer: Serializer, _ code: MessageCode, count: Int, into output: inout ByteBuffer) {
        switch serializer {
        case .json:
            output.append(UInt8(ascii: "["))
            output.append(decimal: UInt64(truncatingIfNeeded: code.rawValue))
        case .msgpack:
            output.append(0x90 | UInt8(truncatingIfNeeded: count))
            output.append(UInt8(truncatingIfNeeded: code.rawValue))
        }
    }

    /// The opening of the messages that are sent over and over, up to the payload: `[code,first,second,{}`, or without
    /// the second id. What is known beforehand is written in few stores, the serializer asked for once.
    @inline(__always)
    static func carrierHead(
        _ serializer: Serializer, _ code: MessageCode, _ first: UInt64, _ second: UInt64? = nil, payload: Payload,
        into output: inout ByteBuffer
    ) {
        precondition(payload.serializer == serializer, "the payload must be transcoded first")
        switch serializer {
        case .json:
            // `[36,`
            let tens = UInt32(truncatingIfNeeded: code.rawValue / 10)
            let ones = UInt32(truncatingIfNeeded: code.rawValue % 10)
            output.append(bigEndian: 0x5b_30_30_2c | tens << 16 | ones << 8)
            output.append(decimal: first)
            if let second {
                output.append(UInt8(ascii: ","))
                output.append(decimal: second)
            }
            // `,{},`, without the last comma where no payload follows.
            output.append(bigEndian: 0x2c_7b_7d_2c as UInt32)
            if payload.elements == 0 { output.truncate(to: output.count &- 1) }
        case .msgpack:
            let count = UInt16(payload.elements) &+ (second == nil ? 3 : 4)
            output.append(bigEndian: 0x9000 | count << 8 | UInt16(truncatingIfNeeded: code.rawValue))
            MsgPackText.append(natural: first, to: &output)
            if let second { MsgPackText.append(natural: second, to: &output) }
            output.append(0x80)
        }
    }

    @inline(__always)
    static func number(_ serializer: Serializer, _ value: UInt64, into output: inout ByteBuffer) {
        switch serializer {
        case .json:
            output.append(UInt8(ascii: ","))
            output.append(decimal: value)
        case .msgpack:
            MsgPackText.append(natural: value, to: &output)
        }
    }

    @inline(__always)
    static func emptyDictionary(_ serializer: Serializer, into output: inout ByteBuffer) {
        switch serializer {
        case .json: output.append(",{}")
        case .msgpack: output.append(0x80)
        }
    }

    /// A dictionary of one pair, whose value is the flag or the text.
    static func dictionary(_ serializer: Serializer, _ key: StaticString, _ flag: Bool, into output: inout ByteBuffer) {
        openDictionary(serializer, key, into: &output)
        switch serializer {
        case .json: output.append(flag ? "true}" : "false}")
        case .msgpack: output.append(flag ? 0xc3 : 0xc2)
        }
    }

    static func dictionary(
        _ serializer: Serializer, _ key: StaticString, _ text: Span<UInt8>, into output: inout ByteBuffer
    ) {
        openDictionary(serializer, key, into: &output)
        bareText(serializer, text, into: &output)
        if serializer == .json { output.append(UInt8(ascii: "}")) }
    }

    /// A dictionary of one pair up to its value.
    private static func openDictionary(_ serializer: Serializer, _ key: StaticString, into output: inout ByteBuffer) {
        switch serializer {
        case .json:
            output.append(",{")
            bareText(serializer, key.utf8Bytes, into: &output)
            output.append(UInt8(ascii: ":"))
        case .msgpack:
            output.append(0x81)
            bareText(serializer, key.utf8Bytes, into: &output)
        }
    }

    /// A dictionary with the number of EVENTs that were left out, and before it the topic where it is not empty.
    static func droppedDetails(
        _ serializer: Serializer, _ dropped: UInt64, topic: Span<UInt8>, into output: inout ByteBuffer
    ) {
        let (topicKey, droppedKey): (StaticString, StaticString) = ("topic", "x_dropped")
        switch serializer {
        case .json:
            output.append(",{")
            if !topic.isEmpty {
                bareText(serializer, topicKey.utf8Bytes, into: &output)
                output.append(UInt8(ascii: ":"))
                bareText(serializer, topic, into: &output)
                output.append(UInt8(ascii: ","))
            }
            bareText(serializer, droppedKey.utf8Bytes, into: &output)
            output.append(UInt8(ascii: ":"))
            output.append(decimal: dropped)
            output.append(UInt8(ascii: "}"))
        case .msgpack:
            output.append(topic.isEmpty ? 0x81 : 0x82)
            if !topic.isEmpty {
                bareText(serializer, topicKey.utf8Bytes, into: &output)
                bareText(serializer, topic, into: &output)
            }
            bareText(serializer, droppedKey.utf8Bytes, into: &output)
            MsgPackText.append(natural: dropped, to: &output)
        }
    }

    /// A dictionary that is `empty`, or holds a `message`.
    static func details(_ serializer: Serializer, message: Span<UInt8>, into output: inout ByteBuffer) {
        if message.isEmpty {
            emptyDictionary(serializer, into: &output)
        } else {
            dictionary(serializer, "message", message, into: &output)
        }
    }

    static func value(_ serializer: Serializer, _ value: WAMPValue, into output: inout ByteBuffer) {
        if serializer == .json { output.append(UInt8(ascii: ",")) }
        value.encode(serializer, into: &output)
    }

    /// A string element.
    @inline(__always)
    static func text(_ serializer: Serializer, _ text: Span<UInt8>, into output: inout ByteBuffer) {
        if serializer == .json { output.append(UInt8(ascii: ",")) }
        bareText(serializer, text, into: &output)
    }

    private static func bareText(_ serializer: Serializer, _ text: Span<UInt8>, into output: inout ByteBuffer) {
        switch serializer {
        case .json:
            output.append(UInt8(ascii: "\""))
            JSONText.escape(text, into: &output)
            output.append(UInt8(ascii: "\""))
        case .msgpack:
            MsgPackText.append(textHead: text.count, to: &output)
            output.append(text)
        }
    }

    /// What stands between the last fixed element and the payload.
    @inline(__always)
    static func payloadStart(_ serializer: Serializer, _ payload: Payload, into output: inout ByteBuffer) {
        precondition(payload.serializer == serializer, "the payload must be transcoded first")
        if serializer == .json, payload.elements > 0 { output.append(UInt8(ascii: ",")) }
    }

    /// The payload and the end of the message.
    @inline(__always)
    static func finish(_ serializer: Serializer, _ bytes: Span<UInt8>, into output: inout ByteBuffer) {
        output.append(bytes)
        tail(serializer, into: &output)
    }

    /// What follows the payload.
    @inline(__always)
    static func tail(_ serializer: Serializer, into output: inout ByteBuffer) {
        if serializer == .json { output.append(UInt8(ascii: "]")) }
    }
}
