import RennbahnBytes
import RennbahnWebSocket
import Testing

@Suite("Opening handshake, client side")
struct UpgradeResponseTests {
    private static let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    private static let example = [
        "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
    ]

    private func parse(
        _ lines: [String], protocols: [String] = ["chat"], deflate: DeflatePolicy? = nil
    ) throws(UpgradeFailure) -> UpgradeResponse {
        let bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        return try UpgradeResponse.parse(
            bytes.span, accept: UpgradeResponseTests.accept, protocols: protocols, deflate: deflate)
    }

    private func failure(
        replacing index: Int? = nil, _ line: String?, deflate: DeflatePolicy? = nil
    ) -> UpgradeFailure? {
        var lines = UpgradeResponseTests.example
        if let index { lines.remove(at: index) }
        if let line { lines.insert(line, at: index ?? lines.count) }
        do {
            _ = try parse(lines, deflate: deflate)
            return nil
        } catch {
            return error
        }
    }

    @Test("The example of section 1.3 is accepted")
    func example() throws {
        let plain = try parse(UpgradeResponseTests.example)
        #expect(plain.subprotocol == nil && plain.deflate == nil)
        let chat = try parse(UpgradeResponseTests.example + ["Sec-WebSocket-Protocol: chat"])
        #expect(chat.subprotocol == "chat")
        #expect(failure(replacing: 1, "upgrade: WebSocket") == nil)
        #expect(failure(replacing: 2, "connection: keep-alive, upgrade") == nil)
    }

    @Test("Another status is told with its number and reason")
    func status() {
        #expect(failure(replacing: 0, "HTTP/1.1 404 Not Found") == .status(404, reason: "Not Found"))
        #expect(failure(replacing: 0, "HTTP/1.0 503") == .status(503, reason: ""))
        #expect(
            failure(replacing: 0, "HTTP/1.1 502 Bad Gateway\r\nRetry-After: 120")
                == .status(502, reason: "Bad Gateway", retryAfter: "120"))
        #expect(failure(replacing: 0, "HTTP/1.1 302 Moved Away") == .status(302, reason: "Moved Away"))
        for line in ["HTTP/1.1 1O1 x", "HTTP/1.1", "SSH-2.0-x", "HTTP/1.1 +101 x", "HTTP/1.0 101 x"] {
            guard case .malformed = failure(replacing: 0, line) else {
                Issue.record("\(line) was not refused as malformed")
                continue
            }
        }
    }

    @Test("Where else to go, and what to log in with, is told with the status that it belongs to")
    func advice() {
        func advice(_ lines: String...) -> String? {
            let text = (["HTTP/1.1 \(lines[0])"] + lines.dropFirst()).joined(separator: "\r\n")
            guard case .status(_, _, _, let advice) = failure(replacing: 0, text) else { return "no status" }
            return advice
        }
        #expect(advice("302 Found", "Location: https://a.example/?b=c") == "Location: https://a.example/?b=c")
        #expect(advice("308 Permanent Redirect", "location: /b") == "Location: /b")
        #expect(
            advice("401 Unauthorized", "WWW-Authenticate: Basic realm=\"a\"", "WWW-Authenticate: Bearer")
                == "WWW-Authenticate: Basic realm=\"a\", Bearer")
        #expect(advice("407 Proxy Authentication Required", "Proxy-Authenticate: Basic") == "Proxy-Authenticate: Basic")
        #expect(advice("401 Unauthorized") == nil && advice("302 Found", "Location:") == nil)
        #expect(advice("503 Service Unavailable", "Location: /b") == nil)
        #expect(advice("302 Found", "Location: /\u{9b}ü\t") == "Location: /????")
        let long = String(repeating: "a", count: 300)
        #expect(advice("302 Found", "Location: \(long)") == "Location: \(long.prefix(256))…")
        let found = failure(replacing: 0, "HTTP/1.1 302 Found\r\nLocation: /b")
        #expect(found?.description == "status 302: Found; Location: /b")
    }

    @Test("Upgrade, Connection and the accept value must be right")
    func required() {
        #expect(failure(replacing: 1, nil) == .notUpgraded)
        #expect(failure(replacing: 1, "Upgrade: h2c") == .notUpgraded)
        #expect(failure(replacing: 2, nil) == .notUpgraded)
        #expect(failure(replacing: 2, "Connection: close") == .notUpgraded)
        #expect(failure(replacing: 3, nil) == .wrongAccept)
        #expect(failure(replacing: 3, "Sec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo=") == .wrongAccept)
        #expect(failure(UpgradeResponseTests.example[3]) == .malformed("header field appears twice"))
    }

    @Test("Only what was offered may be chosen")
    func offered() throws {
        #expect(failure("Sec-WebSocket-Protocol: other") == .unexpectedSubprotocol("other"))
        #expect(failure("Sec-WebSocket-Protocol: chat, chat") == .unexpectedSubprotocol("chat, chat"))
        let deflate = "Sec-WebSocket-Extensions: permessage-deflate"
        #expect(failure(deflate) == .unexpectedExtension("permessage-deflate"))
        #expect(
            failure(deflate, deflate: DeflatePolicy(isEnabled: false)) == .unexpectedExtension("permessage-deflate"))
        #expect(failure(deflate, deflate: DeflatePolicy()) == nil)
        #expect(failure("Sec-WebSocket-Extensions: foo", deflate: DeflatePolicy()) == .unexpectedExtension("foo"))
        #expect(
            failure(deflate + ", permessage-deflate", deflate: DeflatePolicy())
                == .unexpectedExtension("permessage-deflate"))
        #expect(
            failure(deflate + "; x", deflate: DeflatePolicy()) == .unacceptableDeflate(.unknownParameter("x")))
        let lines = UpgradeResponseTests.example + [deflate + "; server_max_window_bits=10"]
        #expect(try parse(lines, deflate: DeflatePolicy()).deflate?.serverMaxWindowBits == 10)
    }

    @Test("A server's answer is read as it was written")
    func roundTrip() throws {
        var output = ByteBuffer()
        let policy = DeflatePolicy(requestMaxWindowBits: 12)
        let offer = try #require(ExtensionOffer.parse([policy.offer()]))
        let (agreement, header) = try #require(DeflatePolicy().accept(DeflateOffer.offers(in: offer)))
        UpgradeResponse.append(
            accept: UpgradeResponseTests.accept, subprotocol: "chat", extensions: header,
            fields: [("Server", "test")], to: &output)
        let response = try UpgradeResponse.parse(
            output.span, accept: UpgradeResponseTests.accept, protocols: ["a", "chat"], deflate: policy)
        #expect(response.subprotocol == "chat")
        #expect(response.deflate == agreement)
        #expect(output.span.text().contains("\r\nServer: test\r\n"))
    }

    @Test("What comes before the answer is told from it")
    func interim() {
        for (status, isInterim) in [(99, false), (100, true), (103, true), (199, true), (200, false), (503, false)] {
            #expect(UpgradeFailure.status(status, reason: "").isInterim == isInterim, "\(status)")
        }
        #expect(!UpgradeFailure.notUpgraded.isInterim)
        var output = ByteBuffer()
        UpgradeResponse.appendContinue(to: &output)
        #expect(output.span.text() == "HTTP/1.1 100 Continue\r\n\r\n")
    }

    @Test("A refusal that a server writes is a status that a client tells")
    func refusal() {
        var output = ByteBuffer()
        UpgradeRefusal.unavailable.append(to: &output)
        let lines = output.span.text().split(separator: "\r\n\r\n")[0].split(separator: "\r\n").map(String.init)
        #expect(throws: UpgradeFailure.status(503, reason: "Service Unavailable")) { try parse(lines) }
    }
}
