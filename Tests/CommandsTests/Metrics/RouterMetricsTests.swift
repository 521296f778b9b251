import Foundation
import RennbahnMetrics
import RennbahnReactor
import RennbahnRouterNode
import Testing

@testable import RennbahnCommands

@Suite(.serialized, .timeLimit(.minutes(2)))
struct RouterMetricsTests {
    @Test(arguments: MetricsFormat.allCases)
    func `A router tells every family of the table, in its order, each with samples`(format: MetricsFormat) throws {
        let node = try Node(
            NodeConfiguration(service: .router(realms: ["realm1"]), listen: .loopback(port: 0), shards: 2))
        let told = try node.watch().look(patience: 30_000_000_000)
        let text = RouterMetrics.text(told, shards: 2, OwnProcess(descriptors: 100), format)
        node.abandon()
        node.wait()
        #expect(toldNames(text) == RouterFamilies.all.map { format == .prometheus ? $0.sampleName : $0.name })
        let lines = text.text.split(separator: "\n")
        for family in RouterFamilies.all {
            #expect(lines.contains { $0.hasPrefix(family.sampleName + (family.labels.isEmpty ? " " : "{")) })
        }
        #expect(lines.contains(#"rennbahn_router_shards{state="fresh"} 2"#))
        #expect(lines.contains("process_max_fds 100"))
    }

    @Test func `A router as a process of its own says in its log where its metrics are, and counts what is done to it`()
        throws
    {
        let router = try ProgramProcess(["router", "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0"])
        try router.awaitOutput(beginningWith: "rennbahn router ready on ")
        let url = try #require(router.output.last?.split(separator: " ").first { $0.hasPrefix("ws://") })
        let told = try router.awaitOutput(containing: "metrics at http://")
        let place = try #require(told.firstMatch(of: /http:\/\/(127[0-9.:]+)\/metrics/))
        let load = try ProgramProcess(
            words(of: "load --url \(url) --scenario rpc --clients 2 --warmup 0 --duration 0.2 --allow-invalid"))
        #expect(try load.end() == .exited(code: 0))
        let scraper = try Scraper(try SocketAddress(parsing: String(place.output.1)))
        let text = try scraper.get("/metrics")
        func value(_ name: String) -> Int? {
            text.split(separator: "\n").first { $0.hasPrefix(name + " ") }.flatMap { Int($0.dropFirst(name.count + 1)) }
        }
        #expect(value("rennbahn_router_sessions_opened_total") == 2 && value("rennbahn_router_sessions") == 0)
        #expect(value(#"rennbahn_router_sessions_closed_total{reason="goodbye"}"#) == 2)
        let calls = try #require(value("rennbahn_router_calls_total"))
        #expect(calls > 0 && value("rennbahn_router_results_total") == calls)
        router.send(SIGTERM)
        #expect(try router.end() == .exited(code: 0))
        #expect(throws: (any Error).self) { try Scraper(try SocketAddress(parsing: String(place.output.1))).get("/") }
    }
}
