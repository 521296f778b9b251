import Bytes

// Passing JSON values without looking at what they mean: where nearly all the time of a scan goes.

extension JSONReader {
    /// Passes one value, however deep it is nested, without recursion: which brackets are open is one bit each.
    mutating func skip(_ bytes: Span<UInt8>) throws(WAMPViolation) {
        // The lowest bit tells whether the innermost open container is a dictionary.
        var dictionaries: UInt128 = 0
        let outside = depth
        while true {
            if try skipStart(bytes, &dictionaries) { continue }
            // A value has ended: pass what closes behind it, up to the comma before the next.
            while true {
                if depth == outside { return }
                skipSpace(bytes)
                let inDictionary = dictionaries & 1 != 0
                let next = bytes.peek(position)
                if next == UInt8(ascii: ",") {
                    position &+= 1
                    skipSpace(bytes)
                    if inDictionary { try skipKey(bytes) }
                    break
                }
                guard next == (inDictionary ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    throw .malformed(at: position)
                }
                position &+= 1
                dictionaries >>= 1
                depth &-= 1
            }
        }
    }

    /// Passes a scalar or an empty container, or enters a container up to its first value.
    ///
    /// - Returns: whether a container was entered.
    @inline(__always)
    private mutating func skipStart(
        _ bytes: Span<UInt8>, _ dictionaries: inout UInt128
    ) throws(WAMPViolation) -> Bool {
        switch bytes.peek(position) {
        case UInt8(ascii: "\""):
            _ = try skipString(bytes)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            try skipNumber(bytes)
        case UInt8(ascii: "{"):
            guard depth < ScanLimit.depth else { throw .nestedTooDeeply(at: position) }
            position &+= 1
            skipSpace(bytes)
            if bytes.peek(position) == UInt8(ascii: "}") {
                position &+= 1
            } else {
                depth &+= 1
                dictionaries = dictionaries << 1 | 1
                try skipKey(bytes)
                return true
            }
        case UInt8(ascii: "["):
            guard depth < ScanLimit.depth else { throw .nestedTooDeeply(at: position) }
            position &+= 1
            skipSpace(bytes)
            if bytes.peek(position) == UInt8(ascii: "]") {
                position &+= 1
            } else {
                depth &+= 1
                dictionaries <<= 1
                return true
            }
        case UInt8(ascii: "t"): try skipLiteral(bytes, "true")
        case UInt8(ascii: "f"): try skipLiteral(bytes, "false")
        case UInt8(ascii: "n"): try skipLiteral(bytes, "null")
        default: throw .malformed(at: position)
        }
        return false
    }

    private mutating func skipKey(_ bytes: Span<UInt8>) throws(WAMPViolation) {
        guard bytes.peek(position) == UInt8(ascii: "\"") else { throw .malformed(at: position) }
        _ = try skipString(bytes)
        try skipColon(bytes)
    }

    mutating func skipLiteral(_ bytes: Span<UInt8>, _ literal: StaticString) throws(WAMPViolation) {
        let length = literal.utf8CodeUnitCount
        guard bytes.count &- position >= length,
            bytes.extracting(position..<position &+ length).equals(literal)
        else { throw .malformed(at: position) }
        position &+= length
    }

    /// `-? (0 | [1-9] digit*) (. digit+)? ([eE] [+-]? digit+)?`
    mutating func skipNumber(_ bytes: Span<UInt8>) throws(WAMPViolation) {
        if bytes.peek(position) == UInt8(ascii: "-") { position &+= 1 }
        if bytes.peek(position) == UInt8(ascii: "0") {
            position &+= 1
        } else {
            try skipDigits(bytes)
        }
        if bytes.peek(position) == UInt8(ascii: ".") {
            position &+= 1
            try skipDigits(bytes)
        }
        if bytes.peek(position) | 0x20 == UInt8(ascii: "e") {
            position &+= 1
            let sign = bytes.peek(position)
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position &+= 1 }
            try skipDigits(bytes)
        }
    }

    @inline(__always)
    private mutating func skipDigits(_ bytes: Span<UInt8>) throws(WAMPViolation) {
        let start = position
        while bytes.peek(position) &- UInt8(ascii: "0") < 10 { position &+= 1 }
        guard position > start else { throw .malformed(at: position) }
    }

    /// Passes a string from its opening to its closing quotation mark and notes where its contents start.
    ///
    /// - Returns: whether the contents hold an escape.
    mutating func skipString(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Bool {
        var index = position &+ 1
        tokenStart = index
        var escaped = false
        while true {
            index = JSONReader.endOfPlainRun(bytes, from: index)
            guard index < bytes.count else { throw .malformed(at: index) }
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                position = index &+ 1
                return escaped
            } else if byte == UInt8(ascii: "\\") {
                escaped = true
                let length = JSONReader.escapeLength(bytes, at: index)
                guard length > 0 else { throw .malformed(at: index) }
                index &+= length
            } else if byte >= 0x80 {
                repeat {
                    let length = JSONReader.sequenceLength(bytes, at: index)
                    guard length > 0 else { throw .invalidUTF8(at: index) }
                    index &+= length
                } while bytes.peek(index) >= 0x80
            } else {
                throw .malformed(at: index)
            }
        }
    }
}
