import RennbahnMeasurement
import Testing

@testable import RennbahnReport

struct PeerTableTests {
    private static var document: ResultsDocument {
        var own = Samples.cell("msgpack", cpu: 0.9)
        own.parameters.router = CellParameters.ownRouter
        var peer = Samples.cell("msgpack", cpu: 1.98)
        peer.parameters.router = "crossbar"
        peer.parameters.routerShards = nil
        peer.measurements.messagesPerSecond = 6250
        peer.measurements.router?.cpuMicrosecondsPerMessage = CPUPerMessage(user: 100, system: 44, total: 144)
        var far = Samples.cell("msgpack", generatorShare: 0.97)
        far.parameters.router = "far"
        far.measurements.router = nil
        far.measurements.saturated = nil
        return ResultsDocument(environment: Samples.environment, cells: [own, peer, far])
    }

    @Test func `Peers stand beside our own router, with ratios and who was saturated`() {
        #expect(
            PeerTable.render(Self.document, isTerminal: false) == """
                Example CPU 3000 · 2 cores · Debian 12 · Linux 6.1.0
                Swift 6.3.1 · commit 1a2b3c4 · seed 42 · 2026-03-01T12:00:00Z

                work                                format   peer      our CPU  its CPU    CPU  our rate  its rate   rate  saturated
                                                                        µs/msg   µs/msg  ratio        /s        /s  ratio  ours / its
                ──────────────────────────────────  ───────  ────────  ───────  ───────  ─────  ────────  ────────  ─────  ────────────────
                pubsub 20 × 1→99 32 B, 4 in flight  msgpack  crossbar     1.80      144  80.0×     250 k    6.25 k  40.0×  neither / router
                                                    msgpack  far          1.80        –      –     250 k   ≥ 250 k  1.00×  neither / –

                ≥  the generator was saturated and the router was not: a lower bound on the router

                """)
    }

    @Test func `A peer's failure is told with its name`() {
        var cell = Samples.failedCell
        cell.parameters.router = "crossbar"
        #expect(
            BenchTable.notes([cell], isTerminal: false).hasPrefix("FAILED   crossbar pubsub 32 B msgpack: 3 lost\n"))
    }

    @Test func `Warnings of a cell stand below the table, by the cell's name`() {
        var cell = Samples.cell("json")
        cell.warnings = [RunWarning(.nagleStalls, "one in 5 took 40 ms")]
        #expect(
            BenchTable.notes([cell], isTerminal: false) == "WARNING  pubsub 32 B json: one in 5 took 40 ms\n")
    }
}

struct GoalTableTests {
    @Test func `Goals stand with figure, verdict and who was saturated`() {
        let goals = [
            GoalOutcome(
                "pubsub 1→1", .atMost, 1.1, "× C echo", figure: 1.08, saturated: .router, note: "4.86 µs to 4.5 µs"),
            GoalOutcome("pubsub 1→1, piped", .atLeast, 3_000_000, "events", figure: 2_500_000, saturated: .generator),
            GoalOutcome("two shards", .atMost, 1.15, "× one shard", figure: nil, note: "needs three cores"),
        ]
        #expect(
            GoalTable.rows(goals, isTerminal: false) == """
                work               goal                figure  verdict    saturated  note
                ─────────────────  ──────────────────  ──────  ─────────  ─────────  ─────────────────
                pubsub 1→1         ≤ 1.10 × C echo       1.08  reached    router     4.86 µs to 4.5 µs
                pubsub 1→1, piped  ≥ 3.00 M events     2.50 M  missed     generator
                two shards         ≤ 1.15 × one shard       –  not shown  –          needs three cores

                """)
    }

    @Test func `Goals and peers survive the file`() throws {
        let goal = GoalOutcome("work", .atMost, 1, "×", figure: nil, note: "why")
        var peer = Samples.cell("json")
        peer.parameters.router = "crossbar"
        let document = ResultsDocument(
            environment: Samples.environment, cells: [Samples.cell("json"), peer], goals: [goal])
        let read = try ResultsFile.decode(ResultsFile.encode(document, path: "a"), path: "a")
        #expect(read == document)
        #expect(read.peers?.count == 1 && read.goals == [goal])
    }

    @Test func `The C floor is shown beside the floor where it was measured`() {
        var cell = Samples.cell("json")
        cell.measurements.cFloorRatio = 1.5
        let text = BenchTable.cells([cell, Samples.cell("msgpack")], isTerminal: false)
        #expect(text.contains("ratio (C)") && text.contains("1.40× (1.50×)"))
    }
}
