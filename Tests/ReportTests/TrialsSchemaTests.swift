import Foundation
import RennbahnMeasurement
import RennbahnTestKit
import RennbahnTrial
import Testing

@testable import RennbahnReport

/// `docs/trials.schema.json` is what is written, and what was written is read.
struct TrialsSchemaTests {
    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")

    private func schema() throws -> JSONSchema {
        try JSONSchema("trials.schema.json", in: Self.repository.appending(path: "docs"))
    }

    private func problems(_ document: some Encodable, definition: String? = nil) throws -> [String] {
        try schema().problems(in: try ResultsFile.encode(document, path: ""), definition: definition)
    }

    private struct Head: Decodable {
        let schema: String
    }

    private func document(_ sides: [SideResult], _ goals: [GoalOutcome]? = nil) -> TrialDocument {
        TrialDocument(
            command: "goals", environment: Samples.environment, complete: true,
            trials: [TrialResult(work: "rpc", load: "1 in flight", clients: 2, clientsAsked: 2, sides: sides)],
            goals: goals)
    }

    /// With a value for everything that may be absent.
    private func full() -> TrialDocument {
        let told = Told(value: 1, lower: 0.9, upper: 1.1, turns: 30, starts: 3)
        let findings = Finding.allCases
        var side = SideResult("json", .other)
        for (index, metric) in TrialMetric.allCases.enumerated() {
            side.figures[metric] = told
            side.ratios[metric] = told
            side.findings[metric] = findings[index % findings.count]
        }
        var parameters = Samples.cell("json").parameters
        (parameters.router, parameters.slowSubscribers, parameters.stuckSubscribers) = ("rennbahn", 1, 1)
        (parameters.callers, parameters.callees, parameters.rate) = (1, 1, 50)
        parameters.rateProfile = "100:5k"
        parameters.document = "order"
        side.parameters = parameters
        side.floorRatio = told
        side.limit = .router
        side.problem = "so"
        side.warnings = RunWarning.Kind.allCases.map { RunWarning($0, "so") }
        let goal = GoalOutcome(
            "pubsub", .atMost, 1, "µs", figure: 2, lower: 1.5, upper: 3, saturated: .router, note: "so")
        var document = document([side], [goal])
        document.environment.version = "1.0"
        document.trials[0].offeredRate = 100
        document.trials[0].slowShare = 0.25
        document.trials[0].remarks = ["so"]
        document.cells = [Samples.cell("json")]
        return document
    }

    @Test func `A document that holds everything conforms, and nothing is left out of it`() throws {
        let document = full()
        #expect(try problems(document) == [])
        // What a cell may lack is the other schema's matter.
        let absent = placesOfAbsence(in: document, "document").filter { !$0.hasPrefix("document.cells.") }
        #expect(absent == [])
    }

    @Test func `Documents with as little as possible conform`() throws {
        var empty = document([])
        empty.trials = []
        #expect(try problems(empty) == [])
        #expect(try problems(document([SideResult("json", .baseline)])) == [])
    }

    @Test func `Every role, limit and finding conforms`() throws {
        let side = SideResult("json", .baseline)
        for role in [.baseline, .twin, .other, .floor] as [SideResult.Role] {
            #expect(try problems(SideResult("json", role), definition: "side") == [])
        }
        for limit in Limit.allCases {
            var limited = side
            limited.limit = limit
            #expect(try problems(limited, definition: "side") == [])
        }
        for finding in Finding.allCases {
            var found = side
            found.findings[.rate] = finding
            #expect(try problems(found, definition: "side") == [])
        }
    }

    @Test func `What no document may be does not conform`() throws {
        var document = full()
        document.schema = "rennbahn-trials/2"
        #expect(try problems(document) != [])
        document = full()
        document.environment.date = "yesterday"
        #expect(try problems(document) != [], "what another schema says of the environment")
        for text in [
            #"{"schema":"rennbahn-trials/1","more":1}"#, #"{"schema":"rennbahn-trials/1"}"#, "1", "[]",
        ] {
            #expect(try schema().problems(in: Data(text.utf8)) != [], "\(text)")
        }
        let figures = Data(#"{"name":"json","figures":{"cpu":1}}"#.utf8)
        #expect(try schema().problems(in: figures, definition: "side").contains(".figures.cpu: may not be there"))
    }

    @Test func `The committed trials are read, and conform`() throws {
        let folder = Self.repository.appending(path: "results")
        var readable = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(".json") {
            let data = try Data(contentsOf: folder.appending(path: name))
            guard let head = try? JSONDecoder().decode(Head.self, from: data), head.schema == TrialDocument.schemaName
            else { continue }
            readable += 1
            let document = try JSONDecoder().decode(TrialDocument.self, from: data)
            #expect(!document.trials.isEmpty && document.trials.allSatisfy { !$0.sides.isEmpty }, "\(name)")
            #expect(try schema().problems(in: data).prefix(3) == [], "\(name)")
        }
        #expect(readable >= 1)
    }
}
