import RennbahnBytes
import RennbahnReactor
import RennbahnTLS
import RennbahnTransport
import RennbahnWebSocket
import Testing

/// Connections with TLS that come about, and what passes over them.
@Suite(.serialized)
struct TLSTests {
    private static let versions: [TLSVersions] = [.onlyTLS12, .onlyTLS13]

    private func pair(_ version: TLSVersions, deflate: DeflatePolicy? = nil) throws -> TLSPair {
        var settings = TLSServerSettings.standard
        settings.versions = version
        return try TLSPair(settings, deflate: deflate)
    }

    @Test("messages of every size pass both ways", arguments: versions, [nil, DeflatePolicy()])
    func messages(version: TLSVersions, deflate: DeflatePolicy?) throws {
        let pair = try pair(version, deflate: deflate)
        let (server, client) = try pair.open()
        let sizes = [0, 1, 125, 126, 16_383, 16_384, 16_385, 65_536, 1_000_000]
        let messages = sizes.map { Fixture.noise($0, seed: UInt64($0 + 1)) }
        for bytes in messages {
            pair.server.send(bytes, to: server)
            pair.client.send(bytes, to: client)
        }
        try step(pair.server, pair.client) {
            pair.server.messages.count == sizes.count && pair.client.messages.count == sizes.count
        }
        #expect(pair.server.messages.map(\.bytes) == messages)
        #expect(pair.client.messages.map(\.bytes) == messages)
        pair.client.loop.close(client, code: .normalClosure)
        try step(pair.server, pair.client) { pair.server.closed.count == 1 && pair.client.closed.count == 1 }
        #expect(pair.server.closed[0].end == .closed(code: 1000) && pair.client.closed[0].end == .closed(code: 1000))
    }

    @Test("a client comes back with its ticket", arguments: versions)
    func resumption(version: TLSVersions) throws {
        let pair = try pair(version)
        for count in 0..<4 as Range<UInt64> {
            let (server, _) = try pair.open()
            #expect(pair.server.loop.counters.value.secured == count + 1)
            #expect(pair.server.loop.counters.value.resumed == count)
            #expect(pair.client.loop.counters.value.resumed == count)
            // Whatever way the connection before has ended.
            if count % 2 == 0 {
                pair.server.loop.drop(server)
            } else {
                pair.server.loop.close(server, code: .goingAway)
            }
            try step(pair.server, pair.client) { pair.client.closed.count == Int(count) + 1 }
        }
    }

    @Test("without tickets every handshake is a whole one", arguments: versions)
    func noResumption(version: TLSVersions) throws {
        var server = TLSServerSettings.standard
        server.resumption = false
        server.versions = version
        var client = TLSClientSettings.standard
        for pair in [
            try TLSPair(server, client),
            try TLSPair(
                .standard,
                {
                    client.resumption = false
                    return client
                }()),
        ] {
            for _ in 0..<3 { try pair.open() }
            #expect(pair.server.loop.counters.value.secured == 3 && pair.server.loop.counters.value.resumed == 0)
        }
    }

    @Test("the certificates between ours and the client's trust are sent along")
    func chain() throws {
        var settings = TLSServerSettings(Certificates.shared.chainedServer)
        let failure = try TLSPair(settings).failures().client
        #expect(failure.tlsReason.contains("unable to get local issuer certificate"))
        settings.chain = [Certificates.shared.intermediate.certificate]
        try TLSPair(settings).open()
    }

    @Test("an address is looked for in the certificate as a name is")
    func address() throws {
        var client = TLSClientSettings.standard
        client.hostName = "127.0.0.1"
        try TLSPair(.standard, client).open()
        client.hostName = "127.0.0.2"
        let failure = try TLSPair(.standard, client).failures().client
        #expect(failure.tlsReason == "certificate verify failed: IP address mismatch")
    }

    @Test("a client that is asked for a certificate shows it, and comes back without", arguments: versions)
    func clientCertificate(version: TLSVersions) throws {
        var server = TLSServerSettings.standard
        server.clientAuthorities = [
            Certificates.shared.otherAuthority.certificate, Certificates.shared.authority.certificate,
        ]
        server.versions = version
        for identity in [Certificates.shared.client, Certificates.shared.strangeClient] {
            var client = TLSClientSettings.standard
            client.show(identity)
            let pair = try TLSPair(server, client)
            for _ in 0..<2 {
                // The server knows whose it is, from the ticket as from the handshake.
                let (link, _) = try pair.open()
                #expect(pair.server.loop.clientCertificate(of: link) == (try identity.sha1))
            }
            #expect(pair.server.loop.counters.value.resumed == 1)
            let other = try TLSPair(.standard, client)
            let (link, _) = try other.open()
            #expect(other.server.loop.clientCertificate(of: link) == nil, "it was not asked for")
        }
    }

    @Test("connections with a certificate of their own show it, and resume nobody's session", arguments: versions)
    func ownCertificate(version: TLSVersions) throws {
        let made = Certificates.shared
        var server = TLSServerSettings.standard
        server.clientAuthorities = [made.otherAuthority.certificate, made.authority.certificate]
        server.versions = version
        var (common, other) = (TLSClientSettings.standard, TLSClientSettings.standard)
        common.show(made.client)
        other.show(made.strangeClient)
        let pair = try TLSPair(server, common)
        let own = OwnOpening(tls: try TLSContext(other))
        let visits: [(OwnOpening?, Certificates.Identity)] = [
            (nil, made.client), (own, made.strangeClient), (own, made.strangeClient), (nil, made.client),
        ]
        for (opening, identity) in visits {
            let (link, _) = try pair.open(opening)
            #expect(pair.server.loop.clientCertificate(of: link) == (try identity.sha1))
        }
        // The last one goes on with the session of the first.
        #expect(pair.server.loop.counters.value.secured == 4 && pair.server.loop.counters.value.resumed == 1)
    }

    @Test("the ciphers of TLS 1.2 can be chosen, with parameters of one's own for DHE")
    func ciphers() throws {
        var settings = TLSServerSettings.standard
        settings.versions = .onlyTLS12
        settings.ciphers = "ECDHE-ECDSA-CHACHA20-POLY1305"
        settings.cipherSuites = "TLS_AES_128_GCM_SHA256"
        try TLSPair(settings).open()
        settings.ciphers = "ECDHE-RSA-AES128-GCM-SHA256"
        #expect(try TLSPair(settings).failures().server.tlsReason == "no shared cipher")
    }

    @Test("handshakes take a bounded part of a turn, and all are done in the end")
    func boundedHandshakes() throws {
        var limits = Limits()
        limits.securingTimePerTurn = 1
        let pair = try TLSPair(limits: limits)
        for _ in 0..<20 { _ = try pair.client.loop.connect(to: pair.address) }
        var before: UInt64 = 0
        try step(pair.server, pair.client) {
            let secured = pair.server.loop.counters.value.secured
            #expect(secured <= before + 1)
            before = secured
            return pair.client.opened.count == 20
        }
    }

    @Test("an idle connection is closed with a word to the peer, and an open one when the loop drops it")
    func closeNotify() throws {
        let pair = try TLSPair()
        for (count, end) in [(1, "drop"), (2, "close")] {
            let (server, _) = try pair.open()
            if end == "drop" { pair.server.loop.drop(server) } else { pair.server.loop.close(server, code: .goingAway) }
            try step(pair.server, pair.client) {
                pair.client.closed.count == count && pair.server.closed.count == count
            }
        }
        #expect(pair.client.closed.map(\.end) == [.lost, .closed(code: 1001)])
        #expect(pair.server.closed.map(\.end) == [.dropped, .closed(code: 1001)])
    }

    @Test("a receiver that does not read holds its sender back, and gets everything when it reads again")
    func backPressure() throws {
        let pair = try TLSPair(limits: Fixture.tightLimits, sendBuffer: 65_536)
        let (server, _) = try pair.open()
        let bytes = Fixture.noise(10_000)
        var sent = 0
        for _ in 0..<10_000 {
            sent += 1
            let outcome = pair.server.send(bytes, to: server)
            pair.server.turn(milliseconds: 0)
            if outcome == .congested, pair.server.loop.queuedBytes > Fixture.tightLimits.queuedOutputHighMark { break }
        }
        #expect(pair.server.loop.queuedBytes > Fixture.tightLimits.queuedOutputHighMark)
        #expect(pair.server.loop.await(server, LinkWaiter(shard: 1, link: server)))
        try step(pair.server, pair.client) { pair.client.messages.count == sent }
        #expect(pair.client.messages.allSatisfy { $0.bytes == bytes })
        #expect(pair.server.loop.queuedBytes == 0)
    }

    @Test("a receiver that never reads is dropped after the stall timeout")
    func stalled() throws {
        var limits = Fixture.tightLimits
        limits.stallTimeout = 100_000_000
        let pair = try TLSPair(limits: limits, sendBuffer: 65_536)
        let (server, _) = try pair.open()
        let bytes = Fixture.noise(10_000)
        try step(pair.server) {
            // The kernel may have found room since.
            while pair.server.send(bytes, to: server) == .queued {}
            return pair.server.closed.count == 1
        }
        #expect(pair.server.closed[0].end == .stalled)
        #expect(pair.server.loop.queuedBytes == 0 && pair.server.loop.linkCount == 0)
    }

    @Test("a paused connection keeps what it has decrypted")
    func pause() throws {
        let pair = try TLSPair()
        let (source, client) = try pair.open()
        let server = pair.server
        server.onMessage = { [unowned server] in if $0.bytes == [3] { server.loop.pause(source) } }
        for number in 0..<9 as Range<UInt8> { pair.client.send([number], to: client) }
        try step(server, pair.client) { server.messages.count == 4 }
        for _ in 0..<20 { server.turn(milliseconds: 0) }
        #expect(server.messages.count == 4)
        server.loop.resume(source)
        try step(server, pair.client) { server.messages.count == 9 }
        #expect(server.messages.map(\.bytes) == (0..<9).map { [UInt8($0)] })
    }
}
