import Bytes

/// Reads JSON (RFC 8259) in the steps of the message grammar.
///
/// A step starts behind any white space and ends right behind what it has read, so that ``position`` after the last
/// element of a payload is where the payload ends.
struct JSONReader: ElementReader {
    var position = 0
    /// How many containers are open around the position.
    var depth = 0
    private var isFirstElement = true

    init() {}

    // MARK: The message

    mutating func openMessage(_ bytes: Span<UInt8>) throws(WAMPViolation) {
        skipSpace(bytes)
        guard bytes.peek(position) == UInt8(ascii: "[") else {
            throw kind(bytes) == .none ? .malformed(at: position) : .notAMessage
        }
        position &+= 1
        depth = 1
        isFirstElement = true
    }

    mutating func nextElement(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Bool {
        var progress = isFirstElement ? 0 : 1
        isFirstElement = false
        if try nextItem(bytes, &progress) { return true }
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

    mutating func natural(_ bytes: Span<UInt8>) throws(WAMPViolation) -> UInt64? {
        var index = position
        var value: UInt64 = 0
        while true {
            let digit = bytes.peek(index) &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            // Below 10^18 another digit always fits; ids end far before.
            guard value < 1_000_000_000_000_000_000 else { return nil }
            value = value &* 10 &+ UInt64(digit)
            index &+= 1
        }
        guard index > position else { return nil }
        switch bytes.peek(index) {
        case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): return nil
        default: break
        }
        if bytes.peek(position) == UInt8(ascii: "0"), index &- position > 1 { throw .malformed(at: position) }
        position = index
        return value
    }

    mutating func boolean(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Bool? {
        switch bytes.peek(position) {
        case UInt8(ascii: "t"):
            try skipLiteral(bytes, "true")
            return true
        case UInt8(ascii: "f"):
            try skipLiteral(bytes, "false")
            return false
        default:
            return nil
        }
    }

    mutating func text(_ bytes: Span<UInt8>) throws(WAMPViolation) -> TextRange? {
        guard bytes.peek(position) == UInt8(ascii: "\"") else { return nil }
        let escaped = try skipString(bytes)
        return TextRange(range: tokenStart..<position &- 1, escaped: escaped)
    }

    /// Where the contents of the string that was read last start.
    var tokenStart = 0

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

    mutating func skipColon(_ bytes: Span<UInt8>) throws(WAMPViolation) {
        skipSpace(bytes)
        guard bytes.peek(position) == UInt8(ascii: ":") else { throw .malformed(at: position) }
        position &+= 1
        skipSpace(bytes)
    }

    @inline(__always)
    mutating func skipSpace(_ bytes: Span<UInt8>) {
        while true {
            switch bytes.peek(position) {
            case 0x20, 0x0a, 0x0d, 0x09: position &+= 1
            default: return
            }
        }
    }
}
