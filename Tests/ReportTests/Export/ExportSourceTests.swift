import Foundation
import RennbahnMeasurement
import RennbahnTrial
import Testing

@testable import RennbahnReport

struct ExportSourceTests {
    private struct Serializers: Encodable {
        let schema = ExportSource.serializersSchema
        let trials = ExportSamples.trials()
        let advice = ["so"]
    }

    private func source(_ document: some Encodable) throws -> ExportSource {
        try ExportSource(try ResultsFile.encode(document, path: ""), path: "a.json")
    }

    private func problem(_ text: String) -> String? {
        do throws(ResultsFile.Failure) {
            _ = try ExportSource(Data(text.utf8), path: "a.json")
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `Files of results, trials and serializers are read, and a cell that stands alone`() throws {
        #expect(try source(ExportSamples.run) == .run(ExportSamples.run))
        var old = Samples.document
        (old.schema, old.complete) = ("rennbahn-results/1", nil)
        #expect(try source(old) == .run(old))
        #expect(try source(ExportSamples.trials()) == .trials(ExportSamples.trials()))
        #expect(try source(Serializers()) == .trials(ExportSamples.trials()))
        var cell = Samples.cell("json")
        cell.run = RunDescription(
            version: "1.0", url: "ws://127.0.0.1/", realm: "realm1", filler: "text", settleSeconds: 1, warmUpSeconds: 1,
            windowSeconds: 1, drainTimeoutSeconds: 1, isComplete: false, environment: Samples.environment)
        #expect(
            try source(cell)
                == .run(
                    ResultsDocument(environment: Samples.environment, cells: [cell], incompleteReason: "interrupted")))
    }

    @Test func `What is none of them is refused in one line that says what it is`() throws {
        #expect(
            problem(#"{"schema":"rennbahn-gate/1"}"#)
                == "a.json: is of schema \"rennbahn-gate/1\"; exported are \"rennbahn-results/1\", \"rennbahn-results/2\", "
                + "\"rennbahn-trials/1\", \"rennbahn-serializers/1\"")
        #expect(problem("[1")?.hasPrefix("a.json: is not a results file: ") == true)
        #expect(problem("{}") == "a.json: is not a results file: \"parameters\" is missing")
        let alone = String(decoding: try ResultsFile.encode(Samples.cell("json"), path: ""), as: UTF8.self)
        #expect(problem(alone) == "a.json: is a cell that does not say what was run")
        do throws(ResultsFile.Failure) {
            _ = try ExportSource(reading: "nowhere.json")
            Issue.record("there is no such file")
        } catch {
            #expect(error.description == "nowhere.json: cannot read the results: No such file or directory")
        }
    }
}
