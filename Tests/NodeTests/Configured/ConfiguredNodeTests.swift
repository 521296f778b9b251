import Foundation
import RennbahnConfiguration
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTLS
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import Testing

/// Routers that a configuration file describes.
@Suite(.serialized)
struct ConfiguredNodeTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID())").path()

    private func configuration(
        transports: String, workerOptions: String = "{}", environment: [String: String] = [:]
    ) throws -> NodeConfiguration {
        let tree = try TreeReader.read(
            """
            version: 2
            workers:
              - type: router
                options: \(workerOptions)
                realms:
                  - {name: realm1, roles: [&all {name: anonymous, allow-by-default: true}]}
                  - {name: com.second, roles: [*all]}
                transports: \(transports)
            """)
        #expect(Checker.check(tree) == [])
        return try NodeConfiguration(
            tree, NodeConfiguration.Surroundings(folder: folder, version: "1.2.3") { environment[$0] })
    }

    @Test(
        "Two transports and two realms: sessions of one realm hear each other over both, those of the other nothing",
        arguments: [1, 2])
    func twoTransportsTwoRealms(shards: Int) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var configuration = try configuration(
            transports: """
                [{type: websocket, endpoint: {type: tcp, portrange: [21000, 29999], interface: 127.0.0.1}},
                 {type: websocket, endpoint: {type: unix, path: "$NAME.socket"}}]
                """, environment: ["NAME": "router"])
        configuration.shards = shards
        let arena = Arena(running: try Node(configuration))
        let places = arena.node.endpoints.map { $0.addresses[0] }
        #expect(places[1].description.contains("router.socket"))
        let crowd = try arena.crowd(.json)
        var sessions: [Client] = []
        for place in places {
            for realm in ["realm1", "com.second"] {
                let client = try crowd.connect(to: place)
                try arena.until { client.isOpen }
                client.hello(realm)
                try arena.until { client.heard(.welcome).count == 1 }
                client.send([32, 1, [:], "com.topic"])
                try arena.until { client.heard(.subscribed).count == 1 }
                sessions.append(client)
            }
        }
        sessions[0].send([16, 2, ["acknowledge": true, "exclude_me": false], "com.topic", [7]])
        try arena.until { sessions[0].heard(.event).count == 1 && sessions[2].heard(.event).count == 1 }
        sessions[1].send([16, 2, ["acknowledge": true, "exclude_me": false], "com.topic", [8]])
        try arena.until { sessions[1].heard(.event).count == 1 && sessions[3].heard(.event).count == 1 }
        #expect(sessions.map { $0.heard(.event).count } == [1, 1, 1, 1])
        #expect(sessions.map { $0.heard(.event)[0][4] } == [[7], [8], [7], [8]])
        let stranger = try crowd.connect(to: places[0])
        try arena.until { stranger.isOpen }
        stranger.hello("realm3")
        try arena.until { stranger.heard(.abort).count == 1 }
    }

    @Test("uri_check: strict refuses topics and procedures beyond a-z, 0-9 and _; names of realms are none")
    func uriCheck() throws {
        for (rule, isRefused) in [("strict", true), ("loose", false)] {
            var configuration = try NodeConfiguration(
                TreeReader.read(
                    """
                    version: 2
                    workers:
                      - type: router
                        realms:
                          - name: My-Realm
                            options: {uri_check: \(rule)}
                            roles: [{name: anonymous, allow-by-default: true}]
                        transports: [{type: websocket, endpoint: {type: tcp, port: 1}}]
                    """), NodeConfiguration.Surroundings(folder: "", version: "1.2.3") { _ in nil })
            configuration.transports[0].endpoint = ListeningEndpoint(.loopback(port: 0))
            let arena = Arena(running: try Node(configuration))
            let client = try arena.crowd(.json).connect(to: arena.node.address)
            try arena.until { client.isOpen }
            client.hello("My-Realm")
            try arena.until { client.heard(.welcome).count == 1 }
            client.send([32, 1, [:], "com.Topic"])
            client.send([64, 2, [:], "com.my-procedure"])
            client.send([32, 3, [:], "com.topic_1"])
            try arena.until { client.inbox.contains { $0[1] == 3 } }
            #expect(
                client.heard(.error).map { $0[4] }
                    == (isRefused ? ["wamp.error.invalid_uri", "wamp.error.invalid_uri"] : []))
        }
    }

    @Test("max_connections counts over all shards, and each transport by itself")
    func maxConnections() throws {
        var configuration = try configuration(
            transports: """
                [{type: websocket, max_connections: 3, endpoint: {type: tcp, port: 1}},
                 {type: websocket, endpoint: {type: tcp, port: 2}}]
                """)
        for index in 0..<2 { configuration.transports[index].endpoint = ListeningEndpoint(.loopback(port: 0)) }
        configuration.limits.maxConnections = 100
        configuration.shards = 2
        configuration.hasPortPerShard = true
        let arena = Arena(running: try Node(configuration))
        let crowd = try arena.crowd(.json)
        let places = arena.node.endpoints[0].addresses
        #expect(places.count == 2)
        let clients = try (0..<8).map { try crowd.connect(to: places[$0 % 2]) }
        try arena.until { clients.allSatisfy { $0.isOpen || $0.end != nil } }
        #expect(clients.filter { $0.isOpen && $0.end == nil }.count == 3)
        let other = try crowd.connect(to: arena.node.endpoints[1].addresses[1])
        try arena.until { other.isOpen }
    }

    @Test("Every key that a router reads arrives where it works")
    func keys() throws {
        let read = try configuration(
            transports: """
                [{type: websocket, id: main, max_connections: 12, serializers: [msgpack],
                  endpoint: {type: tcp, port: $PORT, interface: "::1", version: 6, backlog: 77, shared: true, user_timeout: 500},
                  options: {open_handshake_timeout: 2500, close_handshake_timeout: 1000, max_message_size: 4096,
                   compression: {deflate: {max_window_bits: 13, request_max_window_bits: 12, memory_level: 5,
                    no_context_takeover: true, request_no_context_takeover: true, threshold: 64}}}},
                 {type: websocket, endpoint: {type: tcp, port: 9},
                  options: {open_handshake_timeout: 0, close_handshake_timeout: 0, max_message_size: 0}}]
                """, workerOptions: "{cpu_affinity: [3, 1]}", environment: ["PORT": "8081"])
        guard case .router(let realms) = read.service else { return #expect(Bool(false)) }
        #expect(realms == ["realm1", "com.second"] && read.processors == [3, 1])
        #expect(read.transports.map(\.id) == ["main", "transport002"])
        let first = try #require(read.transports.first)
        #expect(first.profile.subprotocols == ["wamp.2.msgpack"])
        var tcp = ListeningEndpoint.TCP(ports: 8081...8081)
        tcp.interface = "::1"
        tcp.version = .v6
        tcp.isShared = true
        tcp.userTimeout = 500
        var endpoint = ListeningEndpoint(.tcp(tcp))
        endpoint.backlog = 77
        #expect(first.endpoint == endpoint)
        #expect(first.profile.quota?.limit == 12 && first.profile.maxMessageSize == 4096)
        #expect(first.profile.openHandshakeTimeout == 2_500_000_000)
        #expect(first.profile.closeHandshakeTimeout == 1_000_000_000)
        var deflate = DeflatePolicy(
            noContextTakeover: true, maxWindowBits: 13, requestNoContextTakeover: true, requestMaxWindowBits: 12,
            memoryLevel: 5)
        deflate.threshold = 64
        #expect(first.profile.deflate == deflate)
        let second = read.transports[1].profile
        #expect(second.openHandshakeTimeout == 0 && second.closeHandshakeTimeout == 0)
        #expect(second.maxMessageSize == .max && second.deflate == nil)
        #expect(second.quota?.limit == 50_000 && read.limits.maxConnections == 50_012)
    }

    @Test("TLS: every key arrives, its files from the folder of the configuration")
    func tls() throws {
        let read = try configuration(
            transports: """
                [{type: websocket, endpoint: {type: tcp, port: 1, tls: {key: server.key, certificate: /etc/server.crt,
                  chain_certificates: [a.pem, b.pem], ca_certificates: [ca.pem], dhparam: dh.pem, ciphers: "HIGH"}}}]
                """)
        var settings = TLSServerSettings(certificate: "/etc/server.crt", key: "\(folder)/server.key")
        settings.chain = ["\(folder)/a.pem", "\(folder)/b.pem"]
        settings.clientAuthorities = ["\(folder)/ca.pem"]
        settings.dhParameters = "\(folder)/dh.pem"
        settings.ciphers = "HIGH"
        #expect(read.transports[0].endpoint.tls == settings)
    }

    @Test("Every option arrives where it works")
    func options() throws {
        let read = try configuration(
            transports: """
                [{type: websocket, endpoint: {type: tcp, port: 1},
                  options: {allowed_origins: ["http://a"], allow_null_origin: false, external_port: 443,
                   enable_webstatus: false, mask_server_frames: true, require_masked_client_frames: false,
                   apply_mask: false, max_frame_size: 70, auto_fragment_size: 60, fail_by_drop: true,
                   echo_close_codereason: true, tcp_nodelay: false, auto_ping_interval: 1000, auto_ping_timeout: 2000,
                   auto_ping_size: 20, auto_ping_restart_on_any_traffic: false, require_websocket_subprotocol: false,
                   show_server_version: true}}]
                """)
        var options = WebSocketOptions()
        options.origins = OriginPolicy(patterns: ["http://a"], allowsNull: false)
        options.externalPort = 443
        options.serverName = "Rennbahn/1.2.3"
        options.masksServerFrames = true
        options.requiresMaskedClientFrames = false
        options.appliesMask = false
        options.maxFrameSize = 70
        options.fragmentSize = 60
        options.failsByDrop = true
        options.closeAnswer = .codeAndReason
        options.noDelay = false
        options.autoPing = WebSocketOptions.AutoPing(
            interval: 1_000_000_000, timeout: 2_000_000_000, size: 20, restartsOnTraffic: false)
        let profile = read.transports[0].profile
        #expect(profile.options == options && !profile.requiresSubprotocol)
    }

    @Test("Without the keys there are the defaults, and no compression")
    func defaults() throws {
        let read = try configuration(transports: "[{type: websocket, endpoint: {type: tcp, port: 1}}]")
        let profile = read.transports[0].profile
        #expect(profile.subprotocols == ["wamp.2.json", "wamp.2.msgpack"] && profile.deflate == nil)
        #expect(profile.openHandshakeTimeout == 5_000_000_000 && profile.closeHandshakeTimeout == 2_000_000_000)
        #expect(profile.maxMessageSize == 16_777_216 && read.limits == Limits())
        #expect(read.transports[0].endpoint.backlog == 50 && read.transports[0].endpoint.tls == nil)
        var options = WebSocketOptions()
        options.showsStatusPage = true
        options.closeAnswer = .normalClosure
        options.serverName = "Rennbahn"
        #expect(profile.options == options && profile.requiresSubprotocol)
        let deflate = try configuration(
            transports: "[{type: websocket, endpoint: {type: tcp, port: 1}, options: {compression: {deflate: {}}}}]")
        #expect(deflate.transports[0].profile.deflate == DeflatePolicy())
    }

    @Test(
        "What only shows when it is run is told with its place",
        arguments: [
            ("{type: tcp, port: $PORT}", [:], "port", "PORT is not set"),
            ("{type: tcp, port: $PORT}", ["PORT": "0"], "port", "holds \"0\""),
            ("{type: tcp, port: $PORT}", ["PORT": "80x"], "port", "holds \"80x\""),
            ("{type: unix, path: \"$HERE/x\"}", [:], "path", "HERE is not set"),
            ("{type: unix, path: \"${HERE/x\"}", ["HERE": "a"], "path", "$NAME or ${NAME}"),
            ("{type: unix, path: \"a$\"}", [:], "path", "$NAME or ${NAME}"),
        ] as [(String, [String: String], String, String)])
    func lateProblems(endpoint: String, environment: [String: String], key: String, message: String) throws {
        let error = try #require(throws: Problems.self) {
            try configuration(transports: "[{type: websocket, endpoint: \(endpoint)}]", environment: environment)
        }
        #expect(error.all.map(\.path) == ["workers[0].transports[0].endpoint.\(key)"])
        #expect(error.all[0].message.contains(message) && error.all[0].place.line == 8)
    }

    @Test("Paths are of the file's folder, and names in them are replaced")
    func paths() throws {
        func path(_ text: String) throws -> String {
            let read = try configuration(
                transports: "[{type: websocket, endpoint: {type: unix, path: \"\(text)\"}}]",
                environment: ["A": "one", "B": "/two"])
            guard case .unix(let unix) = read.transports[0].endpoint.place else { return "" }
            return unix.path
        }
        #expect(try path("x") == "\(folder)/x")
        #expect(try path("/x/${A}y$A") == "/x/oneyone")
        #expect(try path("$B/x") == "/two/x")
    }
}
