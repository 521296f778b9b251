import RennbahnBytes
import RennbahnReactor
import RennbahnTLS
import RennbahnTransport
import RennbahnWebSocket
import Testing

/// Connections whose output the kernel encrypts. Where it can, all of ``TLSTests`` and ``TLSFailureTests`` run on such.
@Suite(
    .serialized,
    .enabled(if: !OfferedKernelCiphers.all.isEmpty, "this kernel has no TLS; `make kernel-tls` emulates one that has"))
struct KernelTLSLoopTests {
    @Test("every handshake leaves encrypting to the kernel", arguments: [TLSVersions.onlyTLS12, .onlyTLS13])
    func counted(version: TLSVersions) throws {
        var settings = TLSServerSettings.standard
        settings.versions = version
        let pair = try TLSPair(settings)
        for count in 1...3 as ClosedRange<UInt64> {
            try pair.open()
            #expect(pair.server.loop.counters.value.leftToKernel == count)
        }
        #expect(pair.server.loop.counters.value.resumed == 2)
        #expect(pair.client.loop.counters.value.leftToKernel == 0)
        settings.usesKernel = false
        let other = try TLSPair(settings)
        try other.open()
        #expect(other.server.loop.counters.value.leftToKernel == 0)
    }

    /// The kernel may hold a record back that it has taken but found no room for in the TCP connection.
    @Test("what was queued before the end arrives, wherever it found the socket full", arguments: 1...8)
    func drained(seed: Int) throws {
        var limits = Limits()
        limits.closeHandshakeTimeout = 60_000_000_000
        let pair = try TLSPair(limits: limits, sendBuffer: 4096)
        let client = PlainClient()
        let peer = try RawPeer(connectingTo: pair.address)
        try Sockets.setBufferSizes(peer.descriptor, receive: 131_072)
        var (taken, text): (Int, [UInt8]) = (0, [])
        func receive() throws {
            text += try #require(client.receive(Array(peer.received[taken...])))
            taken = peer.received.count
            peer.send(client.output())
        }
        try receive()
        try step(pair.server, pumping: peer) {
            try? receive()
            return client.isEstablished
        }
        client.write(Array(RawPeer.request().utf8))
        try receive()
        try step(pair.server, pumping: peer) { pair.server.opened.count == 1 }
        let messages = (0..<30).map { Fixture.noise(1 + (seed * 7919 + $0 * 104_729) % 15_000, seed: UInt64($0 + 1)) }
        for bytes in messages { pair.server.send(bytes, to: pair.server.opened[0].link) }
        pair.server.loop.fail(pair.server.opened[0].link, code: .policyViolation, reason: "enough")
        // The peer reads a little while the server still has something: its last word finds the socket nearly full.
        try step(pair.server, turns: 100_000) {
            if pair.server.loop.queuedBytes > 0 { peer.read(atMost: 3000) }
            return pair.server.loop.queuedBytes == 0
        }
        for _ in 0..<10 { pair.server.turn(milliseconds: 0) }

        try step(pair.server, pumping: peer) {
            try? receive()
            return client.hasEnded || peer.hasEnded
        }
        let body = text.firstRange(of: Array("\r\n\r\n".utf8)).map { Array(text[$0.upperBound...]) } ?? []
        let frames = RawPeer.frames(body)
        // Compared outside of the expectation, which would print them.
        let isWhole = frames.dropLast().map(\.payload) == messages
        #expect(isWhole && frames.last?.opcode == .close, "of \(messages.count + 1) frames came \(frames.count)")
        peer.close()
        try step(pair.server) { pair.server.closed.count == 1 }
        #expect(pair.server.closed[0].end == .violation(code: 1008, reason: "enough"))
    }

    @Test("a fatal alert reaches the peer")
    func alert() throws {
        var server = TLSServerSettings.standard
        server.clientAuthorities = [Certificates.shared.authority.certificate]
        let ends = try TLSPair(server).failures()
        #expect(ends.server.tlsReason == "peer did not return a certificate")
        #expect(ends.client.tlsReason.contains("alert certificate required"))
    }
}
