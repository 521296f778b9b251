import RennbahnBytes

/// Reads JSON into values. Strings that start with U+0000 are binaries.
struct JSONValueReader {
    private var reader = JSONReader()

    mutating func read(_ bytes: Span<UInt8>) throws(WAMPViolation) -> WAMPValue {
        reader = JSONReader()
        reader.skipSpace(bytes)
        let value = try value(bytes)
        reader.skipSpace(bytes)
        guard reader.position == bytes.count else { throw .malformed(at: reader.position) }
        return value
    }

    /// Recursion is bounded by ``ScanLimit/depth``, which the reader checks.
    private mutating func value(_ bytes: Span<UInt8>) throws(WAMPViolation) -> WAMPValue {
        switch reader.kind(bytes) {
        case .null:
            try reader.skip(bytes)
            return .null
        case .boolean:
            return .bool(try reader.boolean(bytes) ?? false)
        case .number:
            switch try reader.number(bytes) {
            case .integer(let value): return .integer(value)
            case .unsigned(let value): return .unsigned(value)
            case .double(let value): return .double(value)
            }
        case .text:
            return try string(bytes)
        case .list:
            var items: [WAMPValue] = []
            var progress = try reader.openList(bytes) ?? 0
            while try reader.nextItem(bytes, &progress) { items.append(try value(bytes)) }
            return .list(items)
        case .dictionary:
            var pairs: [WAMPDictionary.Pair] = []
            var progress = try reader.openDictionary(bytes) ?? 0
            while let key = try reader.nextKey(bytes, &progress) {
                let name = key.string(in: bytes)
                pairs.append(WAMPDictionary.Pair(key: name, value: try value(bytes)))
            }
            return .dictionary(WAMPDictionary(pairs))
        case .binary, .extension, .none:
            throw .malformed(at: reader.position)
        }
    }

    private mutating func string(_ bytes: Span<UInt8>) throws(WAMPViolation) -> WAMPValue {
        let start = reader.position
        let text = try reader.text(bytes) ?? .none
        let contents = bytes.extracting(text.range)
        guard text.escaped, JSONBinary.isBinary(contents) else { return .string(text.string(in: bytes)) }
        var data = ByteBuffer()
        try JSONBinary.decode(contents, at: start, into: &data)
        return .binary(data.span.copied())
    }
}

extension TextRange {
    /// The text as a string; for control paths.
    package func string(in bytes: Span<UInt8>) -> String {
        guard escaped else { return bytes.extracting(range).text() }
        var plain = ByteBuffer()
        JSONText.unescape(bytes.extracting(range), into: &plain)
        return plain.span.text()
    }
}

/// Writes values as JSON without white space. A string that itself starts with U+0000 cannot be told from a binary.
enum JSONValueWriter {
    static func write(_ value: WAMPValue, into output: inout ByteBuffer) {
        switch value {
        case .null: output.append("null")
        case .bool(let flag): output.append(flag ? "true" : "false")
        case .integer(let value): WireNumber.integer(value).appendJSON(to: &output)
        case .unsigned(let value): WireNumber.unsigned(value).appendJSON(to: &output)
        case .double(let value): WireNumber.double(value).appendJSON(to: &output)
        case .string(let text): write(text, into: &output)
        case .binary(let bytes): JSONBinary.append(bytes.span, to: &output)
        case .list(let items):
            output.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                write(item, into: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .dictionary(let dictionary):
            output.append(UInt8(ascii: "{"))
            for (index, pair) in dictionary.pairs.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                write(pair.key, into: &output)
                output.append(UInt8(ascii: ":"))
                write(pair.value, into: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, into output: inout ByteBuffer) {
        output.append(UInt8(ascii: "\""))
        JSONText.escape(text.utf8.span, into: &output)
        output.append(UInt8(ascii: "\""))
    }
}
