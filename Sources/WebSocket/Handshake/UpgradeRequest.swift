package import RennbahnBytes

/// A client's opening handshake (RFC 6455, section 4.1), as a server reads it and a client writes it.
package struct UpgradeRequest: Sendable {
    /// Path and query of the request target, beginning with a slash.
    package let path: String
    package let host: String
    /// What the client speaks; `nil`: a version that nobody speaks here, or none.
    package let version: ProtocolVersions?
    /// Absent when the client is no browser.
    package let origin: String?
    /// `Sec-WebSocket-Key`: 16 octets as base64, where ``version`` is not `nil`.
    package let key: String
    /// Offered subprotocols in the client's order, none twice.
    package let protocols: [String]
    /// Offered extensions in the client's order.
    package let extensions: [ExtensionOffer]
    /// The whole head, for cookies and the like.
    package let head: HTTPHead

    /// Reads one whole head, its empty line included, and checks it as section 4.2.1 demands; whether ``version`` is
    /// spoken is the caller's to check.
    package static func parse(_ bytes: Span<UInt8>) throws(UpgradeRefusal) -> UpgradeRequest {
        try UpgradeRequest(try readHead(bytes))
    }

    /// The head alone.
    package static func readHead(_ bytes: Span<UInt8>) throws(UpgradeRefusal) -> HTTPHead {
        do throws(HTTPMalformed) {
            return try HTTPHead(bytes)
        } catch {
            throw .badRequest(error.reason)
        }
    }

    /// As ``parse(_:)``, of a head that was read already.
    package init(_ head: HTTPHead) throws(UpgradeRefusal) {
        self.head = head
        let line = try HTTPRequestLine(head.startLine)
        guard line.method == "GET" else { throw .methodNotAllowed }
        path = line.target
        let host = try UpgradeRequest.single("host", in: head)
        guard host.map(UpgradeRequest.isHost) ?? line.isHTTP10 else {
            throw .badRequest("Host is missing or malformed")
        }
        self.host = host ?? ""
        try UpgradeRequest.refuseBody(head)
        guard !head.values("upgrade").isEmpty else { throw .upgradeRequired }
        // HTTP/1.0 has no upgrades (RFC 9110, section 7.8).
        guard !line.isHTTP10 else { throw .versionNotSupported }
        guard head.list("upgrade", contains: "websocket") else { throw .badRequest("Upgrade is not websocket") }
        guard head.list("connection", contains: "upgrade") else { throw .badRequest("Connection is not Upgrade") }
        version = ProtocolVersions.one(try UpgradeRequest.single("sec-websocket-version", in: head))
        key = try UpgradeRequest.single("sec-websocket-key", in: head) ?? ""
        // Another version may have other keys; its refusal says more, and is for those who know what is spoken here.
        guard version == nil || AcceptKey.isKey(key) else {
            throw .badRequest("Sec-WebSocket-Key is missing or malformed")
        }
        origin = try UpgradeRequest.single(version == .hybi10 ? "sec-websocket-origin" : "origin", in: head)
        guard let protocols = HTTPText.tokens(head.values("sec-websocket-protocol")) else {
            throw .badRequest("Sec-WebSocket-Protocol is malformed")
        }
        guard Set(protocols).count == protocols.count else { throw .badRequest("a subprotocol is listed twice") }
        self.protocols = protocols
        guard let extensions = ExtensionOffer.parse(head.values("sec-websocket-extensions")) else {
            throw .badRequest("Sec-WebSocket-Extensions is malformed")
        }
        self.extensions = extensions
    }

    private static func single(_ name: String, in head: HTTPHead) throws(UpgradeRefusal) -> String? {
        do throws(HTTPMalformed) {
            return try head.single(name)
        } catch {
            throw .badRequest(error.reason)
        }
    }

    /// The bytes that follow the head are frames: a request that announces a body is refused.
    private static func refuseBody(_ head: HTTPHead) throws(UpgradeRefusal) {
        guard head.values("transfer-encoding").isEmpty, head.values("content-length").allSatisfy({ $0 == "0" }) else {
            throw .badRequest("the request has a body")
        }
    }

    /// Whether the client waits for 100, which then comes before 101 (RFC 9110, section 7.8).
    package var expectsContinue: Bool { head.list("expect", contains: "100-continue") }

    /// The port that ``host`` names, if it names one.
    package var hostPort: UInt16? {
        guard let colon = host.lastIndex(of: ":"), host.last != "]" else { return nil }
        return UInt16(host[host.index(after: colon)...])
    }

    /// Host and port: printable, without the characters that end an authority.
    package static func isHost(_ host: String) -> Bool {
        !host.isEmpty
            && host.utf8.allSatisfy { octet in
                switch Unicode.Scalar(octet) {
                case "/", "?", "#", "@", ",", "\\", "\"", "<", ">": false
                case _: octet > 0x20 && octet < 0x7f
                }
            }
    }

    // MARK: Client

    /// Whether `target` can stand in a request line: path and query in printable ASCII, no fragment.
    package static func isRequestTarget(_ target: String) -> Bool {
        target.hasPrefix("/") && HTTPRequestLine.originForm(target) != nil
    }

    /// Appends a client's handshake. No text may contain a line end; the target must satisfy
    /// ``isRequestTarget(_:)``.
    ///
    /// - Parameters:
    ///   - host: with the port when it is not the scheme's own.
    ///   - key: see ``AcceptKey/key(nonce:)``.
    ///   - extensions: the value of `Sec-WebSocket-Extensions`, see ``DeflatePolicy/offer()``.
    ///   - fields: what else shall be sent, such as `User-Agent`.
    package static func append(
        path: String, host: String, key: String, origin: String? = nil, protocols: [String] = [],
        extensions: String? = nil, fields: [(name: String, value: String)] = [], to output: inout ByteBuffer
    ) {
        precondition(isRequestTarget(path), "not a request target")
        precondition(protocols.allSatisfy { HTTPText.isToken($0) }, "a subprotocol is not a token")
        output.append("GET ")
        output.append(utf8: path)
        output.append(" HTTP/1.1\r\n")
        HTTPText.appendField("Host", host, to: &output)
        output.append("Upgrade: websocket\r\nConnection: Upgrade\r\n")
        HTTPText.appendField("Sec-WebSocket-Key", key, to: &output)
        output.append("Sec-WebSocket-Version: 13\r\n")
        if let origin { HTTPText.appendField("Origin", origin, to: &output) }
        if !protocols.isEmpty {
            HTTPText.appendField("Sec-WebSocket-Protocol", protocols.joined(separator: ", "), to: &output)
        }
        if let extensions { HTTPText.appendField("Sec-WebSocket-Extensions", extensions, to: &output) }
        for field in fields { HTTPText.appendField(field.name, field.value, to: &output) }
        output.append("\r\n")
    }
}
