import RennbahnConfiguration
import Testing

@Suite struct CheckerTests {
    @Test func `a working node has no problems`() throws {
        #expect(try problems(node) == [])
    }

    /// The layout as users of Crossbar.io write it, in JSON.
    @Test func `a node with the usual keys of Crossbar.io has no problems`() throws {
        let options = """
            {"enable_webstatus": false, "max_frame_size": 1048576, "max_message_size": 1048576, "auto_fragment_size": 65536,
             "fail_by_drop": true, "open_handshake_timeout": 2500, "close_handshake_timeout": 1000,
             "auto_ping_interval": 10000, "auto_ping_timeout": 5000, "auto_ping_size": 12,
             "auto_ping_restart_on_any_traffic": true, "tcp_nodelay": true, "allowed_origins": ["https://*.example.com"],
             "compression": {"deflate": {"max_window_bits": 13, "request_max_window_bits": 0, "memory_level": 5}}}
            """
        let text = """
            {"$schema": "x", "version": 2, "controller": {"id": "node1", "options": {"title": "node"}},
             "workers": [{"type": "router", "id": "worker1", "options": {"title": "w", "pythonpath": [".."], "cpu_affinity": [0]},
              "realms": [
               {"id": "realm001", "name": "com.example", "options": {"event_dispatching_chunk_size": 100, "uri_check": "loose"},
                "roles": [{"id": "role001", "name": "anonymous", "permissions": [{"uri": "", "match": "prefix",
                 "allow": {"call": true, "register": true, "publish": true, "subscribe": true},
                 "disclose": {"caller": false, "publisher": false}, "cache": true}]}]},
               {"name": "realm2", "roles": [{"name": "anonymous", "allow-by-default": true}]}],
              "transports": [
               {"type": "websocket", "id": "ws1", "url": "ws://localhost:8080/ws", "serializers": ["json"],
                "endpoint": {"type": "tcp", "port": "$PORT", "interface": "127.0.0.1", "backlog": 1024, "version": 4},
                "auth": {"anonymous": {"type": "static", "role": "anonymous"}}, "options": \(options)},
               {"type": "websocket", "endpoint": {"type": "tcp", "portrange": [9000, 9010], "version": 6},
                "serializers": ["json"], "options": \(options)}]}]}
            """
        #expect(try problems(text) == [])
    }

    @Test func `all problems are told at once, in the order of the file`() throws {
        let text =
            node + "\n" + """
                        options:
                          max_mesage_size: 5
                          max_frame_size: -5
                          allowed_origins: x
                        serializers: [json, msgpak, cbor]
                        cookie: {name: A}
                      - type: websokcet
                """
        let found = Checker.check(try TreeReader.read(text))
        let base = "workers[0].transports"
        #expect(
            found.first?.line(file: "node.yaml") == "node.yaml:15:11: \(base)[0].options.max_mesage_size: unknown key; "
                + "did you mean \"max_message_size\"?")
        let told = found.map { "\($0.place.line) \($0.path): \($0.message)" }
        let expected = [
            "15 \(base)[0].options.max_mesage_size: unknown key; did you mean \"max_message_size\"?",
            "16 \(base)[0].options.max_frame_size: found -5; allowed: an integer from 0 to 67108864",
            "17 \(base)[0].options.allowed_origins: found \"x\"; allowed: a list, each a text",
            "18 \(base)[0].serializers[1]: found \"msgpak\"; allowed: one of",
            "18 \(base)[0].serializers[2]: \"cbor\": not supported by this version (legal in Crossbar.io)",
            "19 \(base)[0].cookie.store: missing; expected a mapping with the key type",
            "19 \(base)[0].cookie.name: found \"A\"; allowed: a cookie name",
            "20 \(base)[1].type: found \"websokcet\"; allowed: one of",
        ]
        #expect(told.count == expected.count)
        for (line, start) in zip(told, expected) { #expect(line.hasPrefix(start)) }
        #expect(told[3].hasSuffix("did you mean \"msgpack\"?") && told[7].hasSuffix("did you mean \"websocket\"?"))
    }

    @Test(arguments: [
        ("port: 8080", "port: 0", "workers[0].transports[0].endpoint.port", "found 0"),
        ("port: 8080", "port: \"8080\"", "workers[0].transports[0].endpoint.port", "found \"8080\""),
        ("port: 8080", "backlog: 1", "workers[0].transports[0].endpoint.port", "port or portrange"),
        ("port: 8080", "port: 1, portrange: [1, 2]", "workers[0].transports[0].endpoint.port", "beside portrange"),
        ("port: 8080", "portrange: [2, 1]", "workers[0].transports[0].endpoint.portrange", "found a list"),
        ("port: 8080", "port: 1, host: x", "workers[0].transports[0].endpoint.host", "unknown key"),
        ("port: 8080", "port: 1, version: 5", "workers[0].transports[0].endpoint.version", "one of 4, 6"),
        ("type: tcp", "type: onion", "workers[0].transports[0].endpoint.type", "Tor"),
        ("version: 2", "version: 1", "version", "found 1; allowed: one of 2"),
        ("version: 2", "versoin: 2", "versoin", "did you mean \"version\"?"),
        ("version: 2", "{}: 2", "", "a key must be a text"),
        (
            "publish: true", "publish: false", "workers[0].realms[0].roles[0].permissions[0].allow.publish",
            "no authorization yet"
        ),
        (
            ", publish: true", "", "workers[0].realms[0].roles[0].permissions[0].allow.publish",
            "missing, which denies it"
        ),
        ("uri: \"*\"", "uri: \"com.*\"", "workers[0].realms[0].roles[0].permissions", "no authorization yet"),
        ("name: anonymous", "name: backend", "workers[0].realms[0].roles", "nobody could join"),
        ("name: realm1", "name: r", "workers[0].realms[0].name", "found \"r\""),
        ("type: router", "type: guest", "workers[0].type", "legal in Crossbar.io"),
        ("type: router", "type: rooter", "workers[0].type", "did you mean \"router\"?"),
    ])
    func `a change that breaks the node is told`(old: String, new: String, path: String, message: String) throws {
        let text = node.replacing(old, with: new)
        let found = readProblems(text) + ((try? Checker.check(TreeReader.read(text))) ?? [])
        #expect(found.contains { $0.path == path && $0.message.contains(message) }, "\(found)")
    }

    @Test func `what stands twice is told`() throws {
        let text = """
            version: 2
            workers:
              - type: router
                realms: [&r {name: realm1, roles: [{name: anonymous, allow-by-default: true}]}, *r]
                transports:
                  - &t {type: websocket, id: one, endpoint: {type: tcp, port: 1}}
                  - *t
            """
        #expect(
            try problems(text).sorted() == [
                "workers[0].realms[1].name: found \"realm1\", which stands here twice",
                "workers[0].transports[1].endpoint.port: found 1; another transport listens there",
                "workers[0].transports[1].id: found \"one\", which stands here twice",
            ])
    }

    @Test func `a role stands once in each realm, and may stand in several`() throws {
        func found(_ second: String) throws -> [String] {
            let role = "allow-by-default: true"
            return try problems(
                """
                version: 2
                workers:
                  - type: router
                    realms:
                      - {name: one, roles: [{name: anonymous, \(role)}, {name: user, \(role)}]}
                      - {name: two, roles: [{name: anonymous, \(role)}, {name: user, \(role)}, {name: \(second), \(role)}]}
                    transports: [{type: websocket, endpoint: {type: tcp, port: 1}}]
                """)
        }
        #expect(try found("guest") == [])
        #expect(
            try found("user") == ["workers[0].realms[1].roles[2].name: found \"user\", which stands here twice"])
    }

    @Test(arguments: [
        ("restart-always", "shutdown-on-last-component-stopped", true), ("restart-always", "shutdown-manual", false),
        ("restart-on-failed", "shutdown-on-any-component-failed", true),
        ("restart-on-failed", "shutdown-on-any-component-stopped", false),
    ])
    func `restart and shutdown of a container do not contradict each other`(
        restart: String, shutdown: String, contradicts: Bool
    ) throws {
        let text =
            "version: 2\nworkers: [{type: container, components: [], options: {restart: \(restart), shutdown: \(shutdown)}}]"
        #expect(try problems(text).contains { $0.contains("contradicts") } == contradicts)
    }

    @Test func `what is no mapping at all is told`() throws {
        #expect(try problems("[1]") == [": found a list; allowed: a mapping"])
        #expect(try problems("{}").map { $0.prefix(7) } == ["version", "workers"])
    }

    @Test func `the starter has no problems`() throws {
        #expect(try problems(Starter.text) == [])
    }

    @Test func `realms that check URIs in different ways are told`() throws {
        func found(_ second: String) throws -> [String] {
            let role = "roles: [{name: anonymous, allow-by-default: true}]"
            return try problems(
                """
                version: 2
                workers:
                  - type: router
                    realms: [{name: one, \(role), options: {uri_check: strict}}, {name: two, \(role), options: \(second)}]
                    transports: [{type: websocket, endpoint: {type: tcp, port: 1}}]
                """)
        }
        #expect(try found("{uri_check: strict}") == [])
        for second in ["{uri_check: loose}", "{}"] {
            #expect(
                try found(second) == [
                    "workers[0].realms[1].options.uri_check: \"loose\", and \"strict\" in the first realm: all realms must have the same (legal in Crossbar.io)"
                ])
        }
    }

    @Test func `a second router is told`() throws {
        let router = "{type: router, realms: [], transports: []}"
        #expect(
            try problems("version: 2\nworkers: [\(router), \(router)]").filter { !$0.contains("at least") } == [
                "workers[1]: a second router; one process runs one, whose shards use several cores: --shards (legal in Crossbar.io)"
            ])
    }
}
