import RennbahnMeasurement
import RennbahnTrial

@testable import RennbahnReport

/// Small documents for the tests of exports.
enum ExportSamples {
    static func latency(_ nanoseconds: UInt64...) -> LatencyFigure {
        var recorder = LatencyRecorder()
        for time in nanoseconds { recorder.record(nanoseconds: time) }
        return LatencyFigure(recorder)
    }

    /// A run of two seconds with its series: one in which it connects, and one in which it is measured.
    static var run: ResultsDocument {
        var document = ResultsDocument(environment: Samples.environment, cells: [Samples.cell("json")])
        var connecting = RunInterval(at: 1, seconds: 1, phase: "connecting", connections: 2000, messages: 0)
        (connecting.outstanding, connecting.errors) = (0, 0)
        var measuring = RunInterval(at: 2, seconds: 1, phase: "measuring", connections: 2000, messages: 500)
        (measuring.outstanding, measuring.errors) = (20, 1)
        (measuring.generatorSeconds, measuring.routerSeconds) = (0.5, 0.75)
        measuring.latency = latency(1_000_000)
        measuring.response = measuring.latency?.summary
        measuring.resources = [Samples.resources(at: 1.75), Samples.resources(at: 2)]
        document.intervals = [connecting, measuring]
        return document
    }

    static var failedRun: ResultsDocument {
        var cell = Samples.failedCell
        cell.measurements.violations = ["an EVENT | of publisher 1\nwas lost"]
        cell.warnings = [RunWarning(.nagleStalls, "one in 5 took 40 ms")]
        cell.conditions = ["messages>0", "loss==0", "p99(lag)<1ms"].compactMap {
            try? Condition(parsing: $0).judge(Figures(cell))
        }
        return ResultsDocument(
            environment: Samples.environment, cells: [cell], incompleteReason: "interrupted")
    }

    /// With a name that is markup, quotes and control characters in every form.
    static let hostileName = "<b>|\u{7}]]>\n\"x\",'y' = @you #1\\\u{0}"

    static var hostileRun: ResultsDocument {
        var cell = Samples.failedCell
        (cell.parameters.router, cell.parameters.document) = (hostileName, hostileName)
        (cell.parameters.scenario, cell.parameters.serializer) = (hostileName, hostileName)
        cell.measurements.violations = [hostileName]
        cell.warnings = [RunWarning(.nagleStalls, hostileName)]
        var condition = try? Condition(parsing: "messages>0").judge(Figures(cell))
        condition?.condition = hostileName
        condition?.note = hostileName
        condition?.verdict = .broken
        cell.conditions = condition.map { [$0] }
        var document = ResultsDocument(
            environment: Samples.environment, cells: [cell, cell], incompleteReason: hostileName)
        document.environment.cpuModel = hostileName
        document.intervals = [
            RunInterval(at: 1, seconds: 1, phase: hostileName, connections: 1, messages: 1)
        ]
        return document
    }

    static func told(_ value: Double, _ reach: Double) -> Told {
        Told(value: value, lower: value - reach, upper: value + reach, turns: 30, starts: 3)
    }

    static func trials(_ name: String = "msgpack") -> TrialDocument {
        var baseline = SideResult("json", .baseline)
        baseline.figures = [.routerCPU: told(4, 0.5), .rate: told(200_000, 50_000)]
        baseline.limit = .router
        baseline.response = LatencySummary(count: 9, p50: 640_000, p99: 1_200_000)
        var other = SideResult(name, .other)
        other.figures = [.routerCPU: told(3, 0.25)]
        other.ratios = [.routerCPU: told(0.75, 0.125)]
        other.findings = [.routerCPU: .less]
        other.floorRatio = told(1.5, 0.25)
        var empty = SideResult("floor", .floor)
        empty.problem = "no turn came to anything, \"at all\""
        var result = TrialResult(
            work: "pubsub 32 B", load: "1 in flight", clients: 20, clientsAsked: 20, sides: [baseline, other, empty])
        result.remarks = ["connections are silent | for 276 ms"]
        let goals = [
            GoalOutcome("rpc", .atMost, 1, "µs per call", figure: 2, lower: 1.5, upper: 3),
            GoalOutcome("pubsub", .atMost, 1, "µs per event", figure: 0.5, lower: 0.25, upper: 0.75),
            GoalOutcome("echo", .atMost, 1, "µs per echo", figure: nil, note: "nobody \(name) was there"),
        ]
        return TrialDocument(
            command: "goals", environment: Samples.environment, complete: true, trials: [result], goals: goals)
    }

    static var sources: [ExportSource] {
        [run, failedRun, hostileRun, Samples.document].map { ExportSource.run($0) }
            + [.trials(trials()), .trials(trials(hostileName))]
    }
}
