import RennbahnMetrics
import RennbahnReactor
import Testing

@testable import RennbahnCommands

/// Sockets of those who scrape, against the server's thread.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct MetricsServerTests {
    private func server() throws -> MetricsServer {
        let server = try MetricsServer(.loopback(port: 0))
        try server.start { $0 == .prometheus ? "plain 1\n" : "open 1\n# EOF\n" }
        return server
    }

    @Test func `The kernel chooses a port where it is asked to, and the address is told`() throws {
        let server = try server()
        #expect(server.address.port > 0 && server.url == "http://127.0.0.1:\(server.address.port)/metrics")
        server.stop()
    }

    @Test func `Requests are answered one after another on a connection`() throws {
        let server = try server()
        let scraper = try Scraper(server.address)
        for _ in 0..<3 {
            #expect(try scraper.get("/metrics").hasSuffix("\r\n\r\nplain 1\n"))
            #expect(try scraper.get("/metrics", accepting: "application/openmetrics-text").hasSuffix("open 1\n# EOF\n"))
        }
        #expect(try scraper.get("/nowhere").hasPrefix("HTTP/1.1 404 "))
        server.stop()
    }

    @Test func `Connections that say nothing keep nobody from its metrics`() throws {
        let server = try server()
        let idle = try (0..<ScrapeDesk.places).map { _ in try Scraper(server.address) }
        // Those who have asked before are idle, and make room.
        for scraper in idle { #expect(try scraper.get("/metrics").hasPrefix("HTTP/1.1 200 ")) }
        let late = try Scraper(server.address)
        #expect(try late.get("/metrics").hasPrefix("HTTP/1.1 200 "))
        #expect(try idle[0].ends())
        #expect(try idle[1].get("/metrics").hasPrefix("HTTP/1.1 200 "))
        server.stop()
    }

    @Test func `Where all places are taken by requests that are under way, a further connection is ended`() throws {
        let server = try server()
        let busy = try (0..<ScrapeDesk.places).map { _ in try Scraper(server.address) }
        for scraper in busy { try scraper.send("GET /metrics HT") }
        #expect(try Scraper(server.address).ends())
        try busy[0].send("TP/1.1\r\nHost: a\r\n\r\n")
        #expect(try busy[0].answer().hasSuffix("plain 1\n"))
        server.stop()
    }

    @Test func `Somebody who vanishes with an answer on its way hurts nobody, and all end with the server`() throws {
        let server = try server()
        do {
            let scraper = try Scraper(server.address)
            for _ in 0..<5 { try scraper.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n") }
        }
        let other = try Scraper(server.address)
        #expect(try other.get("/metrics").hasPrefix("HTTP/1.1 200 "))
        server.stop()
        #expect(try other.ends())
        #expect(throws: (any Error).self) { try Scraper(server.address).get("/") }
    }
}
