import RennbahnWebSocket
import Testing

/// What may stand in a request beside the handshake, and what may not.
@Suite("Fields of a request that somebody asks for")
struct RequestFieldTests {
    private func malformed(_ text: String) -> RequestField.Malformed? {
        do {
            _ = try RequestField(parsing: text)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "a name and a value, without the blanks around it",
        arguments: [
            ("X-Tenant: acme", "X-Tenant", "acme"), ("a:b", "a", "b"), ("a: \t b c \t", "a", "b c"), ("a:", "a", ""),
            ("Authorization: Basic dTpw", "Authorization", "Basic dTpw"), ("a: b: c", "a", "b: c"),
            ("x!#$%&'*+-.^_`|~: ü", "x!#$%&'*+-.^_`|~", "ü"),
            ("Sec-Fetch-Mode: websocket", "Sec-Fetch-Mode", "websocket"),
        ])
    func good(text: String, name: String, value: String) throws {
        let field = try RequestField(parsing: text)
        #expect(field.name == name && field.value == value)
    }

    @Test(
        "what is no field is refused, with why",
        arguments: [
            ("Bearer secret", .colon), ("", .colon), (": b", .name), ("a b: c", .name), ("a : c", .name),
            ("ä: c", .name), ("a\r\nX: c", .name), ("a\n: c", .name), ("a: b\r\nX: c", .value("a")),
            ("a: b\n", .value("a")), ("a: b\rc", .value("a")), ("a: \u{0}", .value("a")), ("a: \u{7f}", .value("a")),
        ] as [(String, RequestField.Malformed)])
    func bad(text: String, why: RequestField.Malformed) {
        #expect(malformed(text) == why)
    }

    @Test(
        "what the handshake says itself is refused, in whatever letters",
        arguments: [
            "Host", "host", "Upgrade", "Connection", "Content-Length", "transfer-encoding", "Sec-WebSocket-Key",
            "sec-websocket-protocol", "SEC-WEBSOCKET-EXTENSIONS", "Sec-WebSocket-Version", "Sec-WebSocket-Whatever",
        ])
    func owned(name: String) {
        #expect(malformed("\(name): a") == .owned(name))
        #expect(malformed("X-\(name): a") == nil)
    }

    @Test("cookies stand in one field, and each has a name and a value that cannot become another")
    func cookies() throws {
        let field = try RequestField.cookies(["cbtid=a+/b==", "b=\"c\"", "d="])
        #expect(field.name == "Cookie" && field.value == "cbtid=a+/b==; b=\"c\"; d=")
        for pair in ["a", "=b", "a b=c", "a=b;c=d", "a=b c", "a=b,c", "a=\"b", "a=b\\", "a=b\r\n", "a=\u{e4}"] {
            #expect(throws: RequestField.Malformed.cookie) { try RequestField.cookies(["x=y", pair]) }
        }
        #expect(throws: RequestField.Malformed.cookie) { try RequestField.cookies([]) }
    }

    @Test("no message and no description shows a value")
    func secrecy() throws {
        let field = try RequestField("Authorization", "geheim")
        #expect("\(field)" == "Authorization: ***")
        for text in ["geheim", "Host: geheim", "a: geheim\r", "geheim geheim: geheim"] {
            let why = try #require(malformed(text))
            #expect(!"\(why)".contains("geheim"))
        }
    }

    @Test("fields of the same name give way, whatever letters it has")
    func overriding() throws {
        let fields = [RequestField.userAgent, try RequestField("Cookie", "a=b"), try RequestField("X", "1")]
        let others = [try RequestField("cookie", "c=d"), try RequestField("Y", "2")]
        #expect(fields.overridden(by: others).map(\.value) == ["Rennbahn", "1", "c=d", "2"])
        #expect(fields.overridden(by: []) == fields)
        #expect(fields.overridden(by: [try RequestField("user-agent", "me")]).map(\.value) == ["a=b", "1", "me"])
    }
}
