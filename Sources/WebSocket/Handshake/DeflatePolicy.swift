/// What one end wants of permessage-deflate: the keys of the Crossbar.io transport configuration.
package struct DeflatePolicy: Sendable, Equatable {
    package var isEnabled: Bool
    /// Our own sending without context takeover: `nil` does what the peer asks for, `false` refuses to.
    package var noContextTakeover: Bool?
    /// The window for our own sending, 9…15; `nil` is what the peer asks for, else 15.
    package var maxWindowBits: Int?
    /// Ask the peer to send without context takeover.
    package var requestNoContextTakeover: Bool
    /// Ask the peer to send with a window of at most so many bits, 9…15.
    package var requestMaxWindowBits: Int?
    /// zlib's memory level for our own sending, 1…9.
    package var memoryLevel: Int
    /// zlib's compression level for our own sending, 0…9.
    package var level: Int
    /// Octets of payload below which our own messages go as they are (RFC 7692, section 6: a choice for each message).
    package var threshold = 0

    package init(
        isEnabled: Bool = true, noContextTakeover: Bool? = nil, maxWindowBits: Int? = nil,
        requestNoContextTakeover: Bool = false, requestMaxWindowBits: Int? = nil, memoryLevel: Int = 8, level: Int = 6
    ) {
        precondition((9...15).contains(maxWindowBits ?? 15) && (9...15).contains(requestMaxWindowBits ?? 15))
        precondition((1...9).contains(memoryLevel) && (0...9).contains(level))
        self.isEnabled = isEnabled
        self.noContextTakeover = noContextTakeover
        self.maxWindowBits = maxWindowBits
        self.requestNoContextTakeover = requestNoContextTakeover
        self.requestMaxWindowBits = requestMaxWindowBits
        self.memoryLevel = memoryLevel
        self.level = level
    }

    // MARK: Server

    /// Takes the first offer that can be satisfied; `nil` when there is none, and the connection stays uncompressed.
    ///
    /// - Returns: what was agreed on, and the value of `Sec-WebSocket-Extensions` that says so.
    package func accept(_ offers: [DeflateOffer]) -> (agreement: DeflateAgreement, header: String)? {
        guard isEnabled else { return nil }
        for offer in offers {
            if let answer = answer(offer) { return (DeflatePolicy.agreement(answer), answer.text) }
        }
        return nil
    }

    /// Everything that differs from the defaults is announced, asked for or not, but for `client_max_window_bits`,
    /// which a client understands only if it said so (RFC 7692, section 7.1.2.2).
    private func answer(_ offer: DeflateOffer) -> DeflateOffer? {
        var answer = DeflateOffer()
        if offer.serverNoContextTakeover, noContextTakeover == false { return nil }
        answer.serverNoContextTakeover = offer.serverNoContextTakeover || noContextTakeover == true
        // A client that never refers back says so; taken at its word, its window need not be kept.
        answer.clientNoContextTakeover = offer.clientNoContextTakeover || requestNoContextTakeover

        let serverBits = min(offer.serverMaxWindowBits ?? 15, maxWindowBits ?? 15)
        // zlib has no raw deflate with a window of 256 octets.
        guard serverBits > 8 else { return nil }
        if offer.serverMaxWindowBits != nil || serverBits < 15 { answer.serverMaxWindowBits = serverBits }

        if let requestMaxWindowBits {
            switch offer.clientMaxWindowBits {
            case .absent: return nil
            case .anySize: answer.clientMaxWindowBits = .bits(requestMaxWindowBits)
            case .bits(let hint): answer.clientMaxWindowBits = .bits(min(hint, requestMaxWindowBits))
            }
        }
        return answer
    }

    private static func agreement(_ answer: DeflateOffer) -> DeflateAgreement {
        let clientBits =
            switch answer.clientMaxWindowBits {
            case .absent, .anySize: 15
            case .bits(let bits): bits
            }
        return DeflateAgreement(
            serverNoContextTakeover: answer.serverNoContextTakeover,
            clientNoContextTakeover: answer.clientNoContextTakeover,
            serverMaxWindowBits: answer.serverMaxWindowBits ?? 15, clientMaxWindowBits: clientBits)
    }

    // MARK: Client

    private var clientOffer: DeflateOffer {
        var offer = DeflateOffer()
        offer.serverNoContextTakeover = requestNoContextTakeover
        offer.serverMaxWindowBits = requestMaxWindowBits
        offer.clientNoContextTakeover = noContextTakeover == true
        offer.clientMaxWindowBits = maxWindowBits.map { .bits($0) } ?? .anySize
        return offer
    }

    /// The value of a client's `Sec-WebSocket-Extensions`.
    package func offer() -> String { clientOffer.text }

    /// What a client makes of the server's answer to ``offer()``.
    package func check(response element: ExtensionOffer) throws(DeflateError) -> DeflateAgreement {
        let answer = try DeflateOffer(element)
        if answer.clientMaxWindowBits == .anySize { throw .missingValue("client_max_window_bits") }
        if requestNoContextTakeover, !answer.serverNoContextTakeover {
            throw .notGranted("server_no_context_takeover")
        }
        if let requestMaxWindowBits, answer.serverMaxWindowBits ?? .max > requestMaxWindowBits {
            throw .notGranted("server_max_window_bits")
        }
        var agreement = DeflatePolicy.agreement(answer)
        agreement.clientNoContextTakeover = answer.clientNoContextTakeover || noContextTakeover == true
        agreement.clientMaxWindowBits = min(agreement.clientMaxWindowBits, maxWindowBits ?? 15)
        guard agreement.clientMaxWindowBits > 8 else { throw .unsupportedWindowBits }
        return agreement
    }
}
