import Foundation
import RennbahnMeasurement
import RennbahnTestKit
import RennbahnTrial
import Testing

@testable import RennbahnReport

/// `docs/results.schema.json` is what is written, and what was written is read.
struct ResultsSchemaTests {
    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")

    private func schema() throws -> JSONSchema {
        try JSONSchema("results.schema.json", in: Self.repository.appending(path: "docs"))
    }

    private func problems(_ document: some Encodable, definition: String? = nil) throws -> [String] {
        try schema().problems(in: try ResultsFile.encode(document, path: ""), definition: definition)
    }

    private struct Head: Decodable {
        let schema: String
    }

    /// With a value for everything that may be absent.
    private func full() -> ResultsDocument {
        var cell = Samples.failedCell
        (cell.parameters.router, cell.parameters.slowSubscribers, cell.parameters.stuckSubscribers) = ("rennbahn", 1, 1)
        (cell.parameters.callers, cell.parameters.callees, cell.parameters.rate) = (1, 1, 50)
        cell.parameters.rateProfile = "100:5k"
        cell.parameters.document = "order"
        cell.warnings = RunWarning.Kind.allCases.map { RunWarning($0, "so") }
        cell.measurements.violations = ["an EVENT"]
        cell.measurements.laggards = LaggardFigures()
        cell.measurements.steering = SteeringFigures(
            changes: [SteeringChange(at: 1, phase: "measuring", what: .rate, factor: 1.1)], offeredRate: 55,
            pausedSeconds: 0)
        let latency = cell.measurements.latency.response
        (cell.measurements.latency.service, cell.measurements.latency.lag) = (latency, latency)
        cell.measurements.latency.unanswered = UnansweredFigures(count: 1, atLeast: 1)
        cell.measurements.connections = ConnectionFigures(lost: 1, unopenedSessions: 1)
        cell.measurements.router?.processes = 2
        cell.measurements.router?.peakResidentBytes = 1
        cell.measurements.router?.runQueueShare = 0.5
        cell.measurements.generator = cell.measurements.router ?? cell.measurements.generator
        var environment = Samples.environment
        environment.version = "1.0"
        var run = RunDescription(
            version: "1.0", url: "ws://127.0.0.1/", realm: "realm1", filler: "text", settleSeconds: 1, warmUpSeconds: 1,
            windowSeconds: 1, drainTimeoutSeconds: 1, isComplete: false, environment: environment)
        (run.receiverURL, run.arrivals, run.notes) = ("ws://127.0.0.1/", "poisson", ["so"])
        (run.authMethods, run.principals) = (["ticket"], 2)
        cell.run = run
        cell.conditions = ["messages>0", "loss>7", "max(lag)<1ms", "max(response)<1ns"].compactMap {
            try? Condition(parsing: $0).judge(Figures(cell))
        }
        cell.conditions?[0].note = "said"
        let goal = GoalOutcome(
            "pubsub", .atMost, 1, "µs", figure: 2, lower: 1.5, upper: 3, saturated: .router, note: "so")
        var json = cell
        json.parameters.serializer = "json"
        var peer = json
        peer.parameters.router = "other"
        var document = ResultsDocument(
            environment: environment, cells: [cell, json, peer], incompleteReason: "interrupted")
        document.goals = [goal]
        var interval = RunInterval(at: 1, seconds: 1, phase: "measuring", connections: 1, messages: 1)
        (interval.generatorSeconds, interval.routerSeconds, interval.response) = (0.5, 0.5, latency.summary)
        (interval.latency, interval.outstanding, interval.errors) = (latency, 1, 1)
        interval.resources = [Samples.resources(at: 1)]
        document.intervals = [interval]
        return document
    }

    @Test func `A document that holds everything conforms, and nothing is left out of it`() throws {
        let document = full()
        #expect(try problems(document) == [])
        #expect(absent(document.cells[0], "cell") == [])
        var whole = document
        whole.cells = []
        #expect(absent(whole, "document") == ["document.cells"])
        #expect(try problems(document.cells[0]) == [], "as load --json prints it")
    }

    /// What one condition or another has.
    private static let partial = ["seen", "seenText", "note", "isLowerBound"].map { "cell.conditions..\($0)" }

    private func absent(_ value: Any, _ place: String) -> [String] {
        placesOfAbsence(in: value, place).filter { !Self.partial.contains($0) }
    }

    @Test func `Documents with as little as possible conform`() throws {
        #expect(try problems(ResultsDocument(environment: Samples.environment, cells: [])) == [])
        #expect(try problems(Samples.document) == [])
    }

    @Test func `Every verdict and every reason conforms`() throws {
        let reasons = InvalidReason.Kind.allCases.map { InvalidReason($0, measured: 1, limit: 0) }
        for verdict in [.valid, .invalid(reasons), .verificationFailed(alsoInvalid: reasons)] as [Verdict] {
            #expect(try problems(verdict, definition: "verdict") == [])
        }
    }

    @Test func `Goals of every verdict conform, with an interval and without one`() throws {
        var verdicts: Set<GoalOutcome.Verdict> = []
        for (figure, reach) in [(1, 0), (2, 0), (1.5, 1), (nil, 0)] as [(Double?, Double)] {
            let goal = GoalOutcome(
                "pubsub", .atMost, 1.5, "µs", figure: figure, lower: figure.map { $0 - reach },
                upper: figure.map { $0 + reach })
            verdicts.insert(goal.verdict)
            #expect(try problems(goal, definition: "goal") == [])
            #expect(try problems(GoalOutcome("rpc", .atLeast, 1, "µs", figure: figure), definition: "goal") == [])
        }
        #expect(verdicts == Set(GoalOutcome.Verdict.allCases))
        #expect(try schema().problems(in: Data(#"{"work":"rpc","lower":"1"}"#.utf8), definition: "goal") != [])
    }

    @Test func `What no document may be does not conform`() throws {
        var old = Samples.document
        old.schema = "rennbahn-results/1"
        #expect(try problems(old) != [], "version 1 does not say complete")
        old.complete = nil
        #expect(try problems(old) == [])
        old.schema = "rennbahn-results/2"
        #expect(try problems(old) != [])
        #expect(try schema().problems(in: Data(#"{"schema":"rennbahn-results/2","more":1}"#.utf8)).isEmpty == false)
    }

    /// What `load` begins its journal with.
    private struct LoadDescription: Encodable {
        let command = "load"
        let parameters: CellParameters
        let run: RunDescription
        let required = ["rate(calls)>1"]
    }

    private struct BenchDescription: Encodable {
        let command: String
        let environment = Samples.environment
    }

    @Test func `Lines of a journal conform`() throws {
        let document = full()
        let cell = document.cells[0]
        let load = LoadDescription(parameters: cell.parameters, run: try #require(cell.run))
        let trial = TrialResult(work: "rpc", load: "1 in flight", clients: 2, clientsAsked: 2, sides: [])
        for line in [
            try JournalLine.begin(load), try JournalLine.begin(BenchDescription(command: "goals")),
            try JournalLine.row(try #require(document.intervals?.first), number: 1),
            try JournalLine.row(trial, number: 2),
            try JournalLine.row(try #require(document.goals?.first), number: 3),
            try JournalLine.end(reason: "interrupted"),
        ] {
            #expect(try schema().problems(in: line, definition: "journalLine") == [])
        }
    }

    @Test func `What no line of a journal may be does not conform`() throws {
        let goal = GoalOutcome("rpc", .atLeast, 1, "µs", figure: nil)
        for line in [
            try JournalLine.begin(["command": "load"]), try JournalLine.begin(BenchDescription(command: "gate")),
            try JournalLine.row(1, number: 1), try JournalLine.row(goal, number: 0),
        ] {
            #expect(try schema().problems(in: line, definition: "journalLine") != [])
        }
    }

    @Test func `The committed results are read, and conform`() throws {
        let folder = Self.repository.appending(path: "results")
        var readable = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(".json") {
            let file = folder.appending(path: name)
            let data = try Data(contentsOf: file)
            // Other programs have schemas of their own, or none.
            guard let head = try? JSONDecoder().decode(Head.self, from: data),
                head.schema.hasPrefix("rennbahn-results/")
            else { continue }
            readable += 1
            #expect(try !ResultsFile.read(file.path).cells.isEmpty)
            #expect(try schema().problems(in: data).prefix(3) == [], "\(name)")
        }
        #expect(readable >= 5)
    }
}
