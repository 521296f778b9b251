import RennbahnBytes

// Passing JSON values without looking at what they mean: where nearly all the time of a scan goes. What is read often
// and short is read in place, the rest by functions.

extension JSONReader {
    /// Passes one value, however deep it is nested, without recursion: which brackets are open is one bit each.
    mutating func skip(_ bytes: Span<UInt8>) throws(WAMPViolation) {
        // The lowest bit tells whether the innermost open container is a dictionary.
        var dictionaries: UInt128 = 0
        let outside = depth
        var depth = depth
        var index = position
        while true {
            let first = bytes.peek(index)
            switch first {
            case UInt8(ascii: "\""):
                let end = JSONReader.endOfMediumRun(bytes, from: index &+ 1)
                index = try JSONReader.endOfString(bytes, stop: end)
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                index = try JSONReader.endOfNumber(bytes, from: index)
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                guard depth < ScanLimit.depth else { throw .nestedTooDeeply(at: index) }
                index = JSONReader.space(bytes, from: index &+ 1)
                // The closing bracket stands two places behind the opening one in ASCII.
                if bytes.peek(index) == first &+ 2 {
                    index &+= 1
                    break
                }
                depth &+= 1
                dictionaries = dictionaries << 1
                if first == UInt8(ascii: "{") {
                    dictionaries |= 1
                    index = try JSONReader.endOfKey(bytes, from: index)
                }
                continue
            case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
                index = try JSONReader.endOfLiteral(bytes, at: index)
            default:
                throw .malformed(at: index)
            }
            // A value has ended: pass what closes behind it, up to the comma before the next.
            while true {
                if depth == outside {
                    position = index
                    return
                }
                index = JSONReader.space(bytes, from: index)
                let next = bytes.peek(index)
                let inDictionary = dictionaries & 1 != 0
                if next == UInt8(ascii: ",") {
                    index = JSONReader.space(bytes, from: index &+ 1)
                    if inDictionary { index = try JSONReader.endOfKey(bytes, from: index) }
                    break
                }
                guard next == (inDictionary ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    throw .malformed(at: index)
                }
                index &+= 1
                dictionaries >>= 1
                depth &-= 1
            }
        }
    }

    @inline(__always)
    private static func space(_ bytes: Span<UInt8>, from start: Int) -> Int {
        bytes.peek(start) > 0x20 ? start : endOfSpace(bytes, from: start)
    }

    /// Passes the rest of a string, of which all before `stop` is plain.
    @inline(__always)
    private static func endOfString(_ bytes: Span<UInt8>, stop: Int) throws(WAMPViolation) -> Int {
        if bytes.peek(stop) == UInt8(ascii: "\"") { return stop &+ 1 }
        var escaped = false
        return try endOfString(bytes, from: stop, &escaped)
    }

    /// Passes a key and the colon behind it, up to the value.
    @inline(__always)
    private static func endOfKey(_ bytes: Span<UInt8>, from start: Int) throws(WAMPViolation) -> Int {
        guard bytes.peek(start) == UInt8(ascii: "\"") else { throw .malformed(at: start) }
        let end = space(bytes, from: try endOfString(bytes, stop: endOfShortRun(bytes, from: start &+ 1)))
        guard bytes.peek(end) == UInt8(ascii: ":") else { throw .malformed(at: end) }
        return space(bytes, from: end &+ 1)
    }

    /// Passes `true`, `false` or `null`, of which the first letter was seen.
    @inline(__always)
    static func endOfLiteral(_ bytes: Span<UInt8>, at start: Int) throws(WAMPViolation) -> Int {
        switch bytes.peek(start) {
        case UInt8(ascii: "t"):
            if bytes.halfWord(at: start) == 0x65_75_72_74 { return start &+ 4 }
        case UInt8(ascii: "n"):
            if bytes.halfWord(at: start) == 0x6c_6c_75_6e { return start &+ 4 }
        default:
            // What stands behind the first letter of `false`.
            if bytes.halfWord(at: start &+ 1) == 0x65_73_6c_61 { return start &+ 5 }
        }
        throw .malformed(at: start)
    }

    /// `-? (0 | [1-9] digit*) (. digit+)? ([eE] [+-]? digit+)?`
    @inline(__always)
    static func endOfNumber(_ bytes: Span<UInt8>, from start: Int) throws(WAMPViolation) -> Int {
        // The usual number: up to seven digits, with a comma or a bracket behind.
        if let word = bytes.word(at: start) {
            let count = JSONDigits.count(word)
            let next = word &>> UInt64(truncatingIfNeeded: count &* 8) & 0xff
            if count > 0, count < 8, next | 0x20 != 0x65, next != 0x2e, word & 0xff != 0x30 || count == 1 {
                return start &+ count
            }
        }
        return try endOfAnyNumber(bytes, from: start)
    }

    private static func endOfAnyNumber(_ bytes: Span<UInt8>, from start: Int) throws(WAMPViolation) -> Int {
        var index = bytes.peek(start) == UInt8(ascii: "-") ? start &+ 1 : start
        if bytes.peek(index) == UInt8(ascii: "0") {
            index &+= 1
        } else {
            index = try endOfDigits(bytes, from: index)
        }
        if bytes.peek(index) == UInt8(ascii: ".") {
            index = try endOfDigits(bytes, from: index &+ 1)
        }
        if bytes.peek(index) | 0x20 == UInt8(ascii: "e") {
            index &+= 1
            let sign = bytes.peek(index)
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { index &+= 1 }
            index = try endOfDigits(bytes, from: index)
        }
        return index
    }

    @inline(__always)
    private static func endOfDigits(_ bytes: Span<UInt8>, from start: Int) throws(WAMPViolation) -> Int {
        let end = JSONDigits.end(bytes, from: start)
        guard end > start else { throw .malformed(at: end) }
        return end
    }
}
