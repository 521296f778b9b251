import RennbahnReactor
import RennbahnTLS
import RennbahnTransport
import RennbahnWebSocket
import Testing

/// What connections of a loop share is nobody's when one of them fails.
@Suite(.serialized)
struct TLSNeighbourTests {
    /// Answers whatever comes first in plain text, which a client of TLS takes for its handshake.
    private final class PlainServer {
        let listener: Descriptor
        let address: SocketAddress
        private var peers: [RawPeer] = []

        init() throws {
            listener = try Sockets.listen(.loopback(port: 0))
            address = try Sockets.boundAddress(of: listener)
        }

        deinit { Sockets.close(listener) }

        func pump() {
            while case .accepted(let descriptor) = Sockets.accept(listener) { peers.append(RawPeer(descriptor)) }
            for peer in peers {
                let isNews = peer.received.isEmpty
                peer.pump()
                if isNews, !peer.received.isEmpty { peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n") }
            }
        }
    }

    private func run(_ pair: TLSPair, _ plain: PlainServer, until condition: () -> Bool) throws {
        try step(pair.server, pair.client) {
            plain.pump()
            return condition()
        }
    }

    @Test(
        "a server that answers in plain text fails its own connection, and not the next",
        arguments: [TLSVersions.onlyTLS12, .onlyTLS13])
    func oneAfterTheOther(version: TLSVersions) throws {
        var settings = TLSServerSettings.standard
        settings.versions = version
        let (pair, plain) = (try TLSPair(settings), try PlainServer())
        for number in 1...5 {
            _ = try pair.client.loop.connect(to: plain.address)
            try run(pair, plain) { pair.client.closed.count == number }
            #expect(pair.client.closed.last?.end.tlsReason == "wrong version number")
            _ = try pair.client.loop.connect(to: pair.address)
            try run(pair, plain) { pair.client.opened.count == number || pair.client.closed.count > number }
            #expect(pair.client.opened.count == number, "\(pair.client.closed.last.map { "\($0.end)" } ?? "")")
        }
    }

    @Test("of many connections at once only those to the server without TLS fail")
    func together() throws {
        let (pair, plain) = (try TLSPair(), try PlainServer())
        let count = 40
        var begun = 0
        var deaf: Set<LinkID> = []
        // They begin one by one, while those before them fail or open.
        try run(pair, plain) {
            if begun < count {
                let isDeaf = begun % 2 == 0
                if let link = try? pair.client.loop.connect(to: isDeaf ? plain.address : pair.address) {
                    if isDeaf { deaf.insert(link) }
                    begun += 1
                }
            }
            return pair.client.opened.count + pair.client.closed.count == count
        }
        #expect(Set(pair.client.closed.map(\.link)) == deaf && pair.client.opened.count == count / 2)
        #expect(pair.client.closed.allSatisfy { $0.end.tlsReason == "wrong version number" })
    }
}
