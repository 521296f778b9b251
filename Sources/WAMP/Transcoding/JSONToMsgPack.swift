import RennbahnBytes

/// The way from JSON to MsgPack. Recursion is bounded by ``ScanLimit/depth``, which the reader checks.
struct JSONToMsgPack {
    private var reader = JSONReader()

    mutating func transcode(
        _ bytes: Span<UInt8>, elements: Int, into output: inout ByteBuffer
    ) throws(WAMPViolation) {
        // A payload stands inside the message's list.
        reader.depth = 1
        for element in 0..<elements {
            reader.skipSpace(bytes)
            if element > 0 {
                guard bytes.peek(reader.position) == UInt8(ascii: ",") else { throw .malformed(at: reader.position) }
                reader.position &+= 1
                reader.skipSpace(bytes)
            }
            try value(bytes, into: &output)
        }
        reader.skipSpace(bytes)
        guard reader.position == bytes.count else { throw .malformed(at: reader.position) }
    }

    private mutating func value(_ bytes: Span<UInt8>, into output: inout ByteBuffer) throws(WAMPViolation) {
        switch reader.kind(bytes) {
        case .text: try text(bytes, into: &output)
        case .number: try reader.number(bytes).appendMsgPack(to: &output)
        case .list: try list(bytes, into: &output)
        case .dictionary: try dictionary(bytes, into: &output)
        case .boolean: output.append(try reader.boolean(bytes) == true ? 0xc3 : 0xc2)
        case .null:
            try reader.skip(bytes)
            output.append(MsgPackFormat.null)
        case .binary, .extension, .none: throw .malformed(at: reader.position)
        }
    }

    private mutating func text(_ bytes: Span<UInt8>, into output: inout ByteBuffer) throws(WAMPViolation) {
        let start = reader.position
        let text = try reader.text(bytes) ?? .none
        let contents = bytes.extracting(text.range)
        if text.escaped, JSONBinary.isBinary(contents) {
            // Written with the head for what fits in 8 bits, which is widened where that was too little.
            let head = output.count
            output.append(MsgPackFormat.bin8)
            output.append(0)
            try JSONBinary.decode(contents, at: start, into: &output)
            JSONToMsgPack.setBinaryHead(at: head, count: output.count &- head &- 2, &output)
        } else {
            JSONToMsgPack.append(text, contents, to: &output)
        }
    }

    private static func append(_ text: TextRange, _ contents: Span<UInt8>, to output: inout ByteBuffer) {
        if text.escaped {
            MsgPackText.append(textHead: JSONText.unescapedCount(contents), to: &output)
            JSONText.unescape(contents, into: &output)
        } else {
            MsgPackText.append(textHead: contents.count, to: &output)
            output.append(contents)
        }
    }

    // MARK: Containers

    // JSON does not say how many members follow: the head of one byte that small containers have is written first, and
    // widened behind a large one.

    private mutating func list(_ bytes: Span<UInt8>, into output: inout ByteBuffer) throws(WAMPViolation) {
        let head = output.count
        output.append(0x90)
        var count = 0
        var progress = try reader.openList(bytes) ?? 0
        while try reader.nextItem(bytes, &progress) {
            try value(bytes, into: &output)
            count &+= 1
        }
        JSONToMsgPack.setHead(at: head, count: count, small: 0x90, large: MsgPackFormat.array16, &output)
    }

    private mutating func dictionary(_ bytes: Span<UInt8>, into output: inout ByteBuffer) throws(WAMPViolation) {
        let head = output.count
        output.append(0x80)
        var count = 0
        var progress = try reader.openDictionary(bytes) ?? 0
        while let key = try reader.nextKey(bytes, &progress) {
            JSONToMsgPack.append(key, bytes.extracting(key.range), to: &output)
            try value(bytes, into: &output)
            count &+= 1
        }
        JSONToMsgPack.setHead(at: head, count: count, small: 0x80, large: MsgPackFormat.map16, &output)
    }

    private static func setHead(at head: Int, count: Int, small: UInt8, large: UInt8, _ output: inout ByteBuffer) {
        if count < 16 {
            output.set(small | UInt8(truncatingIfNeeded: count), at: head)
        } else {
            let width = count < 0x1_0000 ? 2 : 4
            output.insertGap(width, at: head &+ 1)
            output.set(width == 2 ? large : large &+ 1, at: head)
            setLength(count, width: width, at: head &+ 1, &output)
        }
    }

    private static func setBinaryHead(at head: Int, count: Int, _ output: inout ByteBuffer) {
        let width = count < 0x100 ? 1 : count < 0x1_0000 ? 2 : 4
        output.insertGap(width &- 1, at: head &+ 1)
        output.set(MsgPackFormat.bin8 &+ UInt8(truncatingIfNeeded: width.trailingZeroBitCount), at: head)
        setLength(count, width: width, at: head &+ 1, &output)
    }

    private static func setLength(_ length: Int, width: Int, at index: Int, _ output: inout ByteBuffer) {
        for offset in 0..<width {
            let shift = (width &- 1 &- offset) &* 8
            output.set(UInt8(truncatingIfNeeded: length >> shift), at: index &+ offset)
        }
    }
}
