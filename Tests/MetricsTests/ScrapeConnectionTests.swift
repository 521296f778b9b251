import RennbahnTestKit
import Testing

@testable import RennbahnMetrics

/// Connections of those who scrape, octet by octet and second by second.
@Suite struct ScrapeConnectionTests {
    private static let second: UInt64 = 1_000_000_000
    private static let agent = "Host: a\r\nUser-Agent: test\r\n"

    private static func page(_ format: MetricsFormat) -> String {
        format == .prometheus ? "plain 1\n" : "open 1\n# EOF\n"
    }

    /// A connection with a peer that takes what it is sent at once.
    private struct Talk {
        var connection = ScrapeConnection(at: 0)
        private(set) var said: [UInt8] = []

        mutating func say(_ octets: [UInt8], at now: UInt64 = 0) {
            connection.received(octets, at: now, date: 0, page: ScrapeConnectionTests.page)
            take(at: now)
        }

        /// - Parameter step: octets at a time.
        mutating func take(at now: UInt64 = 0, step: Int = .max) {
            while !connection.output.isEmpty {
                let count = min(step, connection.output.count)
                said += connection.output.prefix(count)
                connection.wrote(count, at: now, date: 0, page: ScrapeConnectionTests.page)
            }
        }
    }

    private func answer(to request: String) -> (text: String, hasEnded: Bool) {
        var talk = Talk()
        talk.say(utf8(request))
        return (text(talk.said), talk.connection.hasEnded)
    }

    private static let requests: [(request: String, statuses: [Int])] = [
        ("GET /metrics HTTP/1.1\r\n\(agent)\r\n", [200]),
        ("GET /metrics?a=b HTTP/1.1\r\n\(agent)Accept: application/openmetrics-text\r\n\r\n", [200]),
        ("HEAD /metrics HTTP/1.1\r\n\(agent)\r\nGET / HTTP/1.1\r\n\(agent)\r\n", [200, 200]),
        ("\r\n\r\nGET /other HTTP/1.1\r\n\(agent)\r\n\r\n\r\nPOST /metrics HTTP/1.1\r\n\(agent)\r\n", [404, 405]),
        ("GET /metrics HTTP/1.0\r\n\r\nGET /metrics HTTP/1.0\r\n\r\n", [200]),
        ("GET /metrics HTTP/1.1\r\n\(agent)Connection: close\r\n\r\nGET / HTTP/1.1\r\n\(agent)\r\n", [200]),
        ("POST / HTTP/1.1\r\n\(agent)Content-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\n\(agent)\r\n", [405]),
        ("GET /metrics HTTP/1.1\r\n\r\n", [400]), ("nonsense\r\n\r\n", [400]),
        ("GET / HTTP/2.0\r\n\(agent)\r\n", [505]),
        ("GET /metrics HTTP/1.1\nHost: a\n\n\r\n\r\n", [400]),
        ("\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\n\(agent)\r\n", [400]),
        ("GET / HTTP/1.1\r\n\(agent)A: \(String(repeating: "a", count: 8192))\r\n\r\n", [431]),
        (String(repeating: "a", count: 9000), [431]),
    ]

    private static func statuses(_ said: [UInt8]) -> [Int] {
        text(said).matches(of: #/HTTP\/1\.1 (\d+) /#).compactMap { Int($0.output.1) }
    }

    @Test(arguments: requests) func `The answers are the same wherever what came was cut`(
        request: String, statuses: [Int]
    ) throws {
        var whole = Talk()
        whole.say(utf8(request))
        #expect(Self.statuses(whole.said) == statuses)
        var random = SeededGenerator(seed: 15)
        var cuts = (0..<50).map { _ in randomCuts(of: request.utf8.count, using: &random) }
        cuts.append(byteByByte(of: request.utf8.count))
        if request.utf8.count < 1000 { cuts += (0...request.utf8.count).map { [$0] } }
        for places in cuts {
            var talk = Talk()
            for piece in pieces(of: utf8(request), cutAt: places) { talk.say(piece) }
            #expect(talk.said == whole.said, "cut at \(places)")
            #expect(talk.connection.hasEnded == whole.connection.hasEnded, "cut at \(places)")
        }
    }

    @Test func `Metrics come in the form that is wanted, with type and length`() {
        let plain = answer(to: "GET /metrics HTTP/1.1\r\n\(Self.agent)\r\n")
        #expect(plain.text.hasPrefix("HTTP/1.1 200 OK\r\n") && plain.text.hasSuffix("\r\n\r\nplain 1\n"))
        #expect(plain.text.contains("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
        #expect(plain.text.contains("\r\nContent-Length: 8\r\n") && plain.text.contains("\r\nVary: Accept\r\n"))
        #expect(!plain.hasEnded && !plain.text.contains("Connection: close"))
        let open = answer(
            to:
                "GET /metrics HTTP/1.1\r\n\(Self.agent)Accept: application/openmetrics-text\r\nConnection: close\r\n\r\n"
        )
        #expect(open.text.hasSuffix("\r\n\r\nopen 1\n# EOF\n") && open.text.contains("\r\nContent-Length: 13\r\n"))
        #expect(
            open.text.contains("\r\nContent-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"))
        #expect(open.hasEnded && open.text.contains("\r\nConnection: close\r\n"))
    }

    @Test func `HEAD gets the head alone, the root says where metrics are, and other methods which there are`() {
        let head = answer(to: "HEAD /metrics HTTP/1.1\r\n\(Self.agent)\r\n").text
        #expect(head.hasSuffix("\r\n\r\n") && head.contains("\r\nContent-Length: 8\r\n"))
        #expect(answer(to: "GET / HTTP/1.1\r\n\(Self.agent)\r\n").text.hasSuffix("\r\n\r\nMetrics are at /metrics.\n"))
        #expect(answer(to: "PUT / HTTP/1.1\r\n\(Self.agent)\r\n").text.contains("\r\nAllow: GET, HEAD\r\n"))
    }

    @Test
    func `A request has five seconds from its first octet, however it trickles, and the first one from the beginning`()
    {
        var silent = ScrapeConnection(at: 7 * Self.second)
        silent.tick(at: 12 * Self.second - 1)
        #expect(!silent.isOver)
        silent.tick(at: 12 * Self.second)
        #expect(silent.isOver)

        var talk = Talk()
        talk.say(utf8("GET / HTTP/1.1\r\n\(Self.agent)\r\n"), at: Self.second)
        #expect(talk.connection.isIdle && talk.connection.deadline == 301 * Self.second)
        for octet in 0..<4 { talk.say([UInt8(ascii: "G")], at: UInt64(20 + octet) * Self.second) }
        #expect(!talk.connection.isIdle && talk.connection.deadline == 25 * Self.second)
        talk.connection.tick(at: 25 * Self.second)
        #expect(talk.connection.isOver)
    }

    @Test func `Empty lines are no request, and keep nobody's place`() {
        var talk = Talk()
        talk.say(utf8("GET / HTTP/1.1\r\n\(Self.agent)\r\n"))
        let deadline = talk.connection.deadline
        talk.say(utf8("\r\n\r\n\r"), at: Self.second)
        #expect(talk.connection.isIdle && talk.connection.deadline == deadline)
    }

    @Test func `An answer that is not taken is over after five seconds, and nothing is read meanwhile`() {
        var talk = Talk()
        let request = utf8("GET /metrics HTTP/1.1\r\n\(Self.agent)\r\n")
        talk.connection.received(request + request, at: 3, date: 0, page: Self.page)
        #expect(!talk.connection.reads && talk.connection.deadline == 5 * Self.second + 3)
        talk.connection.wrote(10, at: 4 * Self.second, date: 0, page: Self.page)
        #expect(talk.connection.deadline == 5 * Self.second + 3)
        talk.connection.tick(at: 5 * Self.second + 3)
        #expect(talk.connection.isOver)
    }

    @Test func `Octets of an answer leave in any portions, and the next request is looked at behind it`() {
        let request = utf8("GET /metrics HTTP/1.1\r\n\(Self.agent)\r\n")
        var (one, many) = (Talk(), Talk())
        one.say(request + request)
        many.connection.received(request + request, at: 0, date: 0, page: Self.page)
        many.take(step: 1)
        #expect(one.said == many.said && Self.statuses(one.said) == [200, 200])
    }

    @Test func `A peer that says nothing more gets the answer that is on its way, and then the connection is over`() {
        var talk = Talk()
        talk.connection.received(utf8("GET /metrics HTTP/1.1\r\n\(Self.agent)\r\n"), at: 0, date: 0, page: Self.page)
        talk.connection.peerEnded()
        #expect(!talk.connection.isOver)
        talk.take()
        #expect(talk.connection.isOver && Self.statuses(talk.said) == [200])
        var waiting = ScrapeConnection(at: 0)
        waiting.peerEnded()
        #expect(waiting.isOver)
    }

    @Test func `Behind the last answer what comes is dropped until the peer ends, or for five seconds`() {
        var talk = Talk()
        talk.say(utf8("nonsense\r\n\r\n"), at: Self.second)
        #expect(talk.connection.hasEnded && talk.connection.reads)
        let said = talk.said
        talk.say(utf8("GET / HTTP/1.1\r\n\(Self.agent)\r\n"), at: 2 * Self.second)
        #expect(talk.said == said && talk.connection.deadline == 6 * Self.second)
        talk.connection.peerEnded()
        #expect(talk.connection.isOver)
    }
}
