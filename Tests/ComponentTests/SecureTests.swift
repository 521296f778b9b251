import Foundation
import RennbahnComponents
import RennbahnConfiguration
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTLS
import RennbahnTransport
import Testing
import WAMPClient

extension ContainerTests {
    private func secureRouter(_ identity: Certificates.Identity, type: String = "websocket") throws -> Node {
        let tree = try TreeReader.read(
            """
            version: 2
            workers:
            - type: router
              realms: [{name: realm1, roles: [{name: anonymous, allow-by-default: true}]}]
              transports: [{type: \(type), endpoint: {type: tcp, portrange: [21000, 29999], interface: 127.0.0.1,
                tls: {certificate: "\(identity.certificate)", key: "\(identity.key)"}}}]
            """)
        return try Node(NodeConfiguration(tree, NodeConfiguration.Surroundings(folder: "", version: "0") { _ in nil }))
    }

    private func outcome(
        _ identity: Certificates.Identity, hostName: String, authority: Certificates.Identity, rawSocket: Bool = false
    ) async throws -> ComponentLife.Outcome {
        let node = try secureRouter(identity, type: rawSocket ? "rawsocket" : "websocket")
        defer { node.end() }
        let port = node.endpoints[0].addresses[0].port
        let kind =
            rawSocket ? "type: rawsocket, serializer: msgpack" : "type: websocket, url: \"wss://localhost:\(port)/ws\""
        let container = try container(
            """
            [{type: class, classname: publisher, realm: realm1, extra: {count: 3, rate: 0, acknowledge: true},
              transport: {\(kind), reconnect: {},
                endpoint: {type: tcp, host: 127.0.0.1, port: \(port),
                  tls: {hostname: \(hostName), ca_certificates: ["\(authority.certificate)"]}}}}]
            """)
        return await container.run(agent: "tests")[0][0]
    }

    @Test func `A component speaks TLS with a router that is who it should be`() async throws {
        let made = Certificates.shared
        for rawSocket in [false, true] {
            #expect(
                try await outcome(
                    made.server, hostName: "localhost", authority: made.authority, rawSocket: rawSocket) == .completed)
        }
        guard
            case .failed(let why) = try await outcome(
                made.server, hostName: "elsewhere.example", authority: made.authority, rawSocket: true)
        else {
            Issue.record("a wrong name was taken over RawSocket")
            return
        }
        #expect(why.contains("hostname mismatch"))
    }

    @Test func `A wrong host name, an expired certificate and an unknown authority are refused, for good`() async throws
    {
        let made = Certificates.shared
        let cases = [
            (made.server, "elsewhere.example", made.authority, "hostname mismatch"),
            (made.strangeServer, "localhost", made.authority, "hostname mismatch"),
            (made.expiredServer, "localhost", made.authority, "certificate has expired"),
            (made.server, "localhost", made.otherAuthority, "certificate"),
        ]
        for (identity, name, authority, reason) in cases {
            guard case .failed(let why) = try await outcome(identity, hostName: name, authority: authority) else {
                Issue.record("\(reason): no failure")
                continue
            }
            #expect(why.contains("the handshake failed") && why.contains(reason), "\(why)")
        }
    }

    @Test func `The client's own wss URL is verified, too`() async throws {
        let made = Certificates.shared
        let node = try secureRouter(made.server)
        defer { node.end() }
        let port = node.endpoints[0].addresses[0].port
        var configuration = WAMPClientConfiguration(url: "wss://localhost:\(port)/ws", realm: "realm1")
        await #expect { try await WAMPSession.connect(configuration) } throws: { error in
            (error as? WAMPError)?.code == .handshakeFailed
        }
        configuration.certificateAuthorities = [made.authority.certificate]
        let session = try await WAMPSession.connect(configuration)
        await session.close()
        configuration.certificateAuthorities = ["/no/such/file"]
        await #expect { try await WAMPSession.connect(configuration) } throws: { error in
            (error as? WAMPError)?.code == .usage
        }
    }
}
