import Foundation
import RennbahnMeasurement
import Testing

@testable import RennbahnTrial

struct TrialDocumentTests {
    private static let results = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../results")

    private let environment = RunEnvironment(
        cpuModel: "Example CPU 3000", cores: 2, kernel: "6.1.0", operatingSystem: "Debian 12", toolchain: "Swift 6.3.1",
        buildConfiguration: "release", commit: "1a2b3c4d5e6f", dirty: false, commandLine: ["rennbahn", "bench"],
        seed: 42, date: "2026-03-01T12:00:00Z", loadAverage: [0.5])

    private func told(_ value: Double) -> Told {
        Told(value: value, lower: value / 1.01, upper: value * 1.01, turns: 30, starts: 3)
    }

    private func side(_ name: String, _ role: SideResult.Role, problem: String? = nil) -> SideResult {
        var side = SideResult(name, role)
        side.figures[.routerCPU] = told(4)
        side.ratios[.routerCPU] = told(1)
        side.problem = problem
        return side
    }

    private func document(_ sides: [SideResult], _ goals: [GoalOutcome]?) -> TrialDocument {
        TrialDocument(
            command: "goals", environment: environment, complete: true,
            trials: [TrialResult(work: "rpc", load: "1 in flight", clients: 2, clientsAsked: 2, sides: sides)],
            goals: goals)
    }

    private func goal(_ figure: Double?) -> GoalOutcome {
        GoalOutcome("rpc", .atMost, 1, "µs", figure: figure, lower: figure.map { $0 - 1 }, upper: figure.map { $0 + 1 })
    }

    @Test func `What is written is read, goals with their intervals`() throws {
        let document = document([side("rennbahn", .baseline)], [goal(0), goal(1), goal(3), goal(nil)])
        #expect(document.goals?.map(\.verdict) == [.reached, .undecided, .missed, .notShown])
        #expect(try JSONDecoder().decode(TrialDocument.self, from: JSONEncoder().encode(document)) == document)
    }

    @Test func `Files that are older than goals are read`() throws {
        let data = try Data(contentsOf: Self.results.appending(path: "2026-11-30T112417Z-93387fd-bench.json"))
        let document = try JSONDecoder().decode(TrialDocument.self, from: data)
        #expect(!document.trials.isEmpty && document.goals == nil)
    }

    @Test func `A missed goal is a threshold missed, and one that is undecided or not shown is nothing`() {
        let sides = [side("rennbahn", .baseline), side("rennbahn (twin)", .twin)]
        #expect(document(sides, [goal(0), goal(1), goal(nil)]).exitStatus == .good)
        #expect(document(sides, [goal(0), goal(3)]).exitStatus == .thresholdMissed)
        #expect(document(sides, nil).exitStatus == .good)
    }

    @Test func `Goals ask for CPU time alone: without it a side is invalid, without its rate it is not`() {
        let busy = side("rennbahn", .baseline, problem: "messages a second: something else had the processors")
        #expect(document([busy], [goal(0)]).exitStatus == .good)
        #expect(document([busy], nil).exitStatus == .invalid)
        var mute = busy
        mute.figures = [:]
        #expect(document([mute], [goal(0)]).exitStatus == .invalid)
        var apart = side("rennbahn (twin)", .twin, problem: "differs from its baseline")
        apart.ratios = [:]
        #expect(document([side("rennbahn", .baseline), apart], [goal(0)]).exitStatus == .invalid)
    }

    @Test func `Where invalid sides are allowed, a missed goal and lost messages still fail`() {
        var mute = side("C echo", .floor)
        mute.figures = [:]
        #expect(document([mute], [goal(0)]).exitStatus(allowsInvalid: true) == .good)
        #expect(document([mute], [goal(3)]).exitStatus == .invalid)
        #expect(document([mute], [goal(3)]).exitStatus(allowsInvalid: true) == .thresholdMissed)
        mute.verification.lost = 1
        #expect(document([mute], [goal(3)]).exitStatus(allowsInvalid: true) == .verificationFailure)
        let invalid = document([side("json", .baseline, problem: "no turn came to anything")], nil)
        #expect(invalid.exitStatus == .invalid && invalid.exitStatus(allowsInvalid: true) == .good)
    }
}
