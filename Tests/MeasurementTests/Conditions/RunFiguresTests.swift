import Testing

@testable import RennbahnMeasurement

/// Where the figures of a run come from.
struct RunFiguresTests {
    private func recorder(_ milliseconds: UInt64) -> LatencyRecorder {
        var recorder = LatencyRecorder()
        recorder.record(nanoseconds: milliseconds * 1_000_000)
        return recorder
    }

    private func cell(_ scenario: String, withRouter: Bool = true) -> ResultCell {
        let parameters = CellParameters(
            scenario: scenario, serializer: "json", compression: "none", payloadBytes: 32, clients: 50)
        var router = ProcessFigures(
            cpu: CPUUsage(user: 1, system: 0.5), seconds: 2, cores: 1, messages: 1000, residentBytes: 5000)
        router.residentBytesPerConnection = 1000
        router.runQueueShare = 0.25
        var verification = VerificationCounters()
        verification.expected = 2000
        (verification.lost, verification.duplicated, verification.reordered) = (1, 2, 3)
        (verification.corrupted, verification.unexpected) = (4, 5)
        var measurements = CellMeasurements(
            seconds: 2, messages: 1000, operations: 100, router: withRouter ? router : nil,
            generator: ProcessFigures(
                cpu: CPUUsage(user: 0.2, system: 0), seconds: 2, cores: 1, messages: 1000, residentBytes: 7000),
            wire: WireFigures(bytesIn: 3000, bytesOut: 4000, messages: 1000),
            latency: LatencyFigures(
                response: LatencyFigure(recorder(1)), service: LatencyFigure(recorder(2)),
                lag: LatencyFigure(recorder(3)), lastSubscriber: LatencyFigure(recorder(4))),
            verification: verification)
        measurements.connections = ConnectionFigures(lost: 10, unopenedSessions: 6)
        return ResultCell(
            parameters: parameters, measurements: measurements, verdict: .verificationFailed(alsoInvalid: []))
    }

    private func seen(_ text: String, _ cell: ResultCell) throws -> Double? {
        try Condition(parsing: text).judge(Figures(cell)).seen
    }

    @Test(
        arguments: [
            ("max(response)<1s", 1_000_000.0), ("max(service)<1s", 2_000_000.0), ("max(lag)<1s", 3_000_000.0),
            ("max(pubsub.response)<1s", 1_000_000.0),
            ("max(pubsub.service)<1s", 2_000_000.0), ("max(pubsub.last)<1s", 4_000_000.0), ("messages>0", 1000.0),
            ("events>0", 1000.0),
            ("operations>0", 100.0), ("rate(operations)>0", 50.0), ("bytes.in>0", 3000.0), ("bytes.out>0", 4000.0),
            ("rate(bytes.out)>0", 2000.0), ("bytes.message>0", 7.0), ("loss>0", 1.0), ("duplicates>0", 2.0),
            ("disorder>0", 3.0),
            ("corruption>0", 4.0), ("unexpected>0", 5.0), ("errors>0", 21.0), ("errors>0%", 21.0 / 2006),
            ("loss>0%", 1.0 / 2006),
            ("connections.lost>0", 10.0), ("connections.lost>0%", 0.2), ("cpu.router>0", 0.75),
            ("cpu.generator>0", 0.1),
            ("wait.router>0", 0.25), ("cost.router>0ns", 1_500_000.0), ("cost.generator>0ns", 200_000.0),
            ("memory.router>0", 5000.0), ("memory.generator>0", 7000.0), ("memory.connection>0", 1000.0),
        ] as [(String, Double)])
    func `Each figure is that of the cell`(text: String, value: Double) throws {
        let seen = try #require(try seen(text, cell("pubsub")))
        #expect(abs(seen - value) <= value * 0.001)
    }

    @Test(
        arguments: [
            ("rpc", "calls", ["rpc.response", "rpc.service"]), ("connect", "sessions", ["connect.response"]),
            ("echo", "echoes", ["echo.response", "echo.service"]),
        ] as [(String, String, [String])])
    func `A scenario has figures of its own, and none of another`(
        scenario: String, unit: String, latencies: [String]
    ) throws {
        #expect(try seen("\(unit)>0", cell(scenario)) == 1000)
        for latency in latencies { #expect(try seen("max(\(latency))<1s", cell(scenario)) != nil) }
        #expect(try seen("events>0", cell(scenario)) == nil)
        #expect(try seen("max(pubsub.response)<1s", cell(scenario)) == nil)
        #expect(try seen("\(unit)>0", cell("pubsub")) == nil)
    }

    @Test func `A router that was not sampled has no figures`() throws {
        for text in ["cpu.router<1", "wait.router<1", "cost.router<1s", "memory.router<1B", "memory.connection<1B"] {
            #expect(try seen(text, cell("pubsub", withRouter: false)) == nil)
        }
        #expect(try seen("wait.generator<1", cell("pubsub")) == nil)
    }

    @Test func `What an older file does not have is not told, whatever its verdict says`() throws {
        var cell = cell("connect")
        cell.measurements.connections = nil
        cell.verdict = .verificationFailed(alsoInvalid: [InvalidReason(.connectionsLost, measured: 10, limit: 0)])
        for text in ["connections.lost==0", "errors==0"] {
            #expect(try Condition(parsing: text).judge(Figures(cell)).verdict == .untold)
        }
        #expect(try seen("loss>0", cell) == 1)
    }

    @Test func `Responses have bounds where some never came, times of what was answered have none`() throws {
        var cell = cell("rpc")
        cell.measurements.latency.unanswered = UnansweredFigures(count: 1, atLeast: 900_000)
        func verdict(_ text: String) throws -> ConditionOutcome.Verdict {
            try Condition(parsing: text).judge(Figures(cell)).verdict
        }
        #expect(try verdict("max(rpc.response)<1s") == .untold)
        #expect(try verdict("max(response)<1s") == .untold)
        #expect(try verdict("max(rpc.response)<0.5ms") == .broken)
        #expect(try verdict("max(rpc.service)<1s") == .holds)
        #expect(try verdict("max(lag)<1s") == .holds)
    }
}
