import RennbahnConfiguration
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import Testing

/// Transports as Crossbar.io's own documentation shows them, unchanged, in the node that its page on realms shows.
@Suite(.serialized)
struct CrossbarDocumentTests {
    /// `docs/Router-Realms.rst`, "Configuring Realms on a Router".
    private static func node(_ transport: String) -> String {
        """
        {
           "version": 2,
           "controller": {
           },
           "workers": [
              {
                 "type": "router",
                 "options": {
                 },
                 "realms": [
                    {
                       "name": "realm1",
                       "roles": [
                          {
                             "name": "anonymous",
                             "permissions": [
                                {
                                   "uri": "*",
                                   "allow": {
                                      "call": true,
                                      "register": true,
                                      "publish": true,
                                      "subscribe": true
                                   }
                                }
                             ]
                          }
                       ]
                    }
                 ],
                 "transports": [
                    \(transport)
                 ],
                 "components": [
                 ]
              }
           ]
        }
        """
    }

    /// `docs/WebSocket-Transport.rst`, "Example – Listening Transport".
    private static let listening = """
        {
           "type": "websocket",
           "endpoint": {
              "type": "tcp",
              "port": 8080
           }
        }
        """

    /// `docs/WebSocket-Options.rst`, the example at its beginning.
    private static let withoutStatus = """
        {
           "type": "websocket",
           "endpoint": {
              "type": "tcp",
              "port": 8080
           },
           "url": "ws://localhost:8080",
           "options": {
              "enable_webstatus": false
           }
        }
        """

    /// `docs/WebSocket-Options.rst`, "Production Settings".
    private static let production = """
        {
           "type": "websocket",
           "endpoint": {
              "type": "tcp",
              "port": 8080
           },
           "url": "ws://myserver.com:8080",
           "options": {
              "enable_webstatus": false,
              "max_frame_size": 1048576,
              "max_message_size": 1048576,
              "auto_fragment_size": 65536,
              "fail_by_drop": true,
              "open_handshake_timeout": 2500,
              "close_handshake_timeout": 1000,
              "auto_ping_interval": 10000,
              "auto_ping_timeout": 5000,
              "auto_ping_size": 12,
              "auto_ping_restart_on_any_traffic": true
           }
        }
        """

    /// `docs/WebSocket-Compression.rst`, "Production Settings". The page has the port as a text, which Crossbar.io itself
    /// refuses.
    private static let compression = """
        {
           "type": "websocket",
           "endpoint": {
              "type": "tcp",
              "port": 9000
           },
           "url": "ws://localhost:9000",
           "options": {
              "compression": {
                 "deflate": {
                    "request_no_context_takeover": false,
                    "request_max_window_bits": 11,
                    "no_context_takeover": false,
                    "max_window_bits": 11,
                    "memory_level": 4
                 }
              }
           }
        }
        """

    private func configuration(_ transport: String) throws -> NodeConfiguration {
        let tree = try TreeReader.read(CrossbarDocumentTests.node(transport))
        #expect(Checker.check(tree) == [])
        return try NodeConfiguration(tree, NodeConfiguration.Surroundings(folder: "", version: "1.2.3") { _ in nil })
    }

    @Test(
        "They run: sessions join, and hear each other over every serializer, compressed or not",
        arguments: [listening, withoutStatus, production, compression])
    func runs(transport: String) throws {
        var configuration = try configuration(transport)
        configuration.limits.maxConnections = 100
        guard case .tcp(var tcp) = configuration.transports[0].endpoint.place else { return #expect(Bool(false)) }
        #expect(tcp.interface.isEmpty && tcp.ports.count == 1 && [8080, 9000].contains(tcp.ports.lowerBound))
        // The port may be taken on this machine, and nobody else shall reach it.
        tcp.ports = 0...0
        tcp.interface = "127.0.0.1"
        configuration.transports[0].endpoint.place = .tcp(tcp)
        let arena = Arena(running: try Node(configuration))
        let sessions = try arena.mixedCrowds().flatMap { try arena.join($0) }
        for session in sessions {
            session.send([32, 1, [:], "com.example.mytopic"])
            try arena.until { session.heard(.subscribed).count == 1 }
        }
        let text = String(repeating: "Crossbar ", count: 20_000)
        sessions[0].send([16, 2, ["exclude_me": false], "com.example.mytopic", [.string(text)]])
        try arena.until { sessions.allSatisfy { $0.heard(.event).count == 1 } }
        #expect(sessions.allSatisfy { $0.heard(.event)[0][4] == [.string(text)] })
    }

    @Test("The production settings hold: what is too big is reset without a Close frame")
    func tooBig() throws {
        var configuration = try configuration(CrossbarDocumentTests.production)
        configuration.transports[0].endpoint = ListeningEndpoint(.loopback(port: 0))
        let arena = Arena(running: try Node(configuration))
        let session = try arena.join(try arena.crowd(.json))[0]
        session.send([48, 1, [:], "com.a", [.string(String(repeating: "x", count: 1_048_576))]])
        try arena.until { session.end != nil }
        switch session.end {
        case .failed?, .lost?: break
        case let end: Issue.record("ended with \(String(describing: end))")
        }
    }
}
