import RennbahnBytes

/// Where the parts of the message that is being read stand.
struct MessageParts {
    var uri = TextRange.none
    var options = 0..<0
    var payload: Payload
    var payloadRange = 0..<0
    var findings = OptionFindings()

    init(_ serializer: Serializer) {
        payload = .none(serializer)
    }
}

// The steps that the grammars of client and router messages have in common.

extension ElementReader {
    /// Reads the opening of a message and its type.
    @inline(__always)
    mutating func messageCode(_ bytes: Span<UInt8>) throws(WAMPViolation) -> MessageCode {
        guard try openMessage(bytes) else { throw .notAMessage }
        guard let number = try natural(bytes), number <= 0xffff, let code = MessageCode(rawValue: Int(number)) else {
            throw .unknownType
        }
        return code
    }

    /// Goes on to an element that the message must have.
    @inline(__always)
    mutating func expectElement(_ bytes: Span<UInt8>, of code: MessageCode) throws(WAMPViolation) {
        guard try nextElement(bytes) else { throw .wrongLength(code) }
    }

    /// Goes on to the end of the message.
    @inline(__always)
    mutating func expectEnd(_ bytes: Span<UInt8>, of code: MessageCode) throws(WAMPViolation) {
        if try nextElement(bytes) { throw .wrongLength(code) }
    }

    /// Reads an id; `zero` where the element may also be 0.
    @inline(__always)
    mutating func id(
        _ bytes: Span<UInt8>, of code: MessageCode, index: Int, orZero: Bool = false
    ) throws(WAMPViolation) -> UInt64 {
        try expectElement(bytes, of: code)
        guard let value = try natural(bytes), value <= ScanLimit.id, value > 0 || orZero else {
            throw .wrongElement(code, index: index)
        }
        return value
    }

    @inline(__always)
    mutating func uri(
        _ bytes: Span<UInt8>, of code: MessageCode, index: Int, _ parts: inout MessageParts
    ) throws(WAMPViolation) {
        try expectElement(bytes, of: code)
        guard let text = try text(bytes) else { throw .wrongElement(code, index: index) }
        parts.uri = text
    }

    /// Reads options or details. The keys are asked for only where there are any.
    @inline(__always)
    mutating func dictionary(
        _ bytes: Span<UInt8>, _ keys: @autoclosure () -> OptionKeys, of code: MessageCode, index: Int,
        _ parts: inout MessageParts
    ) throws(WAMPViolation) {
        try expectElement(bytes, of: code)
        let start = position
        parts.options =
            skipEmptyDictionary(bytes)
            ? start..<position : try options(bytes, keys(), of: code, index: index, &parts.findings)
    }

    /// Reads the payload, which starts with the element `index`, and the end of the message.
    mutating func payload(
        _ bytes: Span<UInt8>, of code: MessageCode, index: Int, _ parts: inout MessageParts
    ) throws(WAMPViolation) {
        guard try nextElement(bytes) else { return }
        let start = position
        let kind = kind(bytes)
        let isOpaque = parts.findings.isTransparent && (kind == .text || kind == .binary)
        guard kind == .list || isOpaque else {
            throw kind == .none ? .malformed(at: position) : .wrongElement(code, index: index)
        }
        try skip(bytes)
        parts.payload.elements = 1
        parts.payloadRange = start..<position
        try payloadRest(bytes, of: code, index: index, isOpaque: isOpaque, &parts)
    }

    /// Reads what follows the payload's first element.
    mutating func payloadRest(
        _ bytes: Span<UInt8>, of code: MessageCode, index: Int, isOpaque: Bool, _ parts: inout MessageParts
    ) throws(WAMPViolation) {
        guard try nextElement(bytes) else { return }
        if isOpaque { throw .wrongLength(code) }
        guard self.kind(bytes) == .dictionary else {
            throw self.kind(bytes) == .none ? .malformed(at: position) : .wrongElement(code, index: index &+ 1)
        }
        try skip(bytes)
        parts.payload.elements = 2
        parts.payloadRange = parts.payloadRange.lowerBound..<position
        try expectEnd(bytes, of: code)
    }

    /// ABORT and GOODBYE: `[code, Details, Reason]`, and for ABORT a payload.
    mutating func farewell(
        _ bytes: Span<UInt8>, of code: MessageCode, _ parts: inout MessageParts
    ) throws(WAMPViolation) {
        try dictionary(bytes, .none, of: code, index: 1, &parts)
        try uri(bytes, of: code, index: 2, &parts)
        if code == .abort {
            try payload(bytes, of: code, index: 3, &parts)
        } else {
            try expectEnd(bytes, of: code)
        }
    }
}
