import Foundation
import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWeb
import RennbahnWebSocket
import Testing

/// Web services on the connections of a loop: over real sockets, with the test's own hands at the other end.
@Suite struct WebServiceTests {
    private static let turnTime: UInt64 = 10_000_000
    private static let second: UInt64 = 1_000_000_000

    /// A site with a folder of the test's own, removed when it ends.
    private final class Site {
        let folder: String
        let server: Station
        let address: SocketAddress

        init(
            limits: Limits = Limits(), sendBuffer: Int32? = nil, log: (any WebLog)? = nil,
            _ change: (inout AcceptProfile) -> Void = { _ in }
        ) throws {
            folder = NSTemporaryDirectory() + "web-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            var profile = AcceptProfile(subprotocols: [])
            profile.webSocket = .byPath(["ws": 1], rest: nil)
            profile.web = WebSite(services: [
                "/": .files(StaticFiles(directory: folder)), "value": .value(JSONValue(text: "[1]")),
            ])
            profile.webLog = log
            change(&profile)
            var service = AcceptProfile(subprotocols: Fixture.protocols, requiresSubprotocol: false)
            service.options.showsStatusPage = true
            service.options.url = "ws://localhost/<b>"
            let loop = try LinkLoop(limits: limits, accept: [profile, service])
            let listener = try Sockets.listen(.loopback(port: 0))
            if let sendBuffer { try Sockets.setBufferSizes(listener, send: sendBuffer) }
            address = try Sockets.boundAddress(of: listener)
            try loop.listen(on: listener)
            server = Station(loop, address: address)
            server.turnTime = WebServiceTests.turnTime
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func write(_ name: String, _ bytes: [UInt8]) throws {
            try Data(bytes).write(to: URL(filePath: folder + "/" + name))
        }

        /// What comes back for some bytes, up to the end or until `isWhole`.
        func ask(_ text: String, until isWhole: (RawPeer) -> Bool) throws -> RawPeer {
            let peer = try RawPeer(connectingTo: address)
            peer.send(text)
            try step(server, pumping: peer) { isWhole(peer) }
            return peer
        }
    }

    private static func get(_ path: String, method: String = "GET", _ fields: String = "") -> String {
        "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n"
    }

    private static func text(_ peer: RawPeer) -> String { String(decoding: peer.received, as: UTF8.self) }

    /// The answers in what was received, by the length that each announces.
    private static func answers(_ peer: RawPeer) -> [(status: Int, body: [UInt8])] {
        var answers: [(Int, [UInt8])] = []
        var rest = peer.received[...]
        while let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) {
            let head = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
            let length = head.firstMatch(of: #/Content-Length: (\d+)/#).flatMap { Int($0.output.1) } ?? 0
            guard rest.endIndex - end.upperBound >= length else { break }
            answers.append(
                (Int(head.dropFirst(9).prefix(3)) ?? 0, Array(rest[end.upperBound..<end.upperBound + length])))
            rest = rest[(end.upperBound + length)...]
        }
        return answers
    }

    @Test func `several requests come over one connection, sent one behind the other or all at once`() throws {
        let site = try Site()
        try site.write("a.txt", Array("hello".utf8))
        let peer = try site.ask(Self.get("/a.txt")) { Self.answers($0).count == 1 }
        peer.send(Self.get("/value"))
        try step(site.server, pumping: peer) { Self.answers(peer).count == 2 }
        peer.send(Self.get("/none") + Self.get("/a.txt") + Self.get("/value"))
        try step(site.server, pumping: peer) { Self.answers(peer).count == 5 }
        let answers = Self.answers(peer)
        #expect(answers.map(\.status) == [200, 200, 404, 200, 200])
        #expect(answers[0].body == Array("hello".utf8) && answers[3].body == answers[0].body)
        #expect(answers[1].body == Array("[1]".utf8) && answers[4].body == answers[1].body)
        #expect(site.server.closed.isEmpty && site.server.loop.linkCount == 1)
    }

    @Test func `requests are answered wherever they are cut`() throws {
        let site = try Site()
        try site.write("a.txt", Array("hello".utf8))
        let bytes = Array((Self.get("/a.txt") + Self.get("/value")).utf8)
        for cut in 1..<bytes.count {
            let peer = try RawPeer(connectingTo: site.address)
            peer.send(Array(bytes[..<cut]))
            for _ in 0..<3 { site.server.turn(milliseconds: 0) }
            peer.send(Array(bytes[cut...]))
            try step(site.server, pumping: peer) { Self.answers(peer).count == 2 }
            #expect(Self.answers(peer).map(\.body) == [Array("hello".utf8), Array("[1]".utf8)])
        }
    }

    @Test func `a file that is larger than all buffers arrives whole, and a message passes meanwhile`() throws {
        let site = try Site(sendBuffer: 16 * 1024)
        let bytes = Fixture.noise(5_000_000)
        try site.write("large", bytes)
        let other = try RawPeer.opened(site.server, site.address)
        let peer = try RawPeer(connectingTo: site.address)
        peer.isReading = false
        peer.send(Self.get("/large"))
        for _ in 0..<20 { site.server.turn() }
        // Whoever does not read holds one part of the file at most in memory, and nobody up.
        #expect(site.server.loop.queuedBytes <= Limits().filePart)
        other.send(RawPeer.frame(.text, Array("hi".utf8)))
        try step(site.server, pumping: other) { site.server.messages.count == 1 }
        peer.isReading = true
        try step(site.server, turns: 50_000, pumping: peer) { Self.answers(peer).count == 1 }
        #expect(Self.answers(peer)[0].body == bytes)
        #expect(site.server.loop.linkCount == 2)
    }

    @Test func `part of a file is that part`() throws {
        let site = try Site()
        let bytes = Fixture.noise(400_000)
        try site.write("large", bytes)
        let peer = try site.ask(Self.get("/large", "Range: bytes=1000-300999\r\n")) { Self.answers($0).count == 1 }
        #expect(Self.answers(peer)[0].status == 206)
        #expect(Self.answers(peer)[0].body == Array(bytes[1000..<301_000]))
    }

    @Test func `HEAD has the head alone, and the next answer follows it`() throws {
        let site = try Site()
        try site.write("a.txt", Array("hello".utf8))
        let peer = try site.ask(Self.get("/a.txt", method: "HEAD") + Self.get("/value", "Connection: close\r\n")) {
            $0.hasEnded
        }
        let heads = Self.text(peer).components(separatedBy: "\r\n\r\n")
        #expect(heads.count == 3 && heads[0].contains("Content-Length: 5") && heads[1].hasPrefix("HTTP/1.1 200"))
        #expect(heads[2] == "[1]")
    }

    @Test func `the connection ends behind the answer where the client asks for that`() throws {
        let site = try Site()
        let peer = try site.ask(Self.get("/value", "Connection: close\r\n") + Self.get("/value")) { $0.hasEnded }
        #expect(Self.answers(peer).count == 1 && Self.text(peer).contains("Connection: close"))
        peer.close()
        try step(site.server) { site.server.closed.count == 1 }
        #expect(site.server.closed[0].end == .answered && site.server.loop.linkCount == 0)
    }

    @Test func `a request of HTTP 1 dot 0 is answered, and ends the connection`() throws {
        let site = try Site()
        let request = "GET /value HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
        let peer = try site.ask(request + Self.get("/value")) { $0.hasEnded }
        #expect(Self.answers(peer).map(\.body) == [Array("[1]".utf8)])
        #expect(Self.text(peer).hasPrefix("HTTP/1.1 200 ") && Self.text(peer).contains("Connection: close"))
        let upgrade = RawPeer.request().replacingOccurrences(of: "HTTP/1.1", with: "HTTP/1.0")
        #expect(Self.answers(try site.ask(upgrade) { $0.hasEnded }).map(\.status) == [505])
    }

    @Test func `empty lines between requests are passed over`() throws {
        let site = try Site()
        let peer = try site.ask(Self.get("/value")) { Self.answers($0).count == 1 }
        peer.send("\r\n" + Self.get("/value") + "\r\n\r\n" + Self.get("/none"))
        try step(site.server, pumping: peer) { Self.answers(peer).count == 3 }
        #expect(Self.answers(peer).map(\.status) == [200, 200, 404])
    }

    @Test func `a body is not taken for a request`() throws {
        let site = try Site()
        let hidden = Self.get("/value")
        let peer = try site.ask(Self.get("/value", method: "POST", "Content-Length: \(hidden.utf8.count)\r\n") + hidden)
        {
            $0.hasEnded
        }
        #expect(Self.answers(peer).map(\.status) == [405])
    }

    @Test(arguments: [
        "BLA\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET /x HTTP/2.0\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n\r\n\r\n",
    ])
    func `what is no request ends the connection with an answer`(text: String) throws {
        let site = try Site()
        let peer = try site.ask(text) { $0.hasEnded }
        #expect(Self.text(peer).hasPrefix("HTTP/1.1 4") || Self.text(peer).hasPrefix("HTTP/1.1 505"))
    }

    // MARK: Beside WebSocket

    @Test func `WebSocket is at its path, also behind other requests, and its status page is there`() throws {
        let site = try Site()
        let peer = try site.ask(Self.get("/value")) { Self.answers($0).count == 1 }
        peer.send(RawPeer.request())
        try step(site.server, pumping: peer) { site.server.opened.count == 1 }
        peer.send(RawPeer.frame(.text, Array("hi".utf8)))
        try step(site.server, pumping: peer) { site.server.messages.count == 1 }
        #expect(site.server.messages[0].bytes == Array("hi".utf8))
        let page = try site.ask(Self.get("/ws")) { $0.hasEnded }
        #expect(Self.text(page).contains("connect to <code>ws://localhost/&lt;b&gt;</code> with a WAMP client"))
    }

    @Test func `where WebSocket is at the root it is at every path without another service`() throws {
        let site = try Site { profile in
            profile.webSocket = .byPath(["/": 1], rest: 1)
            profile.web?.services["/"] = nil
        }
        for path in ["/", "/any/where", "/?x"] {
            let peer = try RawPeer(connectingTo: site.address)
            peer.send(RawPeer.request().replacingOccurrences(of: "GET /ws ", with: "GET \(path) "))
            let before = site.server.opened.count
            try step(site.server, pumping: peer) { site.server.opened.count == before + 1 }
        }
        #expect(
            Self.answers(try site.ask(Self.get("/value")) { Self.answers($0).count == 1 })[0].body == Array("[1]".utf8))
    }

    @Test func `a redirect is for WebSocket, too`() throws {
        let site = try Site { $0.web?.services["/"] = .redirect("wss://example.com/") }
        let peer = try site.ask(RawPeer.request().replacingOccurrences(of: "GET /ws ", with: "GET /other ")) {
            Self.answers($0).count == 1
        }
        #expect(Self.text(peer).hasPrefix("HTTP/1.1 302") && Self.text(peer).contains("Location: wss://example.com/"))
    }

    // MARK: Time and resources

    @Test func `who asks for nothing more is gone when its time is over, others are not`() throws {
        let site = try Site { $0.web?.idleTimeout = 7 * Self.second }
        let peer = try site.ask(Self.get("/value")) { Self.answers($0).count == 1 }
        let start = site.server.loop.now
        try step(site.server, pumping: peer) { peer.hasEnded && !site.server.closed.isEmpty }
        let seconds = Double(site.server.loop.now - start) / 1e9
        #expect(seconds > 6.5 && seconds < 7.5)
        #expect(site.server.closed[0].end == .answered)
    }

    @Test(arguments: ["\r\n", "\r\n\r\n", "\r"])
    func `an empty line behind a request is none, and the next one has its whole time`(stray: String) throws {
        var limits = Limits()
        limits.openHandshakeTimeout = 2 * Self.second
        let site = try Site(limits: limits) { $0.web?.idleTimeout = 15 * Self.second }
        let peer = try site.ask(Self.get("/value")) { Self.answers($0).count == 1 }
        let start = site.server.loop.now
        peer.send(stray)
        try step(site.server, pumping: peer) { site.server.loop.now > start + 5 * Self.second }
        #expect(site.server.closed.isEmpty)
        peer.send((stray == "\r" ? "\n" : "") + Self.get("/value"))
        try step(site.server, pumping: peer) { Self.answers(peer).count == 2 }
        peer.send(stray)
        try step(site.server, pumping: peer) { peer.hasEnded && !site.server.closed.isEmpty }
        #expect(site.server.closed[0].end == .answered)
    }

    @Test func `slowloris behind an answer is gone with the time of an opening handshake`() throws {
        var limits = Limits()
        limits.openHandshakeTimeout = 2 * Self.second
        let site = try Site(limits: limits) { $0.web?.idleTimeout = 60 * Self.second }
        let peer = try site.ask(Self.get("/value")) { Self.answers($0).count == 1 }
        let start = site.server.loop.now
        peer.send("G")
        try step(site.server, pumping: peer) {
            peer.send("x")
            return !site.server.closed.isEmpty
        }
        let seconds = Double(site.server.loop.now - start) / 1e9
        #expect(seconds > 1.5 && seconds < 2.6)
        #expect(site.server.closed[0].end == .openHandshakeTimeout)
        #expect(site.server.loop.linkCount == 0)
    }

    @Test func `who takes nothing of a file is dropped as stalled, and the file is closed`() throws {
        var limits = Limits()
        limits.stallTimeout = 3 * Self.second
        let site = try Site(limits: limits, sendBuffer: 16 * 1024)
        try site.write("large", Fixture.noise(8_000_000))
        let peer = try RawPeer(connectingTo: site.address)
        peer.isReading = false
        peer.send(Self.get("/large"))
        try step(site.server, pumping: peer) { openFiles(site) == 1 }
        try step(site.server, pumping: peer) { !site.server.closed.isEmpty }
        #expect(site.server.closed[0].end == .stalled)
        #expect(openFiles(site) == 0 && site.server.loop.queuedBytes == 0)
    }

    @Test func `who goes away amid a file leaves nothing`() throws {
        let site = try Site(sendBuffer: 16 * 1024)
        try site.write("large", Fixture.noise(8_000_000))
        let peer = try RawPeer(connectingTo: site.address)
        peer.isReading = false
        peer.send(Self.get("/large"))
        try step(site.server, pumping: peer) { openFiles(site) == 1 }
        peer.close(reset: true)
        try step(site.server) { site.server.closed.count == 1 }
        #expect(openFiles(site) == 0 && site.server.loop.queuedBytes == 0 && site.server.loop.linkCount == 0)
    }

    @Test func `a file that becomes shorter ends the connection, since its length was announced`() throws {
        let site = try Site(sendBuffer: 16 * 1024)
        try site.write("large", Fixture.noise(8_000_000))
        let peer = try RawPeer(connectingTo: site.address)
        peer.isReading = false
        peer.send(Self.get("/large"))
        for _ in 0..<20 { site.server.turn() }
        #expect(truncate(site.folder + "/large", 1000) == 0)
        peer.isReading = true
        try step(site.server, pumping: peer) { peer.hasEnded && !site.server.closed.isEmpty }
        #expect(Self.answers(peer).isEmpty && site.server.closed[0].end == .dropped)
    }

    @Test func `an answer is finished when the loop stops, and its connection is the last of it`() throws {
        let site = try Site(sendBuffer: 16 * 1024)
        let bytes = Fixture.noise(2_000_000)
        try site.write("large", bytes)
        let idle = try site.ask(Self.get("/value")) { Self.answers($0).count == 1 }
        let peer = try RawPeer(connectingTo: site.address)
        peer.send(Self.get("/large"))
        try step(site.server, pumping: peer) { !peer.received.isEmpty }
        site.server.loop.stopListening()
        site.server.loop.closeUnopened()
        try step(site.server, turns: 50_000, pumping: peer) { peer.hasEnded }
        #expect(Self.answers(peer).first?.body == bytes)
        peer.close()
        idle.close()
        try step(site.server) { site.server.loop.linkCount == 0 }
    }

    @Test func `the log is told of each answer, without its query`() throws {
        final class Log: WebLog, @unchecked Sendable {
            // Only the test's thread calls it.
            var lines: [String] = []
            func answered(_ peer: SocketAddress?, method: String, path: String, status: Int, count: Int) {
                lines.append("\(peer != nil) \(method) \(path) \(status) \(count)")
            }
        }
        let log = Log()
        let site = try Site(log: log)
        _ = try site.ask(
            Self.get("/value?token=x") + Self.get("/value", method: "HEAD") + Self.get("/none", method: "PUT")
        ) {
            _ in log.lines.count == 3
        }
        #expect(log.lines[0] == "true GET /value 200 3" && log.lines[1] == "true HEAD /value 200 0")
        #expect(log.lines[2].hasPrefix("true PUT /none 405 "))
    }

    /// Descriptors of this process that are of the file `large`.
    private func openFiles(_ site: Site) -> Int {
        var file = stat()
        guard stat(site.folder + "/large", &file) == 0 else { return -1 }
        return (0..<4096).count { number in
            var status = stat()
            return fstat(Int32(number), &status) == 0 && status.st_ino == file.st_ino && status.st_dev == file.st_dev
        }
    }
}
