import RennbahnBytes

// The messages that are sent over and over, as every client and router packs them: heads in their shortest form.
//
// ```
// 9n 10 request  options topic     Args ArgsKw        9n 24 subscription publication  details Args ArgsKw
// 9n 30 request  options procedure Args ArgsKw        9n 44 request      registration details Args ArgsKw
// 9n 46 request  options           Args ArgsKw        9n 32 request                   details Args ArgsKw
// ```

extension MsgPackReader {
    @inline(__always)
    mutating func usualClientMessage(
        _ bytes: Span<UInt8>, _ parts: inout MessageParts
    ) throws(WAMPViolation) -> ClientMessage? {
        switch bytes.peek(1) {
        case 0x10:
            guard open(bytes, fixed: 4), let request = usualID(bytes),
                try usualOptions(bytes, .publish, of: .publish, index: 2, &parts), try usualURI(bytes, &parts)
            else { return nil }
            try usualPayload(bytes, of: .publish, index: 4, &parts)
            return .publish(request: RequestID(request), options: parts.findings.publish)
        case 0x30:
            guard open(bytes, fixed: 4), let request = usualID(bytes),
                try usualOptions(bytes, .call, of: .call, index: 2, &parts), try usualURI(bytes, &parts)
            else { return nil }
            try usualPayload(bytes, of: .call, index: 4, &parts)
            return .call(request: RequestID(request))
        case 0x46:
            guard open(bytes, fixed: 3), let request = usualID(bytes),
                try usualOptions(bytes, .yield, of: .yield, index: 2, &parts)
            else { return nil }
            try usualPayload(bytes, of: .yield, index: 3, &parts)
            return .yield(request: RequestID(request))
        default:
            return nil
        }
    }

    @inline(__always)
    mutating func usualRouterMessage(
        _ bytes: Span<UInt8>, _ parts: inout MessageParts
    ) throws(WAMPViolation) -> RouterMessage? {
        switch bytes.peek(1) {
        case 0x24:
            guard open(bytes, fixed: 4), let subscription = usualID(bytes), let publication = usualID(bytes),
                try usualOptions(bytes, .event, of: .event, index: 3, &parts)
            else { return nil }
            try usualPayload(bytes, of: .event, index: 4, &parts)
            return .event(subscription: SubscriptionID(subscription), publication: PublicationID(publication))
        case 0x44:
            guard open(bytes, fixed: 4), let request = usualID(bytes), let registration = usualID(bytes),
                try usualOptions(bytes, .invocation, of: .invocation, index: 3, &parts)
            else { return nil }
            try usualPayload(bytes, of: .invocation, index: 4, &parts)
            return .invocation(request: RequestID(request), registration: RegistrationID(registration))
        case 0x32:
            guard open(bytes, fixed: 3), let request = usualID(bytes),
                try usualOptions(bytes, .result, of: .result, index: 2, &parts)
            else { return nil }
            try usualPayload(bytes, of: .result, index: 3, &parts)
            return .result(request: RequestID(request))
        default:
            return nil
        }
    }

    /// Passes the list's head and the type, and counts what follows the `fixed` elements. Since every value takes at
    /// least a byte, fewer bytes than elements are left to the grammar.
    @inline(__always)
    private mutating func open(_ bytes: Span<UInt8>, fixed: Int) -> Bool {
        let count = Int(bytes.peek(0)) &- 0x90
        guard count >= fixed, count < 16, count < bytes.count else { return false }
        position = 2
        depth = 1
        remaining = count &- fixed
        return true
    }

    @inline(__always)
    private mutating func usualID(_ bytes: Span<UInt8>) -> UInt64? {
        let first = bytes.peek(position)
        let id: UInt64
        if first < 0x80 {
            id = UInt64(first)
            position &+= 1
        } else if first == 0xcd, let word = bytes.halfWord(at: position) {
            id = UInt64(word.byteSwapped & 0xff_ffff) >> 8
            position &+= 3
        } else if first == 0xcf, let word = bytes.word(at: position &+ 1) {
            id = word.byteSwapped
            position &+= 9
        } else if first == 0xce, let word = bytes.halfWord(at: position &+ 1) {
            id = UInt64(word.byteSwapped)
            position &+= 5
        } else if first == 0xcc {
            id = UInt64(bytes.peek(position &+ 1))
            position &+= 2
        } else {
            return nil
        }
        return id &- 1 < ScanLimit.id ? id : nil
    }

    @inline(__always)
    private mutating func usualOptions(
        _ bytes: Span<UInt8>, _ keys: @autoclosure () -> OptionKeys, of code: MessageCode, index: Int,
        _ parts: inout MessageParts
    ) throws(WAMPViolation) -> Bool {
        let start = position
        let first = bytes.peek(start)
        if first == 0x80 {
            position = start &+ 1
        } else {
            guard first & 0xf0 == 0x80 else { return false }
            _ = try options(bytes, keys(), of: code, index: index, &parts.findings)
        }
        parts.options = start..<position
        return true
    }

    @inline(__always)
    private mutating func usualURI(_ bytes: Span<UInt8>, _ parts: inout MessageParts) throws(WAMPViolation) -> Bool {
        guard let uri = try text(bytes) else { return false }
        parts.uri = uri
        return true
    }

    /// Reads the payload and the end of the message; in any form, since this is not far from the grammar's own way.
    @inline(__always)
    private mutating func usualPayload(
        _ bytes: Span<UInt8>, of code: MessageCode, index: Int, _ parts: inout MessageParts
    ) throws(WAMPViolation) {
        guard remaining > 0, bytes.peek(position) & 0xf0 == 0x90 else {
            return try payload(bytes, of: code, index: index, &parts)
        }
        let start = position
        remaining &-= 1
        try skip(bytes)
        parts.payload.elements = 1
        parts.payloadRange = start..<position
        if remaining == 0, position == bytes.count { return }
        try payloadRest(bytes, of: code, index: index, isOpaque: false, &parts)
    }
}
