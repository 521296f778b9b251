import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket
import Synchronization
import Testing

/// What a tracer is told of the connections of its transport.
@Suite(.serialized)
struct TracingTests {
    private final class Recorder: LinkTracer {
        private let entries = Mutex<[String]>([])

        var lines: [String] { entries.withLock { $0 } }

        private func note(_ direction: TraceDirection?, _ text: String) {
            entries.withLock { $0.append((direction.map { $0 == .received ? "< " : "> " } ?? "") + text) }
        }

        func accepted(_ link: LinkID, from peer: SocketAddress?) { note(nil, peer == nil ? "?" : "accepted") }

        func handshake(_ direction: TraceDirection, _ link: LinkID, _ head: Span<UInt8>) {
            note(direction, String(decoding: head.copied(), as: UTF8.self).prefix { $0 != "\r\n" }.description)
        }

        func frame(_ direction: TraceDirection, _ link: LinkID, _ header: FrameHeader) {
            note(
                direction,
                "\(header.opcode) \(header.payloadCount)\(header.isFinal ? " fin" : "")\(header.isCompressed ? " z" : "")"
            )
        }

        func message(
            _ direction: TraceDirection, _ link: LinkID, _ kind: MessageKind, subprotocol: String?, _ bytes: Span<UInt8>
        ) {
            note(direction, "\(subprotocol ?? "-") \(kind) \(String(decoding: bytes.copied(), as: UTF8.self))")
        }

        func ended(_ link: LinkID, _ end: LinkEnd) { note(nil, "ended \(end == .closed(code: 1000))") }
    }

    private func server(
        _ recorder: Recorder, _ change: (inout AcceptProfile) -> Void = { _ in }
    ) throws -> (Station, [SocketAddress]) {
        var traced = AcceptProfile(subprotocols: ["chat"], requiresSubprotocol: false, validatesText: true)
        change(&traced)
        let plain = traced
        traced.tracer = recorder
        let loop = try LinkLoop(limits: Limits(), accept: [traced, plain])
        var addresses: [SocketAddress] = []
        for index in 0..<2 {
            let listener = try Sockets.listen(.loopback(port: 0))
            addresses.append(try Sockets.boundAddress(of: listener))
            try loop.listen(on: listener, profile: index)
        }
        return (Station(loop), addresses)
    }

    @Test("Handshakes, frames, messages and the end are told, of this transport only, and peers notice nothing")
    func everything() throws {
        let recorder = Recorder()
        let (server, addresses) = try server(recorder)
        for address in addresses {
            let peer = try RawPeer.opened(server, address, fields: "Sec-WebSocket-Protocol: chat\r\n")
            let link = try #require(server.opened.last?.link)
            let before = server.messages.count
            peer.send(RawPeer.frame(.text, Array("Hal".utf8), isFinal: false))
            peer.send(RawPeer.frame(.ping, [1, 2]))
            peer.send(RawPeer.frame(.continuation, Array("lo".utf8)))
            try step(server, pumping: peer) { server.messages.count == before + 1 }
            #expect(server.messages.last?.bytes == Array("Hallo".utf8))
            server.send(Array("Welt".utf8), .text, to: link)
            try step(server, pumping: peer) { peer.frames.count == 2 }
            #expect(peer.frames.map(\.payload) == [[1, 2], Array("Welt".utf8)])
            peer.send(RawPeer.frame(.close, [3, 232]))
            try step(server, pumping: peer) { peer.hasEnded }
        }
        #expect(
            recorder.lines == [
                "accepted", "< GET /ws HTTP/1.1", "> HTTP/1.1 101 Switching Protocols", "< text 3", "< ping 2 fin",
                "> pong 2 fin", "< continuation 2 fin", "< chat text Hallo", "> chat text Welt", "> text 4 fin",
                "< close 2 fin", "> close 2 fin", "ended true",
            ])
    }

    @Test("A compressed message is told inflated, its frames as they were on the wire; fragments one by one")
    func compressed() throws {
        let recorder = Recorder()
        let (server, addresses) = try server(recorder) {
            $0.deflate = DeflatePolicy()
            $0.options.fragmentSize = 5
        }
        let client = try Fixture.client(deflate: DeflatePolicy())
        _ = try client.loop.connect(to: addresses[0])
        try step(server, client) { client.opened.count == 1 && server.opened.count == 1 }
        client.send(Array("aaaaaaaaaaaaaaaaaaaa".utf8), .text, to: client.opened[0].link)
        try step(server, client) { server.messages.count == 1 }
        server.send(Array("bbbbbbbbbbbbbbbbbbbb".utf8), .text, to: server.opened[0].link)
        try step(server, client) { client.messages.count == 1 }
        let lines = recorder.lines.dropFirst(3)
        let first = try #require(lines.first)
        #expect(first.hasPrefix("< text ") && first.hasSuffix(" fin z"))
        #expect(lines.dropFirst().first == "< - text aaaaaaaaaaaaaaaaaaaa")
        #expect(lines.dropFirst(2).first == "> - text bbbbbbbbbbbbbbbbbbbb")
        #expect(lines.dropFirst(3).first == "> text 5 z" && lines.last?.hasPrefix("> continuation ") == true)
    }

    @Test("A refused handshake is told with its answer")
    func refused() throws {
        let recorder = Recorder()
        let (server, addresses) = try server(recorder) { $0.requiresSubprotocol = true }
        let peer = try RawPeer(connectingTo: addresses[0])
        peer.send(RawPeer.request("Sec-WebSocket-Protocol: x\r\n"))
        try step(server, pumping: peer) { peer.hasEnded }
        #expect(recorder.lines[2].hasPrefix("> HTTP/1.1 400 "))
        peer.close()
        try step(server) { recorder.lines.last == "ended false" }
    }
}
