import RennbahnBytes

/// A number as both serializers can say it: integers exactly over the ranges of Int64 and UInt64, all else a float64.
enum WireNumber: Equatable {
    case integer(Int64)
    /// Above the range of Int64.
    case unsigned(UInt64)
    case double(Double)

    init(_ natural: UInt64) {
        self = Int64(exactly: natural).map(WireNumber.integer) ?? .unsigned(natural)
    }

    /// Appends JSON text. A double is written with the fewest digits that read back as the same value and always with
    /// a fraction or an exponent, so that it stays a double; `null` when it is not finite.
    func appendJSON(to output: inout ByteBuffer) {
        switch self {
        case .integer(let value):
            if value < 0 { output.append(UInt8(ascii: "-")) }
            output.append(decimal: value.magnitude)
        case .unsigned(let value):
            output.append(decimal: value)
        case .double(let value):
            guard value.isFinite else { return output.append("null") }
            output.append(value.description.utf8.span)
        }
    }

    func appendMsgPack(to output: inout ByteBuffer) {
        switch self {
        case .integer(let value): MsgPackText.append(integer: value, to: &output)
        case .unsigned(let value): MsgPackText.append(natural: value, to: &output)
        case .double(let value): MsgPackText.append(double: value, to: &output)
        }
    }
}

extension JSONReader {
    /// Reads a number. An integer beyond 64 bits becomes a double, the nearest one; one beyond its range infinity.
    mutating func number(_ bytes: Span<UInt8>) throws(WAMPViolation) -> WireNumber {
        let start = position
        position = try JSONReader.endOfNumber(bytes, from: start)
        let token = bytes.extracting(start..<position)
        return JSONReader.integer(token) ?? .double(Double(token.text()) ?? 0)
    }

    /// The value of digits behind an optional sign; `nil` when there is anything else, or too much.
    private static func integer(_ token: Span<UInt8>) -> WireNumber? {
        let isNegative = token[0] == UInt8(ascii: "-")
        var magnitude: UInt64 = 0
        for index in (isNegative ? 1 : 0)..<token.count {
            let digit = token[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            if overflow || carry { return nil }
            magnitude = sum
        }
        guard isNegative else { return WireNumber(magnitude) }
        guard magnitude <= Int64.min.magnitude else { return nil }
        return .integer(Int64(truncatingIfNeeded: 0 &- magnitude))
    }
}

extension MsgPackReader {
    /// Reads a number; float 32 is widened to float 64.
    mutating func number(_ bytes: Span<UInt8>) throws(WAMPViolation) -> WireNumber {
        if let value = try natural(bytes) { return WireNumber(value) }
        guard let head = MsgPackHead(bytes, at: position), case .opaque(let width) = head.content,
            width < bytes.count &- position
        else { throw .malformed(at: position) }
        let first = bytes[position]
        let start = position &+ 1
        position = start &+ width
        switch first {
        case 0xe0...0xff: return .integer(Int64(Int8(truncatingIfNeeded: first)))
        case 0xd0: return .integer(Int64(bytes.bigEndian(Int8.self, at: start)))
        case 0xd1: return .integer(Int64(bytes.bigEndian(Int16.self, at: start)))
        case 0xd2: return .integer(Int64(bytes.bigEndian(Int32.self, at: start)))
        case 0xd3: return .integer(bytes.bigEndian(Int64.self, at: start))
        case 0xca: return .double(Double(Float(bitPattern: bytes.bigEndian(UInt32.self, at: start))))
        case 0xcb: return .double(Double(bitPattern: bytes.bigEndian(UInt64.self, at: start)))
        default: throw .malformed(at: start &- 1)
        }
    }
}
