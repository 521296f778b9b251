import RennbahnBytes

// The expansion of `#expect` takes no spans, so the tests compare copies.

extension UTF8Validator {
    mutating func consume(_ bytes: [UInt8]) -> Bool { consume(bytes.span) }

    static func isValid(_ bytes: [UInt8]) -> Bool { isValid(bytes.span) }
}

extension Array where Element == UInt8 {
    func bigEndian<Integer: FixedWidthInteger>(_ type: Integer.Type, at offset: Int) -> Integer {
        span.bigEndian(type, at: offset)
    }

    func littleEndianWord(at offset: Int) -> UInt64 { span.littleEndianWord(at: offset) }

    func equals(_ other: [UInt8]) -> Bool { span.equals(other.span) }

    func equals(literal text: StaticString) -> Bool { span.equals(text) }
}
