import RennbahnLoadGenerator
import Testing

struct LoadTargetTests {
    @Test(
        "URLs are taken apart",
        arguments: [
            ("ws://127.0.0.1:8080/", "127.0.0.1", 8080, "/", "127.0.0.1:8080"),
            ("ws://router.example", "router.example", 80, "/", "router.example"),
            ("WS://h:81?x=1", "h", 81, "/?x=1", "h:81"),
            ("ws://[::1]:9000/ws?a=b/c", "::1", 9000, "/ws?a=b/c", "[::1]:9000"),
            ("ws://[::1]/ws", "::1", 80, "/ws", "[::1]"),
            ("wss://router.example/ws", "router.example", 443, "/ws", "router.example"),
            ("wss://h:80", "h", 80, "/", "h:80"),
        ])
    func parts(url: String, host: String, port: UInt16, path: String, field: String) throws {
        let target = try LoadTarget(parsing: url)
        #expect(target.host == host && target.port == port && target.path == path)
        #expect(target.hostField == field && target.url == url && target.isSecure == url.hasPrefix("wss"))
    }

    @Test(
        "URLs of UNIX sockets are taken apart",
        arguments: [
            ("ws+unix:/run/r.sock", "/run/r.sock", "/"), ("ws+unix:r.sock:/ws?a=b", "r.sock", "/ws?a=b"),
            ("WS+UNIX:///run/r.sock:/", "/run/r.sock", "/"),
        ])
    func socket(url: String, socket: String, path: String) throws {
        let target = try LoadTarget(parsing: url)
        #expect(target.socketPath == socket && target.path == path && target.hostField == "localhost")
        #expect(!target.speaksRawSocket)
    }

    @Test("rs, rss and rs+unix are RawSocket, which has no paths")
    func rawSocket() throws {
        let plain = try LoadTarget(parsing: "rs://[::1]:9000")
        #expect(plain.speaksRawSocket && !plain.isSecure && plain.host == "::1" && plain.port == 9000)
        #expect(try LoadTarget(parsing: "rs://h:9/").speaksRawSocket)
        let secure = try LoadTarget(parsing: "rss://h:9")
        #expect(secure.speaksRawSocket && secure.isSecure)
        let socket = try LoadTarget(parsing: "rs+unix:/run/r.sock")
        #expect(socket.speaksRawSocket && socket.socketPath == "/run/r.sock")
        #expect(try !LoadTarget(parsing: "ws://h:9/").speaksRawSocket)
        for url in ["rs://h:9/ws", "rs://h:9?x", "rs+unix:/r.sock:/ws", "rs:h", "rsss://h"] {
            #expect(throws: LoadTarget.Malformed.self, "\(url)") { try LoadTarget(parsing: url) }
        }
    }

    @Test(
        "what is no URL of a server is refused",
        arguments: [
            "", "127.0.0.1:8080", "http://h/", "wss:h/", "wss://", "ws://", "ws:///path", "ws://h:0/", "ws://h:65536/",
            "ws://h:8x/", "ws+unix:", "ws+unix:/s:x", "ws+unix:/s:/a b", "ws://::1/", "ws://[::1]x/", "ws://user@h/",
            "ws://h/#f", "ws://h/a b", "ws://hö/",
        ])
    func malformed(url: String) {
        #expect(throws: LoadTarget.Malformed.self) { try LoadTarget(parsing: url) }
    }
}
