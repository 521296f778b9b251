import Foundation
import RennbahnMeasurement
import RennbahnReport
import RennbahnTestKit
import RennbahnTrial
import RennbahnWAMP
import RennbahnWorkload
import Testing

@testable import RennbahnCommands
@testable import RennbahnStages

/// `docs/serializers.schema.json` is what is written, and what was written is read.
struct SerializersSchemaTests {
    private func schema() throws -> JSONSchema {
        try JSONSchema("serializers.schema.json", in: repository.appending(path: "docs"))
    }

    private func problems(_ document: SerializersDocument) throws -> [String] {
        try schema().problems(in: try ResultsFile.encode(document, path: ""))
    }

    private struct Head: Decodable {
        let schema: String
    }

    private let environment = RunEnvironment(
        cpuModel: "Example CPU 3000", cores: 2, kernel: "6.1.0", operatingSystem: "Debian 12", toolchain: "Swift 6.3.1",
        buildConfiguration: "release", commit: "1a2b3c4d5e6f", dirty: false, commandLine: ["rennbahn", "serializers"],
        seed: 42, date: "2026-03-01T12:00:00Z", loadAverage: [0.5])

    /// What is measured in turns has a schema and tests of its own.
    private var trials: TrialDocument {
        TrialDocument(command: "serializers", environment: environment, complete: true, trials: [])
    }

    private func costs() -> StageCosts {
        let times = Stage.allCases.map { stage in
            (stage, StageTime(TrimmedMean([1, 2, 3, 4, 5]), criticalValue: { _ in 2 }))
        }
        return StageCosts([Stage: StageTime](uniqueKeysWithValues: times))
    }

    /// With a value for everything that may be absent.
    private func full() -> SerializersDocument {
        var costs = costs()
        costs.note(instructions: [Stage: Double](uniqueKeysWithValues: Stage.allCases.map { ($0, 372.5) }))
        return SerializersDocument(
            trials: trials, documents: [DocumentFacts(.shipped(.tick, seed: 1))],
            stages: [DocumentStages(document: "tick", format: "json+deflate", costs: costs)], advice: ["so"])
    }

    @Test func `A document that holds everything conforms, and nothing is left out of it`() throws {
        let document = full()
        #expect(try problems(document) == [])
        #expect(placesOfAbsence(in: document.documents, "documents") == [])
        #expect(placesOfAbsence(in: document.stages, "stages") == [])
        #expect(!document.advice.isEmpty)
    }

    @Test func `Documents with as little as possible conform`() throws {
        #expect(try problems(SerializersDocument(trials: trials, documents: [], stages: [], advice: [])) == [])
        let own = DocumentFacts(DocumentSet(name: "mine", variants: [.string("a")]))
        let stages = [
            DocumentStages(document: "mine", format: "json", costs: costs()),
            DocumentStages(document: "mine", format: "msgpack", costs: StageCosts([:])),
        ]
        #expect(own.classes == nil)
        #expect(try problems(SerializersDocument(trials: trials, documents: [own], stages: stages, advice: [])) == [])
    }

    @Test func `What no document may be does not conform`() throws {
        var document = full()
        document.schema = TrialDocument.schemaName
        #expect(try problems(document) != [])
        document = full()
        document.trials.command = "race"
        #expect(try problems(document) != [], "what another schema says of what is measured in turns")
        let stages = Data(#"{"document":"tick","format":"json","costs":{"stages":{"send":{}}}}"#.utf8)
        #expect(
            try schema().problems(in: stages, definition: "stages") == [".costs.stages.send: may not be there"])
    }

    @Test func `The committed files are read, and conform`() throws {
        let folder = repository.appending(path: "results")
        var readable = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(".json") {
            let data = try Data(contentsOf: folder.appending(path: name))
            guard let head = try? JSONDecoder().decode(Head.self, from: data),
                head.schema == SerializersDocument.schemaName
            else { continue }
            readable += 1
            let document = try JSONDecoder().decode(SerializersDocument.self, from: data)
            #expect(document.trials.schema == TrialDocument.schemaName && !document.trials.trials.isEmpty, "\(name)")
            #expect(!document.documents.isEmpty && !document.stages.isEmpty && !document.advice.isEmpty, "\(name)")
            #expect(try schema().problems(in: data).prefix(3) == [], "\(name)")
        }
        #expect(readable >= 4)
    }
}
