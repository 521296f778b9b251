package import RennbahnBytes

extension WAMPValue {
    /// Reads one value that fills `bytes`, such as the options of a scanned message. MsgPack goes no deeper than
    /// msgpack-c does, 32 levels; JSON to ``ScanLimit/depth``.
    package static func decode(
        _ bytes: Span<UInt8>, serializer: Serializer
    ) throws(WAMPViolation) -> WAMPValue {
        switch serializer {
        case .json:
            var reader = JSONValueReader()
            return try reader.read(bytes)
        case .msgpack:
            return try MsgPackValueReader.read(bytes)
        }
    }

    /// Appends the value. JSON has no form for numbers that are not finite: `null` stands for them.
    package func encode(_ serializer: Serializer, into output: inout ByteBuffer) {
        switch serializer {
        case .json: JSONValueWriter.write(self, into: &output)
        case .msgpack: MsgPackValueWriter.write(self, into: &output)
        }
    }
}

/// Args and ArgsKw as values.
package struct PayloadValues: Sendable, Equatable {
    /// Positional arguments; a single binary where one stands in the place of Args.
    package var arguments: [WAMPValue]
    package var keywords: WAMPDictionary

    package init(arguments: [WAMPValue] = [], keywords: WAMPDictionary = [:]) {
        self.arguments = arguments
        self.keywords = keywords
    }

    /// Reads the payload of a scanned message.
    package init(_ payload: Payload, _ bytes: Span<UInt8>) throws(WAMPViolation) {
        self.init()
        guard payload.elements > 0 else { return }
        // Payload bytes are the inside of a list: give them its brackets.
        var list = ByteBuffer(capacity: bytes.count + 2)
        switch payload.serializer {
        case .json: list.append(UInt8(ascii: "["))
        case .msgpack: list.append(0x90 | payload.elements & 0x0f)
        }
        list.append(bytes)
        if payload.serializer == .json { list.append(UInt8(ascii: "]")) }
        let elements = try WAMPValue.decode(list.span, serializer: payload.serializer).listValue ?? []
        if let first = elements.first { arguments = first.listValue ?? [first] }
        if elements.count > 1 { keywords = elements[1].dictionaryValue ?? [:] }
    }

    /// Appends the payload's bytes: neither element when both are empty, ArgsKw only when it is not.
    package func encode(_ serializer: Serializer, into output: inout ByteBuffer) -> Payload {
        guard !arguments.isEmpty || !keywords.isEmpty else { return .none(serializer) }
        WAMPValue.list(arguments).encode(serializer, into: &output)
        guard !keywords.isEmpty else { return Payload(serializer: serializer, elements: 1) }
        if serializer == .json { output.append(UInt8(ascii: ",")) }
        WAMPValue.dictionary(keywords).encode(serializer, into: &output)
        return Payload(serializer: serializer, elements: 2)
    }
}
