import RennbahnBytes
import RennbahnTestKit
import RennbahnWebSocket
import Testing

@Suite("Opening handshake, server side")
struct UpgradeRequestTests {
    /// The request of RFC 6455, section 1.3.
    private static let example = [
        "GET /chat HTTP/1.1", "Host: server.example.com", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Origin: http://example.com",
        "Sec-WebSocket-Protocol: chat, superchat", "Sec-WebSocket-Version: 13",
    ]

    private func parse(_ lines: [String]) throws(UpgradeRefusal) -> UpgradeRequest {
        let bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        return try UpgradeRequest.parse(bytes.span)
    }

    /// The example with the line that begins with `prefix` replaced (or dropped, or one appended).
    private func refusal(_ prefix: String, _ line: String?) -> UpgradeRefusal? {
        var lines = UpgradeRequestTests.example
        if let index = lines.firstIndex(where: { $0.hasPrefix(prefix) }) { lines.remove(at: index) }
        if let line { lines.insert(line, at: prefix == "GET" ? 0 : lines.count) }
        do {
            _ = try parse(lines)
            return nil
        } catch {
            return error
        }
    }

    private func status(_ prefix: String, _ line: String?) -> Int? { refusal(prefix, line)?.status }

    @Test("The example of section 1.3 is read")
    func example() throws {
        let request = try parse(UpgradeRequestTests.example)
        #expect(request.path == "/chat")
        #expect(request.host == "server.example.com")
        #expect(request.origin == "http://example.com")
        #expect(request.key == "dGhlIHNhbXBsZSBub25jZQ==")
        #expect(request.protocols == ["chat", "superchat"])
        #expect(request.extensions.isEmpty)
        #expect(request.head.values("sec-websocket-version") == ["13"])
    }

    @Test("The accept value of section 1.3 comes from its digest")
    func accept() {
        let input = AcceptKey.acceptInput(key: "dGhlIHNhbXBsZSBub25jZQ==")
        #expect(input == Array("dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8))
        let digest: [UInt8] = [
            0xb3, 0x7a, 0x4f, 0x2c, 0xc0, 0x62, 0x4f, 0x16, 0x90, 0xf6, 0x46, 0x06, 0xcf, 0x38, 0x59, 0x45, 0xb2, 0xbe,
            0xc4, 0xea,
        ]
        #expect(AcceptKey.value(forDigest: digest.span) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        let nonce = Array("the sample nonce".utf8)
        #expect(AcceptKey.key(nonce: nonce.span) == "dGhlIHNhbXBsZSBub25jZQ==")
    }

    @Test("Method, target and version of the request line")
    func requestLine() throws {
        #expect(status("GET", "POST /chat HTTP/1.1") == 405)
        #expect(status("GET", "get /chat HTTP/1.1") == 405)
        #expect(status("GET", "GET /chat HTTP/1.0") == 505)
        #expect(status("GET", "GET /chat HTTP/2.0") == 505)
        #expect(status("GET", "GET /chat HTTP/0.9") == 505)
        #expect(status("GET", "GET /chat HTTP/1.2") == nil)
        for line in [
            "GET /chat", "GET  /chat HTTP/1.1", "GET /chat HTTP/1.1 ", "GET chat HTTP/1.1", "GET /c#d HTTP/1.1",
            "GET * HTTP/1.1", "GET /chat HTTP/11", "GET /chat http/1.1", " GET / HTTP/1.1", "G@T / HTTP/1.1",
            "GET ws:// HTTP/1.1", "GET ws:///x HTTP/1.1",
        ] {
            #expect(status("GET", line) == 400, "\(line)")
        }
        for (target, path) in [
            ("/", "/"), ("/a/b?c=d", "/a/b?c=d"), ("ws://h:1/x?y", "/x?y"), ("HTTP://h", "/"), ("wss://h?q", "/?q"),
        ] {
            let lines = ["GET \(target) HTTP/1.1"] + UpgradeRequestTests.example.dropFirst()
            #expect(try parse(lines).path == path)
        }
    }

    @Test("Host, Upgrade and Connection must be there, their tokens whatever the case")
    func requiredFields() {
        #expect(status("Host", nil) == 400)
        #expect(status("Host", "Host:") == 400)
        #expect(status("Host", "Host: a b") == 400)
        #expect(status("Host", "Host: [::1]:8080") == nil)
        #expect(refusal("Upgrade", nil) == .upgradeRequired)
        #expect(status("Upgrade", "Upgrade: h2c") == 400)
        #expect(status("Upgrade", "UPGRADE: foo, WebSocket") == nil)
        #expect(status("Connection", nil) == 400)
        #expect(status("Connection", "Connection: close") == 400)
        #expect(status("Connection", "connection: keep-alive, UPGRADE") == nil)
    }

    @Test("A plain request of HTTP/1.0 is told what is here, as one of HTTP/1.1 is, and needs no Host")
    func oldPlainRequest() {
        for lines in [["GET / HTTP/1.0"], ["GET / HTTP/1.0", "Host: a"], ["GET / HTTP/1.1", "Host: a"]] {
            #expect(throws: UpgradeRefusal.upgradeRequired, "\(lines)") { try parse(lines) }
        }
        #expect(throws: UpgradeRefusal.badRequest("Host is missing or malformed")) {
            try parse(["GET / HTTP/1.0", "Host: a b"])
        }
        #expect(throws: UpgradeRefusal.methodNotAllowed) { try parse(["POST / HTTP/1.0"]) }
        #expect(throws: UpgradeRefusal.versionNotSupported) { try parse(["GET / HTTP/1.0", "Upgrade: websocket"]) }
    }

    @Test("A client that waits for 100 says so in Expect, whatever the case")
    func expectation() throws {
        #expect(try parse(UpgradeRequestTests.example + ["Expect: 100-Continue"]).expectsContinue)
        #expect(try !parse(UpgradeRequestTests.example + ["Expect: something-else"]).expectsContinue)
        #expect(try !parse(UpgradeRequestTests.example).expectsContinue)
    }

    /// The example with these lines in place of its version, and without its origin.
    private func request(_ lines: String...) throws(UpgradeRefusal) -> UpgradeRequest {
        try parse(
            UpgradeRequestTests.example.filter { !$0.hasPrefix("Sec-WebSocket-Version") && !$0.hasPrefix("Origin") }
                + lines)
    }

    @Test("The version is 13, 8 or one that nobody speaks, whose key is not looked at")
    func version() throws {
        #expect(try request("Sec-WebSocket-Version: 13").version == .rfc6455)
        #expect(try request("Sec-WebSocket-Version: 8").version == .hybi10)
        #expect(try request().version == nil)
        for number in ["", "7", "013", "13, 8", "14", "x"] {
            #expect(try request("Sec-WebSocket-Version: \(number)").version == nil, "\(number)")
        }
        let lines = UpgradeRequestTests.example.filter { !$0.hasPrefix("Sec-WebSocket-Key") }
        #expect(try parse(lines.map { $0 == "Sec-WebSocket-Version: 13" ? "Sec-WebSocket-Version: 14" : $0 }).key == "")
        #expect(throws: UpgradeRefusal.badRequest("Sec-WebSocket-Key is missing or malformed")) { try parse(lines) }
    }

    @Test("A page is named by Origin in version 13, by Sec-WebSocket-Origin in version 8")
    func originOfVersion() throws {
        let both = ["Origin: http://a", "Sec-WebSocket-Origin: http://b"]
        #expect(try request("Sec-WebSocket-Version: 13", both[0], both[1]).origin == "http://a")
        #expect(try request("Sec-WebSocket-Version: 8", both[0], both[1]).origin == "http://b")
        #expect(try request("Sec-WebSocket-Version: 8", both[0]).origin == nil)
    }

    @Test(
        "The refusal of a version lists those that are spoken",
        arguments: [(.all, "13, 8"), (.rfc6455, "13"), (.hybi10, "8")] as [(ProtocolVersions, String)])
    func spokenVersions(versions: ProtocolVersions, list: String) {
        let answer = text(.unsupportedVersion(versions))
        #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\nSec-WebSocket-Version: \(list)\r\n"))
        #expect(UpgradeRefusal.unsupportedVersion(versions) != .unsupportedVersion([]))
    }

    @Test("The key is 16 octets of base64")
    func key() {
        #expect(status("Sec-WebSocket-Key", nil) == 400)
        for key in [
            "", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ===", "dGhlIHNhbXBsZSBub25jZWE=",
            "dGhlIHNhbXBsZSBub25j!Q==", "dGhlIHNhbXBsZSBub25jZQQQ",
        ] {
            #expect(status("Sec-WebSocket-Key", "Sec-WebSocket-Key: \(key)") == 400)
        }
        #expect(status("Sec-WebSocket-Key", "Sec-WebSocket-Key: ++++////abcdefghijKLMN==") == nil)
    }

    @Test("What may stand once is refused twice")
    func duplicates() {
        for line in UpgradeRequestTests.example.dropFirst() {
            let isList = ["Upgrade", "Connection"].contains { line.hasPrefix($0) }
            let isProtocol = line.hasPrefix("Sec-WebSocket-Protocol")
            let status = status("nothing begins so", line)
            #expect(status == (isList ? nil : 400), "\(line)\(isProtocol ? " lists a subprotocol twice" : "")")
        }
    }

    @Test("Subprotocols keep the client's order over several fields")
    func protocols() throws {
        let lines = UpgradeRequestTests.example + ["Sec-WebSocket-Protocol: wamp.2.json,, wamp.2.msgpack"]
        #expect(try parse(lines).protocols == ["chat", "superchat", "wamp.2.json", "wamp.2.msgpack"])
        #expect(status("-", "Sec-WebSocket-Protocol: a b") == 400)
        #expect(status("-", "Sec-WebSocket-Extensions: a;;b") == 400)
    }

    @Test("A request with a body is refused")
    func body() {
        #expect(status("-", "Content-Length: 5") == 400)
        #expect(status("-", "Content-Length: 0") == nil)
        #expect(status("-", "Transfer-Encoding: chunked") == 400)
    }

    @Test("A client's request is read as it was written")
    func clientRequest() throws {
        var output = ByteBuffer()
        UpgradeRequest.append(
            path: "/ws?x=1", host: "localhost:8080", key: "dGhlIHNhbXBsZSBub25jZQ==", origin: "http://a",
            protocols: ["wamp.2.json", "wamp.2.msgpack"], extensions: DeflatePolicy().offer(),
            fields: [("User-Agent", "test")], to: &output)
        let request = try UpgradeRequest.parse(output.span)
        #expect(request.path == "/ws?x=1" && request.host == "localhost:8080" && request.origin == "http://a")
        #expect(request.protocols == ["wamp.2.json", "wamp.2.msgpack"])
        #expect(DeflateOffer.offers(in: request.extensions).count == 1)
        #expect(request.head.values("user-agent") == ["test"])
        #expect(UpgradeRequest.isRequestTarget("/a") && !UpgradeRequest.isRequestTarget("/a b"))
        #expect(!UpgradeRequest.isRequestTarget("a") && !UpgradeRequest.isRequestTarget("/\r\n"))
    }

    private func text(_ refusal: UpgradeRefusal) -> String {
        var output = ByteBuffer()
        refusal.append(to: &output)
        return output.span.text()
    }

    @Test("Every refusal is a whole HTTP answer that ends the connection")
    func refusals() throws {
        let all: [(UpgradeRefusal, Int)] = [
            (.badRequest("because"), 400), (.forbiddenOrigin, 403), (.notFound, 404), (.methodNotAllowed, 405),
            (.upgradeRequired, 426),
            (.unsupportedVersion(.all), 400), (.tooManyRequests, 429), (.headTooLarge, 431), (.unavailable, 503),
            (.versionNotSupported, 505),
        ]
        for (refusal, status) in all {
            let parts = text(refusal).split(separator: "\r\n\r\n", omittingEmptySubsequences: false)
            let bytes = Array((parts[0] + "\r\n\r\n").utf8)
            let head = try HTTPHead(bytes.span)
            #expect(head.startLine.hasPrefix("HTTP/1.1 \(status) "))
            #expect(head.list("connection", contains: "close"))
            #expect(head.list("connection", contains: "upgrade") == (status == 426))
            #expect(try head.single("content-length") == "\(parts[1].utf8.count)")
        }
        #expect(text(.badRequest("because")).hasSuffix("because\n"))
    }

    @Test("Garbage in place of a request never traps")
    func garbage() {
        for seed: UInt64 in 0..<3000 {
            var random = SeededGenerator(seed: seed)
            var bytes = Array((UpgradeRequestTests.example.joined(separator: "\r\n") + "\r\n\r\n").utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) {
                    bytes[index] = random.bytes(1)[0]
                } else {
                    bytes.remove(at: index)
                }
            }
            _ = try? UpgradeRequest.parse(bytes.span)
        }
    }
}
