import RennbahnBytes
import RennbahnReactor
import RennbahnTLS
import RennbahnTransport
import RennbahnWebSocket
import Testing

/// Connections with TLS that do not come about: each ends with its reason, and nothing of it stays.
@Suite(.serialized)
struct TLSFailureTests {
    @Test("a server that is not to be trusted is refused and told why")
    func untrustedServers() throws {
        let all = Certificates.shared
        var stranger = TLSClientSettings.standard
        stranger.authorities = [all.otherAuthority.certificate]
        var system = TLSClientSettings.standard
        system.authorities = []
        let cases: [(Certificates.Identity, TLSClientSettings, String, String)] = [
            (all.expiredServer, .standard, "certificate has expired", "certificate expired"),
            (all.strangeServer, .standard, "hostname mismatch", "bad certificate"),
            (all.server, stranger, "unable to get local issuer certificate", "unknown ca"),
            (all.server, system, "unable to get local issuer certificate", "unknown ca"),
        ]
        for (identity, client, reason, alert) in cases {
            let ends = try TLSPair(TLSServerSettings(identity), client).failures()
            #expect(ends.client.tlsReason == "certificate verify failed: \(reason)")
            #expect(ends.server.tlsReason.contains("alert \(alert)"))
            var careless = client
            careless.verifiesServer = false
            try TLSPair(TLSServerSettings(identity), careless).open()
        }
    }

    @Test("a client without the right certificate is refused", arguments: [TLSVersions.onlyTLS12, .onlyTLS13])
    func untrustedClients(version: TLSVersions) throws {
        let all = Certificates.shared
        var server = TLSServerSettings.standard
        server.clientAuthorities = [all.authority.certificate]
        server.versions = version
        let cases: [(Certificates.Identity?, String)] = [
            (nil, "peer did not return a certificate"),
            (all.expiredClient, "certificate verify failed: certificate has expired"),
            (all.strangeClient, "certificate verify failed: unable to get local issuer certificate"),
        ]
        for (identity, reason) in cases {
            var client = TLSClientSettings.standard
            if let identity { client.show(identity) }
            let ends = try TLSPair(server, client).failures()
            #expect(ends.server.tlsReason == reason)
            #expect(ends.client.tlsReason.contains("alert"))
        }
    }

    @Test("versions that the other side does not speak are told")
    func versions() throws {
        var server = TLSServerSettings.standard
        server.versions = .onlyTLS13
        var client = TLSClientSettings.standard
        client.versions = .onlyTLS12
        let ends = try TLSPair(server, client).failures()
        #expect(ends.server.tlsReason == "unsupported protocol")
        #expect(ends.client.tlsReason.contains("alert protocol version"))
    }

    // MARK: Peers that do not speak TLS

    /// How a connection ends on which a peer sends `bytes`.
    private func end(
        of bytes: [UInt8], limits: Limits = Limits(), _ then: (RawPeer) -> Void = { _ in }
    ) throws -> LinkEnd {
        let pair = try TLSPair(limits: limits)
        let peer = try RawPeer(connectingTo: pair.address)
        peer.send(bytes)
        try step(pair.server, pumping: peer) { pair.server.loop.linkCount == 1 && peer.isDrained }
        then(peer)
        var turns = 0
        try step(pair.server, pumping: peer) {
            turns += 1
            if turns > 20, peer.hasEnded { peer.close() }
            return pair.server.closed.count == 1
        }
        #expect(pair.server.loop.linkCount == 0 && pair.server.opened.isEmpty)
        return pair.server.closed[0].end
    }

    @Test("plain HTTP on a port of TLS ends at once")
    func plain() throws {
        #expect(try end(of: Array(RawPeer.request().utf8)).tlsReason == "http request")
    }

    @Test("garbage ends at once", arguments: 1...8 as ClosedRange<UInt64>)
    func garbage(seed: UInt64) throws {
        guard case .tls = try end(of: Fixture.noise(3000, seed: seed)) else {
            Issue.record("not ended for TLS")
            return
        }
    }

    /// What a client of ours says first.
    private func clientHello() throws -> [UInt8] {
        let wire = TLSWire()
        var session = try TLSSession(try TLSContext(.standard as TLSClientSettings), wire: wire)
        try session.start()
        return takeSealed(wire)
    }

    private func takeSealed(_ wire: TLSWire) -> [UInt8] {
        var buffer = ByteBuffer()
        wire.exchangeSealed(with: &buffer)
        return buffer.span.copied()
    }

    @Test("a peer that goes in the middle of the handshake is told as such")
    func truncated() throws {
        let hello = try clientHello()
        #expect(hello.count > 100)
        for count in [1, 5, 6, hello.count / 2, hello.count - 1, hello.count] {
            let end = try end(of: Array(hello.prefix(count))) { $0.close() }
            #expect(end.tlsReason == "the peer ended the connection during the handshake", "after \(count) octets")
        }
        let reset = try end(of: Array(hello.prefix(50))) { $0.close(reset: true) }
        #expect(reset == .lost)
    }

    @Test("a peer that says nothing, or half of it, is dropped after the handshake timeout")
    func silent() throws {
        var limits = Limits()
        limits.openHandshakeTimeout = 50_000_000
        let hello = try clientHello()
        for count in [1, hello.count / 2, hello.count] {
            #expect(try end(of: Array(hello.prefix(count)), limits: limits) == .openHandshakeTimeout)
        }
    }

    @Test(
        "a handshake that was damaged on its way ends, wherever it was",
        arguments: Array(stride(from: 0, to: 300, by: 7)))
    func damaged(index: Int) throws {
        var hello = try clientHello()
        try #require(index < hello.count)
        hello[index] ^= 0x55
        var limits = Limits()
        limits.openHandshakeTimeout = 50_000_000
        // Some octets are random numbers, which may be any: then the server waits for more.
        let end = try end(of: hello, limits: limits)
        if case .tls = end { return }
        #expect(end == .openHandshakeTimeout)
    }

    @Test("a client whose server speaks no TLS says so")
    func plainServer() throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        defer { Sockets.close(listener) }
        var profile = ConnectProfile(host: "localhost", path: "/", subprotocols: [])
        profile.tls = try TLSContext(.standard as TLSClientSettings)
        let client = Station(try LinkLoop(limits: Limits(), connect: profile))
        _ = try client.loop.connect(to: Sockets.boundAddress(of: listener))
        var peer: RawPeer?
        for _ in 0..<2000 where peer == nil {
            client.turn()
            if case .accepted(let descriptor) = Sockets.accept(listener) { peer = RawPeer(descriptor) }
        }
        try step(client, pumping: peer) { peer?.received.isEmpty == false }
        peer?.send("HTTP/1.1 400 Bad Request\r\n\r\n")
        peer?.close()
        try step(client) { client.closed.count == 1 }
        #expect(client.closed[0].end.tlsReason == "wrong version number")
    }

    @Test("a peer that vanishes from an open connection is lost on both sides")
    func vanished() throws {
        let pair = try TLSPair()
        let (_, client) = try pair.open()
        pair.client.loop.drop(client)
        try step(pair.client, pair.server) { pair.server.closed.count == 1 }
        #expect(pair.server.closed[0].end == .lost)
        #expect(pair.server.loop.linkCount == 0)
    }

    // MARK: Settings

    @Test("a client's key that is encrypted, or of another certificate, is told with its file, too")
    func clientKeys() throws {
        let all = Certificates.shared
        let encrypted = all.encryptedKey(isTraditional: false)
        for (key, why) in [(encrypted, "encrypted"), (all.strangeKey(), "belong"), (all.client.key, "belong")] {
            var settings = TLSClientSettings.standard
            settings.certificate = all.server.certificate
            settings.key = key
            do {
                _ = try TLSContext(settings)
                Issue.record("the key was taken")
            } catch {
                #expect(error.description.hasPrefix("key \(key): it ") && error.description.contains(why))
            }
        }
    }

    @Test("files that are missing, or are not what they should be, are named")
    func settings() throws {
        let all = Certificates.shared
        let empty = all.write("no certificate\n", to: "empty.pem")
        func failure(_ change: (inout TLSServerSettings) -> Void) -> String {
            var settings = TLSServerSettings.standard
            change(&settings)
            do {
                _ = try TLSContext(settings)
                return "none"
            } catch {
                return error.description
            }
        }
        #expect(failure { _ in } == "none")
        #expect(failure { $0.certificate = "missing.pem" } == "certificate missing.pem: No such file or directory")
        #expect(failure { $0.certificate = empty } == "certificate \(empty): no start line")
        #expect(failure { $0.key = "missing.pem" } == "key missing.pem: No such file or directory")
        for key in [all.client.key, all.strangeKey()] {
            let why = "it does not belong to the certificate \(all.server.certificate)"
            #expect(failure { $0.key = key } == "key \(key): \(why)")
        }
        for key in [all.encryptedKey(isTraditional: false), all.encryptedKey(isTraditional: true)] {
            #expect(failure { $0.key = key }.hasPrefix("key \(key): it is encrypted"))
        }
        #expect(failure { $0.key = empty }.hasPrefix("key \(empty): "))
        #expect(!failure { $0.key = empty }.contains("encrypted"))
        #expect(failure { $0.chain = [empty] } == "chain \(empty): no start line")
        #expect(failure { $0.clientAuthorities = [all.authority.certificate, "missing"] }.hasPrefix("CA missing: "))
        #expect(failure { $0.ciphers = "NONSENSE" } == "ciphers \"NONSENSE\": no cipher match")
        #expect(failure { $0.cipherSuites = "NONSENSE" } == "cipher suites \"NONSENSE\": no cipher match")
        #expect(failure { $0.dhParameters = empty }.hasPrefix("dhparam \(empty): "))
    }
}
