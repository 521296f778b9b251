import RennbahnBytes
import RennbahnReferences
import RennbahnWAMP

extension FuzzTarget {
    /// A message that a client or a router sends, and an argument.
    static let json = FuzzTarget("json", longest: 4096, kinds: ["client", "router", "argument"]) { input in
        let senders = try checkScan(input, .json)
        return try checkPublication(of: input) ? senders + ["argument"] : senders
    }

    static let msgpack = FuzzTarget("msgpack", longest: 4096, kinds: ["client", "router"]) { input in
        try checkScan(input, .msgpack)
    }

    // MARK: Whole messages

    /// Who may send the message.
    private static func checkScan(_ bytes: [UInt8], _ serializer: Serializer) throws -> [String] {
        var scanner = EnvelopeScanner()
        let client = ScanOutcome(&scanner, client: bytes, serializer)
        let router = ScanOutcome(&scanner, router: bytes, serializer)
        for case .found(let scanned) in [client, router] {
            if serializer == .json {
                let tree = ReferenceJSON.parse(bytes)
                try hold(tree != nil, "what is accepted is JSON")
                try hold(tree?.depth ?? 0 <= ScanLimit.depth, "it is nested \(ScanLimit.depth) levels deep at most")
            }
            try checkParts(of: bytes, scanned)
        }
        // The same in a form that the short way does not take: the parts stand further behind.
        if let (other, shift) = unusual(bytes, serializer) {
            let clientAgain = ScanOutcome(&scanner, client: other, serializer)
            let routerAgain = ScanOutcome(&scanner, router: other, serializer)
            try hold(clientAgain == client.moved(shift), "\(clientAgain), as the grammar has it, is \(client)")
            try hold(routerAgain == router.moved(shift), "\(routerAgain), as the grammar has it, is \(router)")
        }
        let sample = serializer == .json ? Array("[34,7,9]".utf8) : [0x93, 34, 7, 9]
        let after = try scanner.scanClientMessage(sample.span, serializer: serializer).message
        try hold(
            after == .unsubscribe(request: RequestID(7), subscription: SubscriptionID(9)),
            "the next message is read as if nothing had been")
        return (client.isFound ? ["client"] : []) + (router.isFound ? ["router"] : [])
    }

    private static func unusual(_ bytes: [UInt8], _ serializer: Serializer) -> (bytes: [UInt8], shift: Int)? {
        switch serializer {
        case .json: return ([0x20] + bytes, 1)
        case .msgpack:
            guard let first = bytes.first, first & 0xf0 == 0x90 else { return nil }
            return ([0xdc, 0, first & 0x0f] + bytes.dropFirst(), 2)
        }
    }

    // MARK: Parts

    /// What a scan has passed is read by those who want values, and stays as it is when it is written again.
    private static func checkParts(of bytes: [UInt8], _ scanned: ScannedParts) throws {
        let serializer = scanned.payload.serializer
        if !scanned.options.isEmpty {
            let options = try value(Array(bytes[scanned.options]), serializer)
            try hold(options.map { $0.dictionaryValue != nil } ?? true, "options are a dictionary")
        }
        let payload = Array(bytes[scanned.payloadRange])
        guard let values = try decoded(scanned.payload, payload) else { return }
        if let place = PayloadStrings.firstString(in: payload.span, payload: scanned.payload) {
            let text = String(decoding: payload[place], as: UTF8.self)
            try hold(values.arguments.first == .string(text), "\(text) is the first argument")
        }
        var once = ByteBuffer()
        let written = values.encode(serializer, into: &once)
        guard let again = try decoded(written, once.span.copied()) else {
            throw BrokenProperty("what was written cannot be read")
        }
        var twice = ByteBuffer()
        let rewritten = again.encode(serializer, into: &twice)
        try hold(rewritten == written && twice.span.copied() == once.span.copied(), "values are written as they were")
    }

    /// `nil` for what values have no form for.
    private static func value(_ bytes: [UInt8], _ serializer: Serializer) throws -> WAMPValue? {
        do throws(WAMPViolation) {
            return try WAMPValue.decode(bytes.span, serializer: serializer)
        } catch {
            try checkRefusal(error, serializer)
            return nil
        }
    }

    private static func decoded(_ payload: Payload, _ bytes: [UInt8]) throws -> PayloadValues? {
        do throws(WAMPViolation) {
            return try PayloadValues(payload, bytes.span)
        } catch {
            try checkRefusal(error, payload.serializer)
            return nil
        }
    }

    /// A scan checks all but what has no value: extension types, keys that are no texts, binaries that are not Base64, and, as
    /// msgpack-c has it, more than 32 levels.
    private static func checkRefusal(_ violation: WAMPViolation, _ serializer: Serializer) throws {
        switch (violation, serializer) {
        case (.notConvertible, _), (.nestedTooDeeply, .msgpack): break
        case (_, _): throw BrokenProperty("what was scanned cannot be read: \(violation)")
        }
    }

    // MARK: JSON

    /// In a PUBLISH whose other elements are right, an argument is accepted if and only if it is JSON.
    ///
    /// - Returns: whether it is.
    private static func checkPublication(of argument: [UInt8]) throws -> Bool {
        let head = Array(#"[16,1,{},"t",["#.utf8)
        let message = head + argument + Array("]]".utf8)
        var scanner = EnvelopeScanner()
        let isAccepted = (try? scanner.scanClientMessage(message.span, serializer: .json)) != nil
        guard let tree = ReferenceJSON.parse(message) else {
            try hold(!isAccepted, "what is accepted is JSON")
            return isAccepted
        }
        // What is no argument by itself may close the list of arguments and open others.
        guard ReferenceJSON.parse(argument) != nil else { return isAccepted }
        try hold(isAccepted == (tree.depth <= ScanLimit.depth), "JSON is accepted that is not nested too deeply")
        return isAccepted
    }
}

/// Where the parts of a message stand, of a client or a router.
private struct ScannedParts: Equatable {
    /// The message as text, so that both kinds are one.
    var message: String
    var uri: TextRange
    var options: Range<Int>
    var payload: Payload
    var payloadRange: Range<Int>

    func moved(_ shift: Int) -> ScannedParts {
        func moved(_ range: Range<Int>) -> Range<Int> {
            range == 0..<0 ? range : range.lowerBound + shift..<range.upperBound + shift
        }
        var parts = self
        parts.uri.range = moved(uri.range)
        parts.options = moved(options)
        parts.payloadRange = moved(payloadRange)
        return parts
    }
}

private enum ScanOutcome: Equatable {
    case found(ScannedParts)
    case refused(WAMPViolation)

    init(_ scanner: inout EnvelopeScanner, client bytes: [UInt8], _ serializer: Serializer) {
        do throws(WAMPViolation) {
            let scanned = try scanner.scanClientMessage(bytes.span, serializer: serializer)
            self = .found(
                ScannedParts(
                    message: "\(scanned.message)", uri: scanned.uri, options: scanned.options, payload: scanned.payload,
                    payloadRange: scanned.payloadRange))
        } catch {
            self = .refused(error)
        }
    }

    init(_ scanner: inout EnvelopeScanner, router bytes: [UInt8], _ serializer: Serializer) {
        do throws(WAMPViolation) {
            let scanned = try scanner.scanRouterMessage(bytes.span, serializer: serializer)
            self = .found(
                ScannedParts(
                    message: "\(scanned.message)", uri: scanned.uri, options: scanned.options, payload: scanned.payload,
                    payloadRange: scanned.payloadRange))
        } catch {
            self = .refused(error)
        }
    }

    var isFound: Bool {
        switch self {
        case .found: true
        case .refused: false
        }
    }

    func moved(_ shift: Int) -> ScanOutcome {
        switch self {
        case .found(let parts): .found(parts.moved(shift))
        case .refused(.malformed(let place)): .refused(.malformed(at: place + shift))
        case .refused(.invalidUTF8(let place)): .refused(.invalidUTF8(at: place + shift))
        case .refused(.nestedTooDeeply(let place)): .refused(.nestedTooDeeply(at: place + shift))
        case .refused: self
        }
    }
}
