import RennbahnBytes

/// Reads JSON (RFC 8259) in the steps of the message grammar.
///
/// A step starts behind any white space and ends right behind what it has read, so that ``position`` after the last
/// element of a payload is where the payload ends.
struct JSONReader: ElementReader {
    var position = 0
    /// How many containers are open around the position.
    var depth = 0

    // MARK: The message

    @inline(__always)
    mutating func openMessage(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Bool {
        skipSpace(bytes)
        guard bytes.peek(position) == UInt8(ascii: "[") else {
            throw kind(bytes) == .none ? .malformed(at: position) : .notAMessage
        }
        position &+= 1
        depth = 1
        skipSpace(bytes)
        if bytes.peek(position) == UInt8(ascii: "]") { return try endMessage(bytes) }
        return true
    }

    @inline(__always)
    mutating func nextElement(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Bool {
        skipSpace(bytes)
        guard bytes.peek(position) == UInt8(ascii: ",") else { return try endMessage(bytes) }
        position &+= 1
        skipSpace(bytes)
        return true
    }

    /// Passes the end of the message, behind which only white space may stand.
    private mutating func endMessage(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Bool {
        guard bytes.peek(position) == UInt8(ascii: "]") else { throw .malformed(at: position) }
        position &+= 1
        depth &-= 1
        skipSpace(bytes)
        guard position == bytes.count else { throw .malformed(at: position) }
        return false
    }

    // MARK: Single values

    func kind(_ bytes: Span<UInt8>) -> ElementKind {
        switch bytes.peek(position) {
        case UInt8(ascii: "\""): .text
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): .number
        case UInt8(ascii: "{"): .dictionary
        case UInt8(ascii: "["): .list
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
        case UInt8(ascii: "n"): .null
        default: .none
        }
    }

    @inline(__always)
    mutating func natural(_ bytes: Span<UInt8>) throws(WAMPViolation) -> UInt64? {
        let start = position
        guard let (value, end) = JSONDigits.natural(bytes, at: start) else { return nil }
        let next = bytes.peek(end)
        if next == UInt8(ascii: ".") || next | 0x20 == UInt8(ascii: "e") { return nil }
        if bytes.peek(start) == UInt8(ascii: "0"), end &- start > 1 { throw .malformed(at: start) }
        position = end
        return value
    }

    mutating func boolean(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Bool? {
        let first = bytes.peek(position)
        guard first == UInt8(ascii: "t") || first == UInt8(ascii: "f") else { return nil }
        position = try JSONReader.endOfLiteral(bytes, at: position)
        return first == UInt8(ascii: "t")
    }

    @inline(__always)
    mutating func text(_ bytes: Span<UInt8>) throws(WAMPViolation) -> TextRange? {
        guard bytes.peek(position) == UInt8(ascii: "\"") else { return nil }
        let start = position &+ 1
        let end = JSONReader.endOfMediumRun(bytes, from: start)
        if bytes.peek(end) == UInt8(ascii: "\"") {
            position = end &+ 1
            return TextRange(range: start..<end, escaped: false)
        }
        var escaped = false
        position = try JSONReader.endOfString(bytes, from: end, &escaped)
        return TextRange(range: start..<position &- 1, escaped: escaped)
    }

    @inline(__always)
    mutating func skipEmptyDictionary(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.peek(position) == UInt8(ascii: "{"), bytes.peek(position &+ 1) == UInt8(ascii: "}") else {
            return false
        }
        position &+= 2
        return true
    }

    // MARK: Containers

    /// - Returns: 0, for nothing read yet.
    mutating func openDictionary(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Int? {
        guard bytes.peek(position) == UInt8(ascii: "{") else { return nil }
        try enter()
        return 0
    }

    mutating func nextKey(_ bytes: Span<UInt8>, _ progress: inout Int) throws(WAMPViolation) -> TextRange? {
        guard try advance(bytes, &progress, closing: UInt8(ascii: "}")) else { return nil }
        guard let key = try text(bytes) else { throw .malformed(at: position) }
        try skipColon(bytes)
        return key
    }

    mutating func openList(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Int? {
        guard bytes.peek(position) == UInt8(ascii: "[") else { return nil }
        try enter()
        return 0
    }

    mutating func nextItem(_ bytes: Span<UInt8>, _ progress: inout Int) throws(WAMPViolation) -> Bool {
        try advance(bytes, &progress, closing: UInt8(ascii: "]"))
    }

    private mutating func enter() throws(WAMPViolation) {
        guard depth < ScanLimit.depth else { throw .nestedTooDeeply(at: position) }
        depth &+= 1
        position &+= 1
    }

    /// Passes the comma before every member but the first (`progress` 0), or the closing bracket.
    @inline(__always)
    private mutating func advance(
        _ bytes: Span<UInt8>, _ progress: inout Int, closing: UInt8
    ) throws(WAMPViolation) -> Bool {
        skipSpace(bytes)
        let next = bytes.peek(position)
        if next == closing {
            position &+= 1
            depth &-= 1
            return false
        }
        if progress == 0 {
            progress = 1
            return true
        }
        guard next == UInt8(ascii: ",") else { throw .malformed(at: position) }
        position &+= 1
        skipSpace(bytes)
        return true
    }

    @inline(__always)
    mutating func skipColon(_ bytes: Span<UInt8>) throws(WAMPViolation) {
        skipSpace(bytes)
        guard bytes.peek(position) == UInt8(ascii: ":") else { throw .malformed(at: position) }
        position &+= 1
        skipSpace(bytes)
    }

    @inline(__always)
    mutating func skipSpace(_ bytes: Span<UInt8>) {
        if bytes.peek(position) <= 0x20 { position = JSONReader.endOfSpace(bytes, from: position) }
    }

    /// The first byte from `start` on that is no white space.
    static func endOfSpace(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while true {
            switch bytes.peek(index) {
            case 0x20, 0x0a, 0x0d, 0x09: index &+= 1
            default: return index
            }
        }
    }
}
