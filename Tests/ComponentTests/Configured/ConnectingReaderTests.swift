import RennbahnComponents
import RennbahnConfiguration
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import Testing
import WAMPClient

/// What the keys of a connecting transport become.
@Suite struct ConnectingReaderTests {
    private func transport(_ keys: String, endpoint: String = "") throws -> ConnectingTransport {
        let container = try container(
            """
            [{type: class, classname: echo, realm: realm1, transport: {type: websocket, url: "ws://router:81/ws",
              endpoint: {type: tcp, host: localhost, port: 80\(endpoint)}\(keys)}}]
            """)
        return container.components[0].transport
    }

    private func options(_ keys: String) throws -> ConnectProfile {
        try transport(", options: {\(keys)}").profile
    }

    @Test func `Exactly the configured serializers are offered, in their order`() throws {
        for names in [["json", "msgpack"], ["msgpack", "json"], ["json"], ["msgpack"]] {
            let profile = try transport(", serializers: [\(names.joined(separator: ", "))]").profile
            #expect(profile.subprotocols == names.map { "wamp.2.\($0)" })
        }
        #expect(try transport("").profile.subprotocols == ["wamp.2.msgpack", "wamp.2.json"])
    }

    @Test func `The endpoint says where, the URL what to ask for`() throws {
        #expect(try transport("").place == .tcp(host: "localhost", port: 80, version: .v4))
        #expect(try transport("", endpoint: ", version: 6").place == .tcp(host: "localhost", port: 80, version: .v6))
        let profile = try transport("").profile
        #expect(profile.host == "router:81" && profile.path == "/ws" && profile.tls == nil)
        #expect(profile.connectTimeout == 10_000_000_000)
        #expect(try transport("", endpoint: ", timeout: 3").profile.connectTimeout == 3_000_000_000)
    }

    @Test func `Timeouts, sizes and pings become what they say`() throws {
        #expect(try options("open_handshake_timeout: 1500").openHandshakeTimeout == 1_500_000_000)
        #expect(try options("close_handshake_timeout: 0").closeHandshakeTimeout == 0)
        #expect(try options("").openHandshakeTimeout == 5_000_000_000)
        #expect(try options("max_message_size: 5").maxMessageSize == 5)
        #expect(try options("max_message_size: 0").maxMessageSize == .max)
        #expect(try options("max_frame_size: 6").options.maxFrameSize == 6)
        #expect(try options("auto_fragment_size: 7").options.fragmentSize == 7)
        #expect(try options("fail_by_drop: true").options.failsByDrop)
        #expect(try options("echo_close_codereason: true").options.closeAnswer == .codeAndReason)
        #expect(try !options("tcp_nodelay: false").options.noDelay)
        #expect(try !options("apply_mask: false").options.appliesMask)
        let ping = try options(
            "auto_ping_interval: 2000, auto_ping_timeout: 1000, auto_ping_size: 20, auto_ping_restart_on_any_traffic: false"
        ).options.autoPing
        #expect(
            ping == .init(interval: 2_000_000_000, timeout: 1_000_000_000, size: 20, restartsOnTraffic: false))
    }

    @Test func `Compression is offered with its parameters, and not without the key`() throws {
        func deflate(_ keys: String) throws -> DeflatePolicy? {
            try options("compression: {deflate: {\(keys)}}").deflate
        }
        #expect(try options("").deflate == nil)
        #expect(try options("compression: {}").deflate == nil)
        #expect(try deflate("") == DeflatePolicy())
        #expect(try deflate("request_no_context_takeover: true") == DeflatePolicy(requestNoContextTakeover: true))
        #expect(try deflate("request_max_window_bits: 10") == DeflatePolicy(requestMaxWindowBits: 10))
        #expect(try deflate("no_context_takeover: true") == DeflatePolicy(noContextTakeover: true))
        #expect(try deflate("max_window_bits: 11") == DeflatePolicy(maxWindowBits: 11))
        #expect(try deflate("memory_level: 4") == DeflatePolicy(memoryLevel: 4))
        #expect(try deflate("level: 1") == DeflatePolicy(level: 1))
        #expect(try deflate("threshold: 99")?.threshold == 99)
    }

    private func rawSocket(_ keys: String) throws -> ConnectingTransport {
        try container(
            """
            [{type: class, classname: echo, realm: realm1, transport: {type: rawsocket, serializer: json,
              endpoint: {type: tcp, host: localhost, port: 80, timeout: 3}\(keys)}}]
            """
        ).components[0].transport
    }

    @Test func `A RawSocket transport asks for its serializer, and takes messages up to its limit`() throws {
        let plain = try rawSocket("")
        #expect(plain.place == .tcp(host: "localhost", port: 80, version: .v4) && plain.serializers == [.json])
        #expect(plain.profile.connectTimeout == 3_000_000_000 && plain.profile.tracer == nil)
        let policy = try #require(plain.profile.rawSocket)
        #expect(policy.serializers.map(\.id) == [1] && policy.maxMessageSize == 1 << 24)
        let limited = try rawSocket(", options: {max_message_size: 5000}, url: \"rs://h:1\", debug: true, id: abc")
        #expect(limited.profile.rawSocket?.maxMessageSize == 5000 && limited.profile.tracer != nil)
        #expect(try transport("").profile.rawSocket == nil)
    }

    @Test func `Only a transport with debug is traced`() throws {
        #expect(try transport("").profile.tracer == nil)
        #expect(try transport(", debug: true").profile.tracer != nil)
    }

    @Test func `The keys of reconnect are milliseconds and percent`() throws {
        let container = try container(
            "[\(component("echo", 80, transport: ", reconnect: {max_retries: 3, initial_delay: 7, max_delay: 9, growth: 200, jitter: 50}"))]"
        )
        var policy = ReconnectPolicy()
        policy.maxRetries = 3
        policy.initialDelay = 7_000_000
        policy.maxDelay = 9_000_000
        policy.growth = 2
        policy.jitter = 0.5
        #expect(container.components[0].reconnect == policy)
        #expect(try echo("").components[0].reconnect == nil)
    }

    @Test func `restart and shutdown are those of the container`() throws {
        for (name, policy) in [
            ("restart-never", RestartPolicy.never), ("restart-on-failed", .onFailure), ("restart-always", .always),
        ] {
            #expect(try echo("restart: \(name)").components[0].restart == policy)
        }
        for policy in ShutdownPolicy.allCases {
            #expect(try echo("shutdown: \(policy.rawValue)").shutdown == policy)
        }
    }

    private func echo(_ options: String) throws -> Container {
        try container("[\(component("echo", 80))]", options: "{\(options)}")
    }
}
