import RennbahnBytes

/// The way from MsgPack to JSON. Recursion is bounded by ``ScanLimit/depth``, which the reader checks.
struct MsgPackToJSON {
    private var reader = MsgPackReader()

    mutating func transcode(
        _ bytes: Span<UInt8>, elements: Int, into output: inout ByteBuffer
    ) throws(WAMPViolation) {
        // A payload stands inside the message's list.
        reader.restartInList()
        for element in 0..<elements {
            if element > 0 { output.append(UInt8(ascii: ",")) }
            try value(bytes, into: &output)
        }
        guard reader.position == bytes.count else { throw .malformed(at: reader.position) }
    }

    private mutating func value(_ bytes: Span<UInt8>, into output: inout ByteBuffer) throws(WAMPViolation) {
        switch reader.kind(bytes) {
        case .text:
            let text = try reader.text(bytes) ?? .none
            guard bytes.extracting(text.range).isEmpty || bytes[text.range.lowerBound] != 0 else {
                throw .notConvertible(at: text.range.lowerBound)
            }
            MsgPackToJSON.append(bytes.extracting(text.range), to: &output)
        case .number: try reader.number(bytes).appendJSON(to: &output)
        case .binary: try binary(bytes, into: &output)
        case .list: try list(bytes, into: &output)
        case .dictionary: try dictionary(bytes, into: &output)
        case .boolean: output.append(try reader.boolean(bytes) == true ? "true" : "false")
        case .null:
            try reader.skip(bytes)
            output.append("null")
        case .extension: throw .notConvertible(at: reader.position)
        case .none: throw .malformed(at: reader.position)
        }
    }

    private static func append(_ text: Span<UInt8>, to output: inout ByteBuffer) {
        output.append(UInt8(ascii: "\""))
        JSONText.escape(text, into: &output)
        output.append(UInt8(ascii: "\""))
    }

    private mutating func binary(_ bytes: Span<UInt8>, into output: inout ByteBuffer) throws(WAMPViolation) {
        let start = reader.position
        try reader.skip(bytes)
        guard let head = MsgPackHead(bytes, at: start) else { throw .malformed(at: start) }
        JSONBinary.append(bytes.extracting(start &+ head.length..<reader.position), to: &output)
    }

    private mutating func list(_ bytes: Span<UInt8>, into output: inout ByteBuffer) throws(WAMPViolation) {
        output.append(UInt8(ascii: "["))
        var progress = try reader.openList(bytes) ?? 0
        var isFirst = true
        while try reader.nextItem(bytes, &progress) {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            try value(bytes, into: &output)
        }
        output.append(UInt8(ascii: "]"))
    }

    private mutating func dictionary(_ bytes: Span<UInt8>, into output: inout ByteBuffer) throws(WAMPViolation) {
        output.append(UInt8(ascii: "{"))
        var progress = try reader.openDictionary(bytes) ?? 0
        var isFirst = true
        while try reader.nextItem(bytes, &progress) {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            try key(bytes, into: &output)
            output.append(UInt8(ascii: ":"))
            try value(bytes, into: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    private mutating func key(_ bytes: Span<UInt8>, into output: inout ByteBuffer) throws(WAMPViolation) {
        if let text = try reader.text(bytes) {
            MsgPackToJSON.append(bytes.extracting(text.range), to: &output)
            return
        }
        let start = reader.position
        guard reader.kind(bytes) == .number else { throw .notConvertible(at: start) }
        let number = try reader.number(bytes)
        if case .double = number { throw .notConvertible(at: start) }
        output.append(UInt8(ascii: "\""))
        number.appendJSON(to: &output)
        output.append(UInt8(ascii: "\""))
    }
}
