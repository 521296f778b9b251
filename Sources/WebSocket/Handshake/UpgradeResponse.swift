package import RennbahnBytes

/// Why a client gives the opening handshake up (RFC 6455, section 4.1).
package enum UpgradeFailure: Error, Sendable, Equatable {
    /// The answer is not HTTP.
    case malformed(StaticString)
    /// The server answered with another status than 101: its number and reason phrase, what its `Retry-After` says, and the field
    /// that says what to do about it, such as `Location: https://example.com/`.
    case status(Int, reason: String, retryAfter: String? = nil, advice: String? = nil)
    /// `Upgrade` or `Connection` is not what it must be.
    case notUpgraded
    /// `Sec-WebSocket-Accept` does not belong to our key.
    case wrongAccept
    /// The server chose a subprotocol that was not offered.
    case unexpectedSubprotocol(String)
    /// The server chose an extension that was not offered.
    case unexpectedExtension(String)
    /// The server's permessage-deflate parameters contradict the offer.
    case unacceptableDeflate(DeflateError)

    package static func == (left: UpgradeFailure, right: UpgradeFailure) -> Bool {
        switch (left, right) {
        case (.malformed(let left), .malformed(let right)): left.description == right.description
        case (
            .status(let left, let leftReason, let leftRetry, let leftAdvice),
            .status(let right, let rightReason, let rightRetry, let rightAdvice)
        ):
            left == right && leftReason == rightReason && leftRetry == rightRetry && leftAdvice == rightAdvice
        case (.notUpgraded, .notUpgraded), (.wrongAccept, .wrongAccept): true
        case (.unexpectedSubprotocol(let left), .unexpectedSubprotocol(let right)): left == right
        case (.unexpectedExtension(let left), .unexpectedExtension(let right)): left == right
        case (.unacceptableDeflate(let left), .unacceptableDeflate(let right)): left == right
        case (_, _): false
        }
    }
}

extension UpgradeFailure {
    /// Whether the server says something before its answer (RFC 9110, section 15.2): a client passes over it.
    package var isInterim: Bool {
        guard case .status(let status, reason: _, retryAfter: _, advice: _) = self else { return false }
        return (100...199).contains(status)
    }
}

extension UpgradeFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let what): "not an HTTP response: \(what)"
        case .status(let status, let reason, retryAfter: _, let advice):
            "status \(status): \(reason)" + (advice.map { "; \($0)" } ?? "")
        case .notUpgraded: "the response does not upgrade to websocket"
        case .wrongAccept: "Sec-WebSocket-Accept does not belong to our key"
        case .unexpectedSubprotocol(let name): "subprotocol \(name) was not offered"
        case .unexpectedExtension(let name): "extension \(name) was not offered"
        case .unacceptableDeflate(let error): "permessage-deflate parameters contradict the offer: \(error)"
        }
    }
}

/// A server's answer to the opening handshake, as a client reads it and a server writes it.
package struct UpgradeResponse: Sendable, Equatable {
    /// The subprotocol that the server chose, one of those offered; `nil` when it chose none.
    package let subprotocol: String?
    /// What was agreed on for permessage-deflate; `nil` without compression.
    package let deflate: DeflateAgreement?

    /// Reads one whole head and checks it as section 4.1 demands of a client.
    ///
    /// - Parameters:
    ///   - accept: the value that `Sec-WebSocket-Accept` must have, see ``AcceptKey``.
    ///   - protocols: the subprotocols that were offered.
    ///   - deflate: the policy that made the offer; `nil` when there was none.
    package static func parse(
        _ bytes: Span<UInt8>, accept: String, protocols: [String], deflate: DeflatePolicy?
    ) throws(UpgradeFailure) -> UpgradeResponse {
        let head: HTTPHead
        do throws(HTTPMalformed) {
            head = try HTTPHead(bytes)
        } catch {
            throw .malformed(error.reason)
        }
        try checkStatus(head)
        guard head.list("upgrade", contains: "websocket"), head.list("connection", contains: "upgrade") else {
            throw .notUpgraded
        }
        guard try single("sec-websocket-accept", in: head) == accept else { throw .wrongAccept }
        let subprotocol = try single("sec-websocket-protocol", in: head)
        if let subprotocol, !protocols.contains(subprotocol) { throw .unexpectedSubprotocol(subprotocol) }
        let agreement = try agreement(head.values("sec-websocket-extensions"), offered: deflate)
        return UpgradeResponse(subprotocol: subprotocol, deflate: agreement)
    }

    private static func single(_ name: String, in head: HTTPHead) throws(UpgradeFailure) -> String? {
        do throws(HTTPMalformed) {
            return try head.single(name)
        } catch {
            throw .malformed(error.reason)
        }
    }

    /// Checks `HTTP/1.1 101 Switching Protocols`.
    private static func checkStatus(_ head: HTTPHead) throws(UpgradeFailure) {
        let parts = head.startLine.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), parts[0].utf8.count == 8, parts[1].utf8.count == 3,
            parts[1].utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
            let status = Int(parts[1])
        else { throw .malformed("malformed status line") }
        guard status == 101 else {
            throw .status(
                status, reason: parts.count == 3 ? String(parts[2]) : "", retryAfter: head.values("retry-after").first,
                advice: advice(status, head))
        }
        guard parts[0] == "HTTP/1.1" else { throw .malformed("the answer is not HTTP/1.1") }
    }

    /// Where else to go, or what to log in with (RFC 9110, sections 10.2.2 and 11): the field as it was said, in visible ASCII
    /// and cut where it is long.
    private static func advice(_ status: Int, _ head: HTTPHead) -> String? {
        let name: String
        switch status {
        case 300...399: name = "Location"
        case 401: name = "WWW-Authenticate"
        case 407: name = "Proxy-Authenticate"
        case _: return nil
        }
        let text = head.values(HTTPText.lowercased(name)).joined(separator: ", ").utf8
        guard !text.isEmpty else { return nil }
        let shown = text.prefix(longestAdvice).map { (0x20..<0x7f).contains($0) ? $0 : UInt8(ascii: "?") }
        return "\(name): " + String(decoding: shown, as: UTF8.self) + (text.count > longestAdvice ? "…" : "")
    }

    /// Octets of a field that are told.
    private static let longestAdvice = 256

    private static func agreement(
        _ values: [String], offered: DeflatePolicy?
    ) throws(UpgradeFailure) -> DeflateAgreement? {
        guard let extensions = ExtensionOffer.parse(values) else {
            throw .malformed("Sec-WebSocket-Extensions is malformed")
        }
        guard let first = extensions.first else { return nil }
        guard let offered, offered.isEnabled, first.name == DeflateOffer.extensionName else {
            throw .unexpectedExtension(first.name)
        }
        if extensions.count > 1 { throw .unexpectedExtension(extensions[1].name) }
        do throws(DeflateError) {
            return try offered.check(response: first)
        } catch {
            throw .unacceptableDeflate(error)
        }
    }

    // MARK: Server

    /// Appends the answer that goes before the others where the client waits for it.
    package static func appendContinue(to output: inout ByteBuffer) {
        HTTPAnswer(status: 100, phrase: "Continue").end(in: &output)
    }

    /// Appends the answer that accepts the upgrade. No text may contain a line end.
    ///
    /// - Parameters:
    ///   - accept: see ``AcceptKey/value(forDigest:)``.
    ///   - subprotocol: one of those that the client offered.
    ///   - extensions: the header text of ``DeflatePolicy/accept(_:)``.
    ///   - fields: what else shall be sent, such as `Server` or `Set-Cookie`.
    package static func append(
        accept: String, subprotocol: String? = nil, extensions: String? = nil,
        fields: [(name: String, value: String)] = [], to output: inout ByteBuffer
    ) {
        var answer = HTTPAnswer(status: 101, phrase: "Switching Protocols")
        answer.add("Upgrade", "websocket")
        answer.add("Connection", "Upgrade")
        for field in fields { answer.add(field.name, field.value) }
        if let subprotocol { answer.add("Sec-WebSocket-Protocol", subprotocol) }
        answer.add("Sec-WebSocket-Accept", accept)
        if let extensions { answer.add("Sec-WebSocket-Extensions", extensions) }
        answer.end(in: &output)
    }
}
