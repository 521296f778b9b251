import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWAMP
import Testing

@testable import WAMPClient

extension LiveTests {
    /// A host may have several addresses, of which one answers.
    @Suite struct Addresses {
        private func silent(_ host: String) throws -> SocketAddress {
            let listener = try Sockets.listen(try SocketAddress(parsing: "\(host):0"))
            defer { Sockets.close(listener) }
            return try Sockets.boundAddress(of: listener)
        }

        private func join(
            _ configuration: WAMPClientConfiguration, at addresses: [SocketAddress]
        ) async throws -> Result<Joined, WAMPError> {
            let (setup, mailbox) = (try SessionSetup(configuration), try Mailbox())
            let joined: Result<Joined, WAMPError> = await withCheckedContinuation { continuation in
                SessionThread.start(setup, mailbox, continuation) { _ in addresses }
            }
            mailbox.post(.leave(nil))
            return joined
        }

        @Test func `They are tried in turn until one answers`() async throws {
            let deaf = [try silent("[::1]"), try silent("127.0.0.1"), .unix("/nowhere/at/all")]
            try await withRouter { router in
                for place in 0...deaf.count {
                    var addresses = deaf
                    addresses.insert(router.node.address, at: place)
                    let joined = try await join(router.configuration(), at: addresses)
                    #expect(throws: Never.self) { try joined.get() }
                }
            }
        }

        @Test func `Where none answers the error names all of them`() async throws {
            let deaf = [try silent("[::1]"), try silent("127.0.0.1"), .unix("/nowhere/at/all")]
            let joined = try await join(.init(url: "ws://localhost:9", realm: "realm1"), at: deaf)
            #expect(
                throws: WAMPError(
                    .connectionRefused,
                    message: "connect failed: \(deaf[0]): Connection refused, \(deaf[1]): Connection refused, "
                        + "\(deaf[2]): No such file or directory")
            ) { try joined.get() }
        }

        @Test func `What ends behind the TCP connection is not tried elsewhere`() async throws {
            try await withRouter { router in
                var configuration = router.configuration()
                configuration.realm = "realm2"
                let joined = try await join(configuration, at: [router.node.address, router.node.address])
                guard case .failure(let error) = joined else {
                    Issue.record("a session in a realm that does not exist")
                    return
                }
                #expect(error.code == .aborted)
            }
        }

        @Test func `Each of several addresses has time of its own, and the whole is bounded`() throws {
            var configuration = WAMPClientConfiguration(url: "ws://localhost:9", realm: "realm1")
            configuration.openTimeout = .seconds(6)
            let setup = try SessionSetup(configuration)
            #expect(setup.trying(1).profile.connectTimeout == nil)
            #expect(setup.trying(3).profile.connectTimeout == 2_000_000_000)
            #expect(setup.trying(3).machine.openTimeout == 6_000_000_000)
            let transport = try ConnectingTransport(
                .tcp(host: "localhost", port: 9, version: nil), url: "ws://localhost:9", serializers: [.json])
            let bounded = try SessionSetup(transport, realm: "realm1", agent: nil, credentials: [])
            let connect = try #require(bounded.profile.connectTimeout)
            #expect(bounded.trying(3).profile.connectTimeout == connect)
            #expect(bounded.trying(3).machine.openTimeout == bounded.machine.openTimeout + 2 * connect)
        }

        @Test func `A URL may name an IPv6 address`() async throws {
            let node = try Node(
                NodeConfiguration(service: .router(realms: ["realm1"]), listen: try SocketAddress(parsing: "[::1]:0")))
            defer {
                node.abandon()
                node.wait()
            }
            let session = try await WAMPSession.connect(
                .init(url: "ws://[::1]:\(node.address.port)/ws", realm: "realm1"))
            await session.close()
        }
    }

    @Suite struct Refusals {
        @Test(arguments: [429, 500, 502, 503, 504, 4])
        func `What a server says that is too busy, or away, is told as passing`(status: Int) {
            let error = WAMPError(LinkEnd.handshake(status: status, reason: "why", retryAfter: 7))
            #expect(error.code == .unavailable && error.retryAfter == .seconds(7))
            #expect(WAMPError(LinkEnd.handshake(status: status, reason: "why")).retryAfter == nil)
        }

        @Test(arguments: [0, 1, 2, 3, 101, 200, 302, 400, 401, 403, 404, 426, 501, 505])
        func `What will be the same next time is told as a failed handshake`(status: Int) {
            let error = WAMPError(LinkEnd.handshake(status: status, reason: "why", retryAfter: 7))
            #expect(error.code == .handshakeFailed && error.retryAfter == nil)
        }
    }

    @Suite struct Words {
        @Test func `An error says what happened in words, and not the name of its code`() {
            let codes: [WAMPError.Code] = [
                .connectionRefused, .handshakeFailed, .aborted, .closed, .connectionLost, .protocolViolation,
                .application,
                .canceled, .timedOut, .unreadablePayload, .bufferOverflow, .invalidURI, .usage, .authenticationFailed,
                .unavailable,
            ]
            let texts = codes.map { "\(WAMPError($0, message: "why"))" }
            #expect(Set(texts).count == codes.count)
            for text in texts {
                #expect(text.hasSuffix(": why") && text.firstMatch(of: #/[a-z][A-Z]|\w\(/#) == nil, "\(text)")
            }
        }
    }
}
