import ArgumentParser
import Foundation
import RennbahnMeasurement
import RennbahnWAMP
import RennbahnWorkload
import Testing

@testable import RennbahnCommands
@testable import RennbahnLoadGenerator

/// What `load --json` says of a run.
struct LoadDocumentTests {
    private func outcome(_ line: String, isInterrupted: Bool) throws -> LoadOutcome {
        let options = try LoadOptions.parse(["--url", "ws://127.0.0.1:9/ws"] + words(of: line))
        var figures = FleetFigures()
        figures.messages = 10
        figures.nanoseconds = 2_000_000_000
        return LoadOutcome(
            try options.configuration(), figures, ending: .aborted, isInterrupted: isInterrupted, established: 100,
            lost: 0, undrained: 0, failures: [:], generator: nil, target: nil, stealShare: 0)
    }

    private func cell(_ line: String, isInterrupted: Bool = false) throws -> ResultCell {
        let environment = BenchEnvironment.gather(seed: 7, routerPins: nil, generatorPins: [1])
        let text = try LoadDocument.text(try outcome(line, isInterrupted: isInterrupted), environment)
        return try JSONDecoder().decode(ResultCell.self, from: Data(text.utf8))
    }

    @Test func `It says what was asked of whom, for how long, where, when and with what`() throws {
        let cell = try cell("--realm realm2 --filler random --duration 20 --warmup 3 --rate 50 --poisson")
        let run = try #require(cell.run)
        #expect(run.url == "ws://127.0.0.1:9/ws" && run.realm == "realm2" && run.filler == "random")
        #expect(run.windowSeconds == 20 && run.warmUpSeconds == 3 && run.arrivals == "poisson")
        #expect(run.version == Version.text && run.isComplete)
        #expect(run.environment.seed == 7 && run.environment.generatorPins == [1] && run.environment.cores > 0)
        #expect(run.environment.date.contains("T") && !run.environment.kernel.isEmpty)
        #expect(cell.measurements.messages == 10 && cell.measurements.seconds == 2)
    }

    @Test func `It says how clients log in, and neither as whom nor with what`() throws {
        let line = "--authid somebody --ticket geheim --header 'Authorization: Bearer geheim'"
        let outcome = try outcome(line, isInterrupted: false)
        let environment = BenchEnvironment.gather(seed: 7, routerPins: nil, generatorPins: nil)
        let text = try LoadDocument.text(outcome, environment)
        let run = try #require(try JSONDecoder().decode(ResultCell.self, from: Data(text.utf8)).run)
        #expect(run.authMethods == ["ticket"] && run.principals == 1)
        #expect(!text.contains("geheim") && !text.contains("somebody"))
        let summary = LoadSummary.text(outcome)
        #expect(summary.contains(" · 1 principal by ticket · "))
        #expect(!summary.contains("geheim") && !summary.contains("somebody"))
        #expect(try cell("").run?.authMethods == nil && cell("").run?.principals == nil)
        let user = try LoadOptions.parse(["--url", "ws://somebody:geheim@127.0.0.1:9/ws"]).configuration()
        #expect(LoadDocument.description(user, environment, isComplete: true).url == "ws://127.0.0.1:9/ws")
    }

    @Test func `Documents are named, and have the size of their JSON form`() throws {
        for serializer in ["json", "msgpack"] {
            let cell = try cell("--payload order --seed 3 --serializer \(serializer)")
            #expect(cell.run?.filler == "documents" && cell.parameters.document == "order")
            let mean = DocumentSet.shipped(.order, seed: 3).meanOctets(.json)
            #expect(cell.parameters.payloadBytes == 32 + Int(mean.rounded()))
            #expect(
                cell.parameters.workName == "pubsub order"
                    && cell.parameters.workInFull == "pubsub 1→99 order, 1 in flight")
        }
        #expect(try self.cell("").parameters.document == nil)
        #expect(try self.cell("").parameters.workName == "pubsub 32 B")
    }

    @Test func `The summary says what the payload is`() throws {
        func lines(_ line: String) throws -> [String] {
            LoadSummary.text(try outcome(line, isInterrupted: false)).split(separator: "\n").map(String.init)
        }
        let order = try lines("--payload order")
        #expect(order[0].contains(" · order · "))
        #expect(order[1].contains("  payload") && order[1].hasSuffix("B each: medium, textual, nested, not redundant"))
        #expect(order[2].hasSuffix("An order with its buyer and what is bought."))
        #expect(try lines("--payload stamp")[1].hasSuffix("nothing but the stamp that every message carries."))
        #expect(try !lines("").contains { $0.contains("payload") })
    }

    @Test func `It says what could not be spread evenly, and nothing where all was`() throws {
        #expect(
            try cell("--publishers 2 --subscribers 5").run?.notes == [
                "5 subscribers cannot be shared evenly by 2 topics: 2 or 3 each"
            ])
        #expect(try cell("").run?.notes == nil)
    }

    @Test func `It says that few documents flatter a compressor`() throws {
        let file = repository.appending(path: "results/baseline/tier0.json").path
        let line = "--publishers 1 --subscribers 1 --payload \(file)"
        #expect(try cell("\(line) --compression deflate").run?.notes?.first?.contains("compressor's window") == true)
        #expect(try cell(line).run?.notes == nil)
    }

    @Test func `A run that was interrupted is marked, and not valid`() throws {
        let cell = try cell("", isInterrupted: true)
        #expect(cell.run?.isComplete == false && cell.run?.arrivals == nil)
        #expect(cell.verdict.outcome == "invalid" && cell.verdict.reasons.map(\.kind) == [.interrupted])
    }

    @Test func `A cell of an older file has none of it`() throws {
        var cell = try cell("")
        cell.run = nil
        let decoded = try JSONDecoder().decode(ResultCell.self, from: JSONEncoder().encode(cell))
        #expect(decoded.run == nil && decoded.measurements.messages == 10)
    }
}
