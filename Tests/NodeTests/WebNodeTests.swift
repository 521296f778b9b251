import Foundation
import RennbahnBytes
import RennbahnConfiguration
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWAMP
import Testing

/// Web transports that a configuration file describes.
@Suite(.serialized)
struct WebNodeTests {
    /// A node's folder with pages beside its configuration.
    private final class Place {
        let folder = NSTemporaryDirectory() + "rennbahn-\(UUID().uuidString)"

        init() throws {
            try FileManager.default.createDirectory(atPath: folder + "/.crossbar", withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: folder + "/downloads", withIntermediateDirectories: true)
            try Data("<h1>home</h1>".utf8).write(to: URL(filePath: folder + "/index.html"))
            try Data("secret".utf8).write(to: URL(filePath: folder + "/.crossbar/key"))
            try Data("file".utf8).write(to: URL(filePath: folder + "/downloads/file.txt"))
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func arena(_ transport: String, shards: Int = 1) throws -> Arena {
            let tree = try TreeReader.read(
                """
                {"version": 2, "workers": [{"type": "router", "transports": [\(transport)], "realms":
                    [{"name": "realm1", "roles": [{"name": "anonymous", "allow-by-default": true}]}]}]}
                """)
            #expect(Checker.check(tree) == [])
            var surroundings = NodeConfiguration.Surroundings(folder: folder + "/.crossbar", version: "1.2.3") { _ in
                nil
            }
            (surroundings.started, surroundings.processID) = (784_111_777, 4711)
            var configuration = try NodeConfiguration(tree, surroundings)
            configuration.transports[0].endpoint = ListeningEndpoint(.loopback(port: 0))
            configuration.limits.maxConnections = 100
            configuration.shards = shards
            return Arena(running: try Node(configuration))
        }
    }

    /// The head and the body of the answer to a GET.
    private static func get(_ target: String, _ arena: Arena) throws -> (head: String, body: String) {
        let descriptor = try Sockets.connect(to: arena.node.address).descriptor
        defer { Sockets.close(descriptor) }
        let request = Array("GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        var (isSent, hasEnded) = (false, false)
        var bytes = ByteBuffer()
        try arena.until {
            if !isSent, case .bytes(request.count) = Sockets.send(descriptor, request.span) { isSent = true }
            switch Sockets.read(descriptor, into: &bytes, minimumFree: 64 * 1024) {
            case .bytes, .wouldBlock: break
            case .closed, .failed: hasEnded = true
            }
            return hasEnded
        }
        let parts = String(decoding: bytes.span.copied(), as: UTF8.self).split(
            separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        try #require(parts.count == 2)
        return (String(parts[0]), String(parts[1]))
    }

    /// `docs/Web-Transport-and-Services.rst`, the second example, with its downloads in the test's folder.
    @Test(
        "The example of Crossbar.io's documentation runs: pages, downloads, a value, and WAMP sessions",
        arguments: [1, 2])
    func documented(shards: Int) throws {
        let place = try Place()
        let arena = try place.arena(
            """
            {
               "type": "web",
               "endpoint": {
                  "type": "tcp",
                  "port": 8080
               },
               "paths": {
                  "/": {
                     "type": "static",
                     "directory": ".."
                  },
                  "ws": {
                     "type": "websocket",
                  },
                  "downloads": {
                     "type": "static",
                     "directory": "\(place.folder)/downloads"
                  },
                  "config": {
                     "type": "json",
                     "value": {
                        "param1": "foobar",
                        "param2": [1, 2, 3]
                     }
                  }
               }
            }
            """, shards: shards)
        let home = try Self.get("/", arena)
        #expect(home.head.hasPrefix("HTTP/1.1 200 OK") && home.body == "<h1>home</h1>")
        #expect(try Self.get("/downloads/file.txt", arena).body == "file")
        #expect(try Self.get("/config", arena).body == #"{"param1":"foobar","param2":[1,2,3]}"#)
        #expect(try Self.get("/.crossbar/key", arena).head.hasPrefix("HTTP/1.1 404"))
        #expect(try Self.get("/downloads/../.crossbar/key", arena).head.hasPrefix("HTTP/1.1 404"))
        let first = try RawPeer(arena.node.address, .webSocket(path: "/ws", fields: ""))
        #expect(try first.ask(#"[1,"realm1",{"roles":{"publisher":{},"subscriber":{}}}]"#)[0] == 2)
        #expect(try first.ask(#"[32,1,{},"com.topic"]"#)[0] == 33)
        first.send(#"[16,2,{"exclude_me":false},"com.topic",[7]]"#)
        #expect(try first.next()[4] == [7])
    }

    @Test("A redirect, the node's page, options of values, and the headers of a site")
    func services() throws {
        let place = try Place()
        let arena = try place.arena(
            """
            {"type": "web", "endpoint": {"type": "tcp", "port": 8080}, "options": {"hsts": true}, "paths": {
                "there": {"type": "redirect", "url": "https://example.com/x"}, "info": {"type": "nodeinfo"},
                "value": {"type": "json", "value": {"b": [1.5, null, true], "a": "ä\\"\\n"},
                    "options": {"prettify": true, "allow_cross_origin": false, "discourage_caching": true}}}}
            """)
        #expect(try Self.get("/there", arena).head.contains("Location: https://example.com/x"))
        let info = try Self.get("/info", arena).body
        for part in ["Rennbahn 1.2.3", "Sun, 06 Nov 1994 08:49:37 GMT", "4711", "127.0.0.1:"] {
            #expect(info.contains(part), "\(part)")
        }
        let value = try Self.get("/value", arena)
        #expect(value.head.contains("no-store") && !value.head.contains("Access-Control"))
        #expect(value.body.contains("\n") && !value.head.contains("Strict-Transport-Security"), "there is no TLS")
        let parsed = try JSONSerialization.jsonObject(with: Data(value.body.utf8)) as? [String: Any]
        #expect(parsed?["a"] as? String == "ä\"\n" && (parsed?["b"] as? [Any])?.count == 3)
        #expect(try Self.get("/", arena).head.hasPrefix("HTTP/1.1 404"))
    }

    @Test("A universal transport has RawSocket, WebSocket by its own key, and pages for the rest")
    func universal() throws {
        let place = try Place()
        let arena = try place.arena(
            """
            {"type": "universal", "endpoint": {"type": "tcp", "port": 8080}, "rawsocket": {},
                "websocket": {"ws": {"type": "websocket"}},
                "web": {"paths": {"/": {"type": "static", "directory": ".."}, "deep": {"type": "websocket"}}}}
            """)
        for speech in [
            RawPeer.Speech.rawSocket, .webSocket(path: "/ws", fields: ""), .webSocket(path: "/deep/x", fields: ""),
        ] {
            let peer = try RawPeer(arena.node.address, speech)
            #expect(try peer.ask(#"[1,"realm1",{"roles":{"caller":{}}}]"#)[0] == 2)
        }
        #expect(try Self.get("/", arena).body == "<h1>home</h1>")
    }

    @Test(
        "What only shows when it is run is told with its place",
        arguments: [
            (
                #"{"type": "web", "endpoint": {"type": "tcp", "port": 1}, "paths": {"/": {"type": "static", "directory": "none"}}}"#,
                "workers[0].transports[0].paths./.directory"
            ),
            (
                #"{"type": "universal", "endpoint": {"type": "tcp", "port": 1}, "websocket": {"a": {}}, "web": {"paths": {"a": {"type": "websocket"}}}}"#,
                "workers[0].transports[0].web.paths.a"
            ),
        ])
    func problems(transport: String, path: String) throws {
        let place = try Place()
        let problems = #expect(throws: Problems.self) { try place.arena(transport) }
        #expect(problems?.all.map(\.path) == [path])
    }

    @Test("access_log writes a line for each answer, whatever the log's level, and no query")
    func accessLog() throws {
        let place = try Place()
        let lines = LogLines()
        let tree = try TreeReader.read(
            """
            {"version": 2, "workers": [{"type": "router", "realms":
                [{"name": "realm1", "roles": [{"name": "anonymous", "allow-by-default": true}]}],
                "transports": [{"type": "web", "id": "site", "endpoint": {"type": "tcp", "port": 1},
                    "options": {"access_log": true}, "paths": {"/": {"type": "static", "directory": ".."}}}]}]}
            """)
        var configuration = try NodeConfiguration(
            tree, NodeConfiguration.Surroundings(folder: place.folder + "/.crossbar", version: "1") { _ in nil })
        configuration.transports[0].endpoint = ListeningEndpoint(.loopback(port: 0))
        configuration.logger = lines.logger()
        let arena = Arena(running: try Node(configuration))
        _ = try Self.get("/?token=secret", arena)
        _ = try Self.get("/none", arena)
        try arena.until { lines.all.count >= 2 }
        #expect(lines.all.count == 2)
        #expect(lines.all[0].hasPrefix("info site 127.0.0.1:") && lines.all[0].hasSuffix(" GET / 200 13"))
        #expect(lines.all[1].contains(" GET /none 404 "))
    }
}
