import RennbahnWebSocket
import Testing

@Suite struct TransportURLTests {
    @Test(
        arguments: [
            ("ws://127.0.0.1:8080/", "127.0.0.1", 8080, "/", "127.0.0.1:8080"),
            ("ws://router.example", "router.example", 80, "/", "router.example"),
            ("WS://h:81?x=1", "h", 81, "/?x=1", "h:81"),
            ("ws://h/a%20b/?c=d/e?f", "h", 80, "/a%20b/?c=d/e?f", "h"),
            ("ws://[::1]:9000/ws?a=b:c", "::1", 9000, "/ws?a=b:c", "[::1]:9000"),
            ("ws://[2001:db8::1]", "2001:db8::1", 80, "/", "[2001:db8::1]"),
            ("ws://[::ffff:1.2.3.4]:81", "::ffff:1.2.3.4", 81, "/", "[::ffff:1.2.3.4]:81"),
            ("ws://h:080", "h", 80, "/", "h"),
            ("wss://router.example/ws", "router.example", 443, "/ws", "router.example"),
            ("Wss://h:8443", "h", 8443, "/", "h:8443"),
            ("rs://h:9", "h", 9, "/", "h:9"),
            ("rs://[::1]:9/", "::1", 9, "/", "[::1]:9"),
            ("rss://h:65535", "h", 65535, "/", "h:65535"),
        ] as [(String, String, UInt16, String, String)])
    func `URLs are taken apart`(text: String, host: String, port: UInt16, target: String, field: String) throws {
        let url = try TransportURL(parsing: text)
        #expect(url.place == .tcp(host: host, port: port) && url.target == target && url.hostField == field)
        #expect(url.text == text && url.isSecure == text.lowercased().contains("ss:"))
        #expect(url.opening == (text.lowercased().hasPrefix("rs") ? .rawSocket : .webSocket))
    }

    @Test(
        arguments: [("ws", 80, 443), ("rs", 80, 443), ("wss", 443, 80), ("rss", 443, 80)] as [(String, UInt16, UInt16)])
    func `Each scheme has a port of its own, which Host leaves out, given or not`(
        scheme: String, own: UInt16, other: UInt16
    ) throws {
        for host in ["h", "[::1]"] {
            let name = host == "h" ? "h" : "::1"
            for text in ["\(scheme)://\(host)", "\(scheme)://\(host):\(own)"] {
                let url = try TransportURL(parsing: text)
                #expect(url.place == .tcp(host: name, port: own) && url.hostField == host)
            }
            let url = try TransportURL(parsing: "\(scheme)://\(host):\(other)")
            #expect(url.place == .tcp(host: name, port: other) && url.hostField == "\(host):\(other)")
        }
    }

    @Test(arguments: [
        ("ws+unix:/run/r.sock", "/run/r.sock", "/"), ("ws+unix:r.sock:/ws?a=b:c", "r.sock", "/ws?a=b:c"),
        ("WS+UNIX:///run/r.sock:/", "/run/r.sock", "/"), ("ws+unix:/a%20b#c:/x%20y", "/a%20b#c", "/x%20y"),
        ("ws+unix:/a b/ö", "/a b/ö", "/"), ("rs+unix:/run/r.sock", "/run/r.sock", "/"),
        ("RS+unix:r.sock:", "r.sock", "/"),
    ])
    func `The path of a UNIX socket is what stands before the first colon, as it stands`(
        text: String, path: String, target: String
    ) throws {
        let url = try TransportURL(parsing: text)
        #expect(url.place == .unix(path: path) && url.target == target)
        #expect(url.hostField == "localhost" && !url.isSecure)
        #expect(url.opening == (text.lowercased().hasPrefix("rs") ? .rawSocket : .webSocket))
    }

    @Test(
        arguments: [
            ("", .scheme), ("127.0.0.1:8080", .scheme), ("http://h/", .scheme), ("wsss://h", .scheme), ("ws", .scheme),
            ("wss:h/", .scheme), ("rs:h", .scheme), ("wss+unix:/s", .scheme), (" ws://h", .scheme),
            ("ws://h/a b", .characters), ("ws://hö/", .characters), ("ws://h/\r\nX-Header: 1", .characters),
            ("ws+unix:/s:/a b", .characters), ("ws://h/\u{7f}", .characters),
            ("ws://h/#f", .fragment), ("ws://h#f", .fragment), ("rs://h#", .fragment), ("ws+unix:/s:/a#f", .fragment),
            ("ws://user@h/", .user), ("wss://user:password@h", .user), ("rs://@h", .user),
            ("ws://", .host), ("wss://", .host), ("ws:///path", .host), ("ws://:80", .host), ("rs://?x", .host),
            ("ws://[::1]x/", .brackets), ("ws://[::1", .brackets), ("ws://[]:80", .brackets),
            ("ws://[h]:80", .brackets),
            ("ws://[::1]]:80", .brackets),
            ("ws://::1/", .bareIPv6), ("ws://::1:80", .bareIPv6),
            ("ws://h:0/", .port("0")), ("ws://h:65536/", .port("65536")), ("ws://h:8x/", .port("8x")),
            ("ws://h:+8", .port("+8")), ("ws://h:", .port("")), ("ws://[::1]:", .port("")),
            ("ws+unix:", .socket), ("ws+unix://", .socket), ("rs+unix::/ws", .socket), ("ws+unix:/a\0b", .socket),
            ("ws+unix:/s:x", .target("x")),
            ("rs://h:9/ws", .rawSocketPath), ("rs://h:9?x", .rawSocketPath), ("rs+unix:/r.sock:/ws", .rawSocketPath),
        ] as [(String, TransportURL.Malformed)])
    func `What is no URL of a transport is refused, and told why`(text: String, why: TransportURL.Malformed) {
        #expect(throws: why) { try TransportURL(parsing: text) }
        #expect(!why.description.isEmpty)
    }
}
