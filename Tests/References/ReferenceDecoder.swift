import RennbahnWebSocket

/// RFC 6455 read slowly: takes the whole stream at once, copies at every step, knows no pieces.
package struct ReferenceDecoder {
    private let setup: ReaderSetup
    private var rest: [UInt8]
    private var open: (kind: MessageKind, compressed: Bool, payload: [UInt8])?

    private struct Stop: Error {
        var violation: ProtocolViolation?
    }

    package static func decode(_ bytes: [UInt8], _ setup: ReaderSetup) -> [Event] {
        var decoder = ReferenceDecoder(setup: setup, rest: bytes)
        var events: [Event] = []
        do {
            while true { if let event = try decoder.frame() { events.append(event) } }
        } catch let stop as Stop {
            if let violation = stop.violation { events.append(.violation(violation)) }
        } catch {}
        return events
    }

    private init(setup: ReaderSetup, rest: [UInt8]) {
        self.setup = setup
        self.rest = rest
    }

    private mutating func take(_ count: Int) throws -> [UInt8] {
        guard rest.count >= count else { throw Stop() }
        defer { rest.removeFirst(count) }
        return Array(rest.prefix(count))
    }

    private func refuse(_ condition: Bool, _ violation: ProtocolViolation) throws {
        if condition { throw Stop(violation: violation) }
    }

    private mutating func frame() throws -> Event? {
        let head = try take(2)
        try refuse(head[0] & 0x30 != 0, .reservedBits)
        let opcode = head[0] & 0xf
        try refuse([3, 4, 5, 6, 7, 11, 12, 13, 14, 15].contains(opcode), .reservedOpcode)
        let isFinal = head[0] >= 0x80
        let compressed = head[0] & 0x40 != 0
        var length = UInt64(head[1] & 0x7f)
        let isControl = opcode >= 8
        try refuse(isControl && !isFinal, .fragmentedControlFrame)
        try refuse(isControl && length > 125, .oversizedControlFrame)
        try refuse(isControl && compressed, .compressedControlFrame)
        try refuse(opcode == 0 && compressed, .compressedContinuation)
        if length >= 126 {
            let isLong = length == 127
            length = try take(isLong ? 8 : 2).reduce(0) { $0 << 8 | UInt64($1) }
            try refuse(length >= 1 << 63, .lengthTooLarge)
            try refuse(length < (isLong ? 65536 : 126), .lengthNotMinimal)
        }
        let isMasked = head[1] >= 0x80
        let mask = isMasked ? try take(4) : [0, 0, 0, 0]
        if !setup.acceptsEitherMasking {
            try refuse(setup.role == .server && !isMasked, .unmaskedClientFrame)
            try refuse(setup.role == .client && isMasked, .maskedServerFrame)
        }
        if isControl { return try control(opcode, try take(Int(length)).unmasked(mask)) }
        try refuse(compressed && !setup.compression, .compressionNotNegotiated)
        try refuse(opcode == 0 && open == nil, .unexpectedContinuation)
        try refuse(opcode != 0 && open != nil, .interruptedMessage)
        try refuse(length > UInt64(setup.maxFrameSize), .frameTooBig)
        try refuse(length + UInt64(open?.payload.count ?? 0) > UInt64(setup.maxMessageSize), .messageTooBig)
        return try data(opcode, isFinal, compressed, length, mask)
    }

    private mutating func data(
        _ opcode: UInt8, _ isFinal: Bool, _ compressed: Bool, _ length: UInt64, _ mask: [UInt8]
    ) throws -> Event? {
        var message = open ?? (kind: opcode == 1 ? .text : .binary, compressed: compressed, payload: [])
        let isChecked = message.kind == .text && !message.compressed && setup.validatesText
        let isWhole = UInt64(rest.count) >= length
        message.payload += try take(isWhole ? Int(length) : rest.count).unmasked(mask)
        try refuse(isChecked && !canBecomeText(message.payload), .invalidText)
        guard isWhole else { throw Stop() }
        open = message
        guard isFinal else { return nil }
        open = nil
        try refuse(isChecked && String(validating: message.payload, as: UTF8.self) == nil, .invalidText)
        return .message(message.kind, compressed: message.compressed, message.payload)
    }

    private mutating func control(_ opcode: UInt8, _ payload: [UInt8]) throws -> Event {
        if opcode == 9 { return .ping(payload) }
        if opcode == 10 { return .pong(payload) }
        if payload.isEmpty {
            rest = []
            return .close(nil, [])
        }
        try refuse(payload.count == 1, .truncatedClosePayload)
        let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
        let isLegal = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014].contains(code)
        try refuse(!isLegal && !(code >= 3000 && code < 5000), .invalidCloseCode)
        try refuse(String(validating: payload[2...], as: UTF8.self) == nil, .invalidCloseReason)
        rest = []
        return .close(code, Array(payload[2...]))
    }
}

/// Whether some continuation makes the octets well-formed UTF-8: found by trying.
private func canBecomeText(_ bytes: [UInt8]) -> Bool {
    // Only the last three octets can belong to an open sequence.
    var ends: [[UInt8]] = [[]]
    for _ in 0...3 {
        for end in ends where String(validating: bytes + end, as: UTF8.self) != nil { return true }
        ends = ends.flatMap { end in [0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf].map { end + [$0] } }
    }
    return false
}

extension [UInt8] {
    fileprivate func unmasked(_ mask: [UInt8]) -> [UInt8] {
        enumerated().map { $1 ^ mask[$0 % 4] }
    }
}
