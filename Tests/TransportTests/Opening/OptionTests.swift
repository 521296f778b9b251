import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket
import Testing

/// What the options of a listening transport change on the wire, one by one.
@Suite(.serialized)
struct OptionTests {
    private static func profile(
        deflate: DeflatePolicy? = nil, _ change: (inout WebSocketOptions) -> Void
    ) -> AcceptProfile {
        var profile = AcceptProfile(
            subprotocols: Fixture.protocols, requiresSubprotocol: false, deflate: deflate, validatesText: true)
        change(&profile.options)
        return profile
    }

    /// What a server with such options answers to `request`.
    private func answer(
        to request: String, _ change: (inout WebSocketOptions) -> Void
    ) throws -> (peer: RawPeer, server: Station) {
        let (server, address) = try Fixture.server(OptionTests.profile(change))
        let peer = try RawPeer(connectingTo: address)
        peer.send(request)
        try step(server, pumping: peer) { peer.body != nil }
        return (peer, server)
    }

    private func opened(
        fields: String = "", deflate: DeflatePolicy? = nil, _ change: (inout WebSocketOptions) -> Void
    ) throws -> (peer: RawPeer, server: Station) {
        let (server, address) = try Fixture.server(OptionTests.profile(deflate: deflate, change))
        return (try RawPeer.opened(server, address, fields: fields), server)
    }

    @Test("validate_utf8: off, nothing looks at text, compressed or not", arguments: [true, false])
    func validatesUTF8(isOn: Bool) throws {
        let (peer, server) = try opened(
            fields: "Sec-WebSocket-Extensions: permessage-deflate\r\n", deflate: DeflatePolicy()
        ) { $0.validatesUTF8 = isOn }
        let broken: [UInt8] = [0x61, 0xc3, 0x28]
        // A stored block of RFC 1951, whose end is that of the message.
        let stored: [UInt8] = [0, 3, 0, 0xfc, 0xff] + broken + [0]
        peer.send(RawPeer.frame(.text, isOn ? broken : stored, compressed: !isOn))
        if !isOn { peer.send(RawPeer.frame(.text, broken)) }
        try step(server, pumping: peer) { isOn ? peer.closeCode != nil : server.messages.count == 2 }
        #expect(peer.closeCode == (isOn ? 1007 : nil))
        #expect(server.messages.map(\.bytes) == (isOn ? [] : [broken, broken]))
    }

    // MARK: The opening handshake

    @Test("allowed_origins: an origin that no pattern matches is refused with 403, others and none are let in")
    func origins() throws {
        let policy = OriginPolicy(patterns: ["https://*.example.com"])
        for (field, status) in [
            ("Origin: https://app.example.com\r\n", "101"), ("", "101"), ("Origin: https://example.org\r\n", "403"),
            ("Origin: nonsense\r\n", "403"), ("Origin:\r\n", "403"), ("Origin: https://app.example.com/\r\n", "403"),
        ] {
            let (peer, _) = try answer(to: RawPeer.request(field)) { $0.origins = policy }
            #expect(peer.head.hasPrefix("HTTP/1.1 \(status) "), "\(field)")
        }
    }

    @Test(
        "allowed_origins: * lets whatever a client sends in",
        arguments: ["", "app.example.com", "https://app.example.com/page", "http://a b", "null"])
    func anyOrigin(origin: String) throws {
        let (peer, _) = try answer(to: RawPeer.request("Origin: \(origin)\r\n")) {
            $0.origins = OriginPolicy(patterns: ["*"])
        }
        #expect(peer.head.hasPrefix("HTTP/1.1 101 "))
    }

    @Test("allow_null_origin: off, it refuses pages without an origin of their own")
    func nullOrigin() throws {
        for (allowsNull, status) in [(true, "101"), (false, "403")] {
            let (peer, _) = try answer(to: RawPeer.request("Origin: null\r\n")) {
                $0.origins = OriginPolicy(allowsNull: allowsNull)
            }
            #expect(peer.head.hasPrefix("HTTP/1.1 \(status) "))
        }
    }

    @Test(
        "compression: an offer that is not valid is declined, and only what is no list of extensions refused",
        arguments: [nil, DeflatePolicy()] as [DeflatePolicy?])
    func invalidOffers(deflate: DeflatePolicy?) throws {
        let invalid = "permessage-deflate; client_max_window_bits=16"
        for (value, status, agreed) in [
            (invalid, "101", nil), ("permessage-deflate; x=1", "101", nil),
            ("permessage-deflate; client_max_window_bits; client_max_window_bits", "101", nil),
            ("\(invalid), permessage-deflate", "101", "permessage-deflate"), ("permessage-deflate;;", "400", nil),
        ] as [(String, String, String?)] {
            let (server, address) = try Fixture.server(OptionTests.profile(deflate: deflate) { _ in })
            let peer = try RawPeer(connectingTo: address)
            peer.send(RawPeer.request("Sec-WebSocket-Extensions: \(value)\r\n"))
            try step(server, pumping: peer) { peer.body != nil }
            #expect(peer.head.hasPrefix("HTTP/1.1 \(status) "), "\(value)")
            let answer = deflate == nil ? nil : agreed
            #expect(peer.head.contains("Sec-WebSocket-Extensions:") == (answer != nil), "\(value)")
            if let answer { #expect(peer.head.contains("Sec-WebSocket-Extensions: \(answer)\r\n"), "\(value)") }
        }
    }

    @Test("external_port: a Host that names another port is refused, one without a port is not")
    func externalPort() throws {
        for (host, status) in [
            ("localhost:443", "101"), ("localhost", "101"), ("localhost:80", "400"), ("[::1]", "101"),
            ("[::1]:8443", "400"),
        ] {
            let request = RawPeer.request().replacing("Host: localhost", with: "Host: \(host)")
            let (peer, _) = try answer(to: request) { $0.externalPort = 443 }
            #expect(peer.head.hasPrefix("HTTP/1.1 \(status) "), "\(host)")
        }
    }

    @Test(
        "enable_hybi10, enable_rfc6455: what is spoken is accepted, all else refused with a list of it",
        arguments: [.all, .rfc6455, .hybi10] as [ProtocolVersions])
    func versions(spoken: ProtocolVersions) throws {
        let list = spoken == .all ? "13, 8" : spoken == .rfc6455 ? "13" : "8"
        for (number, version) in [("13", .rfc6455), ("8", .hybi10), ("14", nil)] as [(String, ProtocolVersions?)] {
            let request = RawPeer.request().replacing("Version: 13", with: "Version: \(number)")
            let (peer, server) = try answer(to: request) { $0.versions = spoken }
            if let version, spoken.contains(version) {
                #expect(peer.head.hasPrefix("HTTP/1.1 101 "), "\(number)")
                continue
            }
            try step(server, pumping: peer) { peer.hasEnded }
            #expect(peer.head.hasPrefix("HTTP/1.1 400 Bad Request\r\n"), "\(number)")
            #expect(peer.head.contains("\r\nSec-WebSocket-Version: \(list)\r\n"), "\(number)")
        }
    }

    @Test("allowed_origins holds for Sec-WebSocket-Origin, which names the page of a client of version 8")
    func oldOrigin() throws {
        for (origin, status) in [("http://a", "101"), ("http://b", "403")] {
            let request = RawPeer.request("Origin: http://a\r\nSec-WebSocket-Origin: \(origin)\r\n")
                .replacing("Version: 13", with: "Version: 8")
            let (peer, _) = try answer(to: request) { $0.origins = OriginPolicy(patterns: ["http://a"]) }
            #expect(peer.head.hasPrefix("HTTP/1.1 \(status) "), "\(origin)")
        }
    }

    @Test("messages of a client of version 8 go both ways")
    func oldMessages() throws {
        let (peer, server) = try answer(to: RawPeer.request().replacing("Version: 13", with: "Version: 8")) { _ in }
        try step(server, pumping: peer) { server.opened.count == 1 }
        server.onMessage = { server.send($0.bytes, $0.kind, to: $0.link) }
        peer.send(RawPeer.frame(.text, [0x61]))
        try step(server, pumping: peer) { peer.frames.count == 1 }
        #expect(peer.frames == [RawPeer.Frame(opcode: .text, isFinal: true, payload: [0x61])])
    }

    @Test("enable_webstatus: a plain GET gets a page, or 426")
    func statusPage() throws {
        let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
        let (peer, server) = try answer(to: request) { $0.showsStatusPage = true }
        try step(server, pumping: peer) { peer.hasEnded }
        #expect(peer.head.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(peer.head.contains("Content-Length: \(peer.body?.count ?? 0)\r\n"))
        #expect(String(decoding: peer.body ?? [], as: UTF8.self).contains("WebSocket endpoint"))
        let (refused, _) = try answer(to: request) { _ in }
        #expect(refused.head.hasPrefix("HTTP/1.1 426 "))
        let (old, station) = try answer(to: "GET / HTTP/1.0\r\n\r\n") { $0.showsStatusPage = true }
        try step(station, pumping: old) { old.hasEnded }
        #expect(old.head.hasPrefix("HTTP/1.1 200 OK\r\n") && old.body == peer.body)
    }

    @Test("show_server_version: the response names the server as it is told to, or not at all")
    func serverName() throws {
        let (peer, _) = try answer(to: RawPeer.request()) { $0.serverName = "Rennbahn/1.2.3" }
        #expect(peer.head.contains("\r\nServer: Rennbahn/1.2.3\r\n"))
        let (silent, _) = try answer(to: RawPeer.request()) { _ in }
        #expect(!silent.head.contains("Server:"))
    }

    @Test("tcp_nodelay: accepted connections have Nagle's algorithm off, or on", arguments: [true, false])
    func noDelay(isOn: Bool) throws {
        let loop = try LinkLoop(limits: Limits(), accept: [OptionTests.profile { $0.noDelay = isOn }])
        let listener = try Sockets.listen(.loopback(port: 0))
        try loop.listen(on: listener)
        let client = try Sockets.connect(to: Sockets.boundAddress(of: listener)).descriptor
        defer { Sockets.close(client) }
        var accepted: Descriptor?
        for _ in 0..<2000 where accepted == nil {
            if case .accepted(let descriptor) = Sockets.accept(listener) { accepted = descriptor }
        }
        let descriptor = try #require(accepted)
        #expect(Sockets.hasNoDelay(descriptor) == isOn)
        Sockets.close(descriptor)
        loop.stopListening()
    }

    // MARK: Frames that come

    @Test("max_frame_size: a longer frame is refused with 1009 at its head, one of the size is taken")
    func maxFrameSize() throws {
        let (peer, server) = try opened { $0.maxFrameSize = 1000 }
        peer.send(RawPeer.frame(.binary, Fixture.noise(1000)))
        try step(server, pumping: peer) { server.messages.count == 1 }
        // The head alone: nothing of the payload.
        peer.send(Array(RawPeer.frame(.binary, Fixture.noise(1001)).prefix(8)))
        try step(server, pumping: peer) { peer.closeCode == 1009 }
    }

    @Test(
        "require_masked_client_frames: off, frames are taken with and without a mask; on, those without end with 1002")
    func masking() throws {
        let (lenient, station) = try opened { $0.requiresMaskedClientFrames = false }
        lenient.send(RawPeer.frame(.text, Array("plain".utf8), key: nil) + RawPeer.frame(.text, Array("masked".utf8)))
        try step(station, pumping: lenient) { station.messages.count == 2 }
        #expect(station.messages.map { String(decoding: $0.bytes, as: UTF8.self) } == ["plain", "masked"])
        let (strict, server) = try opened { _ in }
        strict.send(RawPeer.frame(.text, Array("plain".utf8), key: nil))
        try step(server, pumping: strict) { strict.closeCode == 1002 }
    }

    @Test("apply_mask: off, payloads stay as they are in both directions, though the frames claim a mask")
    func applyMask() throws {
        let (peer, server) = try opened {
            $0.appliesMask = false
            $0.masksServerFrames = true
        }
        server.onMessage = { server.send($0.bytes, $0.kind, to: $0.link) }
        peer.send([0x81, 0x83, 1, 2, 3, 4] + Array("abc".utf8))
        try step(server, pumping: peer) { (peer.body?.count ?? 0) == 9 }
        #expect(server.messages[0].bytes == Array("abc".utf8))
        #expect(peer.body?.prefix(2) == [0x81, 0x83] && peer.body?.suffix(3) == Array("abc".utf8)[...])
        server.onMessage = { _ in }
    }

    // MARK: Frames that go

    @Test("mask_server_frames: messages and control frames of the server are masked", arguments: [true, false])
    func maskServerFrames(isOn: Bool) throws {
        let (peer, server) = try opened { $0.masksServerFrames = isOn }
        server.send(Array("Hello".utf8), .text, to: server.opened[0].link)
        try step(server, pumping: peer) { peer.frames.count == 1 }
        peer.send(RawPeer.frame(.ping, [7]))
        try step(server, pumping: peer) { peer.frames.count == 2 }
        #expect(peer.frames.map(\.payload) == [Array("Hello".utf8), [7]])
        let body = try #require(peer.body)
        let second = isOn ? 11 : 7
        #expect(body[1] & 0x80 == (isOn ? 0x80 : 0) && body[second + 1] & 0x80 == (isOn ? 0x80 : 0))
    }

    @Test("mask_server_frames, auto_fragment_size: every receiver of a message gets it whole")
    func shapedToSeveral() throws {
        let (server, address) = try Fixture.server(
            OptionTests.profile {
                $0.masksServerFrames = true
                $0.fragmentSize = 10
            })
        let peers = try (0..<3).map { _ in try RawPeer.opened(server, address) }
        var message = OutgoingMessage()
        message.begin(.text)
        message.payload.append(Fixture.text(25).span)
        for opened in server.opened {
            #expect(server.loop.share(&message, with: opened.link) == .queued)
        }
        server.loop.release(&message)
        for peer in peers {
            try step(server, pumping: peer) { peer.frames.count == 3 }
            #expect(peer.frames.map(\.opcode) == [.text, .continuation, .continuation])
            #expect(peer.frames.map(\.isFinal) == [false, false, true])
            #expect(peer.frames.flatMap(\.payload) == Fixture.text(25))
        }
    }

    @Test("auto_fragment_size: compressed messages are cut, too, and come through", arguments: [0, 16, 1000])
    func fragmentsCompressed(size: Int) throws {
        let pair = try Pair(
            accept: OptionTests.profile(deflate: DeflatePolicy()) { $0.fragmentSize = size }, deflate: DeflatePolicy())
        for count in [0, 1, 100, 5000] { pair.server.send(Fixture.noise(count), to: pair.serverLink) }
        try step(pair.server, pair.client) { pair.client.messages.count == 4 }
        #expect(pair.client.loop.isCompressed(pair.clientLink))
        #expect(pair.client.messages.map(\.bytes) == [0, 1, 100, 5000].map { Fixture.noise($0) })
    }

    // MARK: Closing

    @Test("fail_by_drop: a broken rule resets the connection without a Close frame")
    func failByDrop() throws {
        let (peer, server) = try opened { $0.failsByDrop = true }
        peer.send(RawPeer.frame(.text, [0xff]))
        try step(server, pumping: peer) { peer.hasEnded && server.closed.count == 1 }
        #expect(peer.frames.isEmpty)
        guard case .violation(code: 1007, reason: _) = server.closed[0].end else {
            Issue.record("ended with \(server.closed[0].end)")
            return
        }
    }

    @Test(
        "echo_close_codereason: the answer to a Close is 1000, or its code, or its code and reason",
        arguments: [
            (WebSocketOptions.CloseAnswer.normalClosure, [UInt8]([0x03, 0xe8])), (.code, [0x0b, 0xb8]),
            (.codeAndReason, [0x0b, 0xb8] + Array("bye".utf8)),
        ])
    func closeAnswer(answer: WebSocketOptions.CloseAnswer, payload: [UInt8]) throws {
        let (peer, server) = try opened { $0.closeAnswer = answer }
        peer.send(RawPeer.frame(.close, [0x0b, 0xb8] + Array("bye".utf8)))
        try step(server, pumping: peer) { peer.hasEnded }
        #expect(peer.frames.map(\.payload) == [payload])
    }

    @Test("echo_close_codereason: on, an empty Close is answered with an empty one")
    func emptyClose() throws {
        let (peer, server) = try opened { $0.closeAnswer = .codeAndReason }
        peer.send(RawPeer.frame(.close, []))
        try step(server, pumping: peer) { peer.hasEnded }
        #expect(peer.frames.map(\.payload) == [[]])
    }
}
