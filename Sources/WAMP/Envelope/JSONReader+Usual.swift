import RennbahnBytes

// The messages that are sent over and over, as every client and router writes them: no white space, ids in their
// shortest form.
//
// ```
// [16,request,options,"topic",[…]]        [36,subscription,publication,details,[…]]
// [48,request,options,"procedure",[…]]    [68,request,registration,details,[…]]
// [70,request,options,[…]]                [50,request,details,[…]]
// ```

extension JSONReader {
    @inline(__always)
    mutating func usualClientMessage(
        _ bytes: Span<UInt8>, _ parts: inout MessageParts
    ) throws(WAMPViolation) -> ClientMessage? {
        switch bytes.halfWord(at: 0) {
        case JSONReader.opening(.publish):
            guard let request = usualID(bytes, at: 4),
                try usualOptions(bytes, .publish, of: .publish, index: 2, &parts), try usualURI(bytes, &parts)
            else { return nil }
            try usualPayload(bytes, of: .publish, index: 4, &parts)
            return .publish(request: RequestID(request), options: parts.findings.publish)
        case JSONReader.opening(.call):
            guard let request = usualID(bytes, at: 4),
                try usualOptions(bytes, .call, of: .call, index: 2, &parts), try usualURI(bytes, &parts)
            else { return nil }
            try usualPayload(bytes, of: .call, index: 4, &parts)
            return .call(request: RequestID(request))
        case JSONReader.opening(.yield):
            guard let request = usualID(bytes, at: 4),
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
        switch bytes.halfWord(at: 0) {
        case JSONReader.opening(.event):
            guard let subscription = usualID(bytes, at: 4), let publication = usualSecondID(bytes),
                try usualOptions(bytes, .event, of: .event, index: 3, &parts)
            else { return nil }
            try usualPayload(bytes, of: .event, index: 4, &parts)
            return .event(subscription: SubscriptionID(subscription), publication: PublicationID(publication))
        case JSONReader.opening(.invocation):
            guard let request = usualID(bytes, at: 4), let registration = usualSecondID(bytes),
                try usualOptions(bytes, .invocation, of: .invocation, index: 3, &parts)
            else { return nil }
            try usualPayload(bytes, of: .invocation, index: 4, &parts)
            return .invocation(request: RequestID(request), registration: RegistrationID(registration))
        case JSONReader.opening(.result):
            guard let request = usualID(bytes, at: 4), try usualOptions(bytes, .result, of: .result, index: 2, &parts)
            else { return nil }
            try usualPayload(bytes, of: .result, index: 3, &parts)
            return .result(request: RequestID(request))
        default:
            return nil
        }
    }

    /// `[16,` as the number that its four bytes are.
    @inline(__always)
    private static func opening(_ code: MessageCode) -> UInt32 {
        let tens = UInt32(truncatingIfNeeded: code.rawValue / 10)
        let ones = UInt32(truncatingIfNeeded: code.rawValue % 10)
        return 0x2c_30_30_5b | tens << 8 | ones << 16
    }

    @inline(__always)
    private mutating func usualID(_ bytes: Span<UInt8>, at start: Int) -> UInt64? {
        guard bytes.peek(start) != UInt8(ascii: "0"), let (id, end) = JSONDigits.natural(bytes, at: start),
            id <= ScanLimit.id
        else { return nil }
        position = end
        return id
    }

    @inline(__always)
    private mutating func usualSecondID(_ bytes: Span<UInt8>) -> UInt64? {
        bytes.peek(position) == UInt8(ascii: ",") ? usualID(bytes, at: position &+ 1) : nil
    }

    @inline(__always)
    private mutating func usualOptions(
        _ bytes: Span<UInt8>, _ keys: @autoclosure () -> OptionKeys, of code: MessageCode, index: Int,
        _ parts: inout MessageParts
    ) throws(WAMPViolation) -> Bool {
        guard let next = bytes.halfWord(at: position), next & 0xffff == 0x7b_2c else { return false }
        let start = position &+ 1
        // `,{}`
        if next & 0xff_ffff == 0x7d_7b_2c {
            position &+= 3
        } else {
            position = start
            depth = 1
            _ = try options(bytes, keys(), of: code, index: index, &parts.findings)
        }
        parts.options = start..<position
        return true
    }

    @inline(__always)
    private mutating func usualURI(_ bytes: Span<UInt8>, _ parts: inout MessageParts) throws(WAMPViolation) -> Bool {
        guard bytes.peek(position) == UInt8(ascii: ","), bytes.peek(position &+ 1) == UInt8(ascii: "\"") else {
            return false
        }
        position &+= 1
        if let uri = try text(bytes) { parts.uri = uri }
        return true
    }

    /// Reads the payload and the end of the message; in any form, since this is not far from the grammar's own way.
    @inline(__always)
    private mutating func usualPayload(
        _ bytes: Span<UInt8>, of code: MessageCode, index: Int, _ parts: inout MessageParts
    ) throws(WAMPViolation) {
        depth = 1
        guard bytes.peek(position) == UInt8(ascii: ","), bytes.peek(position &+ 1) == UInt8(ascii: "[") else {
            return try payload(bytes, of: code, index: index, &parts)
        }
        let start = position &+ 1
        position = start
        try skip(bytes)
        parts.payload.elements = 1
        parts.payloadRange = start..<position
        if bytes.peek(position) == UInt8(ascii: "]"), position &+ 1 == bytes.count { return }
        try payloadRest(bytes, of: code, index: index, isOpaque: false, &parts)
    }
}
