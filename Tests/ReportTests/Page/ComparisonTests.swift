import Foundation
import RennbahnMeasurement
import RennbahnTrial
import Testing

@testable import RennbahnReport

struct ComparisonTests {
    private func source(_ name: String, _ document: ResultsDocument) -> PageSource { PageSource(name, .run(document)) }

    @Test func `Two single runs have ratios and no interval`() throws {
        var faster = ExportSamples.run
        faster.cells[0].measurements.messagesPerSecond *= 2
        let comparison = try Comparison(source("a.json", ExportSamples.run), source("b.json", faster))
        #expect(comparison.warnings.isEmpty)
        #expect(comparison.rows.first?.metric == "messages/s" && comparison.rows.first?.ratio == 2)
        #expect(comparison.rows.allSatisfy { $0.lower == nil && $0.upper == nil && $0.ratio.isFinite })
        let text = ComparisonTable(isStyled: false, width: 80).render(comparison)
        #expect(text.contains("no interval: two single runs") && !text.contains("WARNING"))
    }

    @Test func `Each difference of machine, build and settings is a warning of its own`() throws {
        var other = ExportSamples.run
        (other.environment.kernel, other.environment.cores) = ("6.2.0\u{1B}[2J", 64)
        (other.environment.version, other.environment.commit) = ("9.9", "ffffffffff")
        (other.cells[0].parameters.clients, other.cells[0].parameters.depth) = (7, nil)
        (other.cells[0].parameters.rate, other.cells[0].parameters.serializer) = (5000, "msgpack")
        let comparison = try Comparison(source("a.json", ExportSamples.run), source("b.json", other))
        let whats = ["cores", "kernel", "version", "commit", "serializer", "clients", "load model"]
        #expect(comparison.differences.map(\.what) == whats)
        let text = ComparisonTable(isStyled: false, width: 100).render(comparison)
        #expect(text.components(separatedBy: "WARNING  ").count == whats.count + 1)
        #expect(text.contains("WARNING  load model differs: closed, 4 in flight / open, 5.00 k/s"))
        #expect(!text.contains("\u{1B}"))
    }

    @Test func `Trials have intervals where both were measured in turns`() throws {
        let base = ExportSamples.trials()
        var other = base
        other.trials[0].sides[1].ratios = [.routerCPU: ExportSamples.told(0.375, 0.0625)]
        let comparison = try Comparison(PageSource("a", .trials(base)), PageSource("b", .trials(other)))
        let paired = comparison.rows.filter { $0.lower != nil }
        #expect(paired.map(\.metric) == ["  to json"] && paired.first?.ratio == 0.5)
        let row = try #require(paired.first)
        #expect((row.lower ?? 1) < 0.5 && (row.upper ?? 0) > 0.5)
        for width in [80, 100] {
            let text = ComparisonTable(isStyled: false, width: width).render(comparison)
            #expect(text.split(separator: "\n").filter { $0.contains("  ") }.allSatisfy { $0.count <= 100 })
        }
        let data = try ResultsFile.encode(ComparisonDocument([comparison]), path: "-")
        #expect(String(decoding: data, as: UTF8.self).contains("\"schema\" : \"rennbahn-compare/1\""))
    }

    @Test func `What has nothing in common is refused, and what only one has is told`() throws {
        let (run, trials) = (source("a", ExportSamples.run), PageSource("b", .trials(ExportSamples.trials())))
        #expect(throws: Comparison.Refusal.self) { try Comparison(run, trials) }
        var other = ExportSamples.trials()
        other.trials[0].work = "rpc"
        #expect(throws: Comparison.Refusal.self) { try Comparison(trials, PageSource("c", .trials(other))) }
        other.trials.append(ExportSamples.trials().trials[0])
        let comparison = try Comparison(trials, PageSource("c", .trials(other)))
        #expect(comparison.unmatched == ["only the other has rpc, 1 in flight"])
    }

    @Test func `No ratio is told of nothing`() throws {
        var nothing = ExportSamples.run
        nothing.cells[0].measurements.messagesPerSecond = 0
        let comparison = try Comparison(source("a", nothing), source("b", ExportSamples.run))
        #expect(!comparison.rows.contains { $0.metric == "messages/s" })
    }
}
