import Testing

@testable import RennbahnMeasurement

struct PeerComparisonTests {
    private static func cell(
        _ router: String?, _ serializer: String = "json", cpu: Double? = 1, messages: UInt64 = 1_000_000,
        subscribers: Int = 100
    ) -> ResultCell {
        var parameters = CellParameters(
            scenario: "pubsub", serializer: serializer, compression: "none", payloadBytes: 32, clients: 101)
        parameters.router = router
        parameters.publishers = 1
        parameters.subscribers = subscribers
        parameters.topics = 1
        parameters.depth = 16
        parameters.routerShards = router == CellParameters.ownRouter ? 1 : nil
        func process(_ cpu: Double) -> ProcessFigures {
            ProcessFigures(
                cpu: CPUUsage(user: cpu, system: 0), seconds: 1, cores: 1, messages: messages, residentBytes: 1)
        }
        let measurements = CellMeasurements(
            seconds: 1, messages: messages, operations: 1, router: cpu.map(process), generator: process(0.5),
            wire: WireFigures(bytesIn: 1, bytesOut: 1, messages: messages),
            latency: LatencyFigures(response: LatencyFigure(LatencyRecorder())), verification: VerificationCounters())
        return ResultCell(parameters: parameters, measurements: measurements, verdict: .valid)
    }

    @Test func `Ratios say how many times the peer's CPU is ours, and our rate the peer's`() throws {
        let row = try #require(
            PeerComparison.rows(of: [
                Self.cell("rennbahn", cpu: 0.5), Self.cell("crossbar", cpu: 1, messages: 50_000),
            ]).first)
        #expect(row.peer == "crossbar")
        #expect(row.work == "pubsub 1→100 32 B, 16 in flight")
        // 20 µs to half a microsecond.
        #expect(row.cpuRatio == 40)
        #expect(row.throughputRatio == 20)
        #expect(row.other.saturated == .router && row.own.saturated == .neither)
    }

    @Test func `A cell is compared with our own of the same work and format, not with another peer's`() {
        let rows = PeerComparison.rows(of: [
            Self.cell("nexus", cpu: 2), Self.cell("rennbahn", "msgpack", cpu: 0.25), Self.cell("crossbar", "msgpack"),
            Self.cell("rennbahn", cpu: 0.5), Self.cell("crossbar", subscribers: 1),
        ])
        #expect(rows.map(\.peer) == ["nexus", "crossbar"])
        #expect(rows.map(\.cpuRatio) == [4, 4])
    }

    @Test func `A peer whose CPU is not known has a rate and no CPU ratio`() {
        let row = PeerComparison.rows(of: [Self.cell("rennbahn"), Self.cell("far", cpu: nil)]).first
        #expect(row?.cpuRatio == nil && row?.throughputRatio == 1 && row?.other.saturated == nil)
    }

    @Test func `A run without peers compares nothing`() {
        #expect(PeerComparison.rows(of: [Self.cell("rennbahn"), Self.cell(nil)]).isEmpty)
    }

    @Test func `Serializers are compared within one router`() {
        let rows = SerializerComparison.rows(of: [
            Self.cell("rennbahn", cpu: 1), Self.cell("crossbar", cpu: 8), Self.cell("crossbar", "msgpack", cpu: 4),
        ])
        #expect(rows.map(\.router) == ["rennbahn", "crossbar", "crossbar"])
        #expect(rows.map(\.routerCPURatio) == [1, 1, 0.5])
    }

    @Test func `Work in full names the roles of one topic, and how many topics there are`() {
        var parameters = CellParameters(
            scenario: "pubsub", serializer: "json", compression: "none", payloadBytes: 32, clients: 2000)
        parameters.publishers = 20
        parameters.subscribers = 1980
        parameters.topics = 20
        parameters.depth = 1
        #expect(parameters.workInFull == "pubsub 20 × 1→99 32 B, 1 in flight")
        var calls = CellParameters(
            scenario: "rpc", serializer: "json", compression: "none", payloadBytes: 64, clients: 3)
        calls.callers = 1
        calls.callees = 2
        #expect(calls.workInFull == "rpc 1→2 64 B")
        let echo = CellParameters(
            scenario: "echo", serializer: "none", compression: "none", payloadBytes: 64, clients: 3)
        #expect(echo.workInFull == "echo 3 clients 64 B")
    }
}

struct GoalOutcomeTests {
    @Test(arguments: [
        (GoalOutcome.Bound.atMost, 1.1, GoalOutcome.Verdict.reached), (.atMost, 1.11, .missed),
        (.atLeast, 1.1, .reached), (.atLeast, 1.09, .missed),
    ])
    func `A goal is reached at its limit and missed behind it`(
        bound: GoalOutcome.Bound, figure: Double, verdict: GoalOutcome.Verdict
    ) {
        #expect(GoalOutcome("work", bound, 1.1, "×", figure: figure).verdict == verdict)
    }

    @Test(arguments: [
        (GoalOutcome.Bound.atMost, 0.9, 1.0, GoalOutcome.Verdict.reached), (.atMost, 0.9, 1.1, .reached),
        (.atMost, 0.9, 1.11, .undecided), (.atMost, 1.1, 1.2, .undecided), (.atMost, 1.11, 1.2, .missed),
        (.atLeast, 1.2, 1.3, .reached), (.atLeast, 1.1, 1.3, .reached), (.atLeast, 1.09, 1.3, .undecided),
        (.atLeast, 1.0, 1.1, .undecided), (.atLeast, 1.0, 1.09, .missed),
    ])
    func `All of an interval is on one side of the limit, which itself is good, or nothing is decided`(
        bound: GoalOutcome.Bound, lower: Double, upper: Double, verdict: GoalOutcome.Verdict
    ) {
        let goal = GoalOutcome("work", bound, 1.1, "×", figure: (lower + upper) / 2, lower: lower, upper: upper)
        #expect(goal.verdict == verdict && goal.lower == lower && goal.upper == upper)
    }

    @Test func `An interval without end decides on its other side only, and is not kept, since JSON cannot`() {
        func goal(_ lower: Double, _ upper: Double) -> GoalOutcome {
            GoalOutcome("work", .atMost, 1.1, "×", figure: 1.05, lower: lower, upper: upper)
        }
        #expect(goal(1, .infinity).verdict == .undecided && goal(1.2, .infinity).verdict == .missed)
        #expect(goal(-.infinity, 1.1).verdict == .reached && goal(.nan, .nan).verdict == .undecided)
        for goal in [goal(1, .infinity), goal(-.infinity, 1), goal(.nan, 1), goal(.nan, .nan)] {
            #expect(goal.figure == 1.05 && goal.lower == nil && goal.upper == nil)
        }
    }

    @Test(arguments: [nil, Double.nan, .infinity])
    func `Without a figure nothing is shown`(figure: Double?) {
        let goal = GoalOutcome("work", .atLeast, 1, "×", figure: figure, lower: 1, upper: 2)
        #expect(goal.verdict == .notShown && goal.figure == nil && goal.lower == nil && goal.upper == nil)
    }
}
