import RennbahnTrial

@testable import RennbahnGate
@testable import RennbahnReport

/// Reports of the gate, made by running plans, for the tests of its outputs.
enum GateSamples {
    static func report(_ paired: PairedResult? = nil, exact: ExactResult? = nil) -> GateReport {
        GateReport(
            environment: Samples.environment, base: "main (1111111)", candidate: "work tree (2222222)", exact: exact,
            paired: paired)
    }

    /// Figures of a quiet machine, and a candidate whose cost is this many times the base's.
    static func paired(cost: Double, cells: [String] = ["pubsub 32 B json", "rpc 32 B msgpack"]) -> PairedResult {
        run(cells) { block in
            let noise = 1 + 0.012 * (Double(block.number * 37 % 11) - 5) / 5
            let factor = (block.build == .candidate ? cost : 1) * noise
            return .measured(
                [
                    .routerCPU: 4.8 * factor, .throughput: 208_000 / factor, .responseP50: 480_000 * factor,
                    .responseP99: 2_000_000 * factor * factor, .bytesPerMessage: 61,
                ], seconds: 2)
        }
    }

    static func run(_ cells: [String], _ measure: (Block) -> BlockOutcome) -> PairedResult {
        var plan = GatePlan(cells: cells, settings: GateSettings(seed: 42))
        var action = plan.start()
        while true {
            switch action {
            case .run(let quartet): action = plan.quartetFinished(quartet.blocks.map(measure))
            case .finish(let result): return result
            }
        }
    }

    static let pass = report(paired(cost: 1), exact: exact(instructions: 4000))
    static let fail = report(paired(cost: 1.1))
    static let undecided = report(
        run(["pubsub"]) { block in
            let candidate = block.number / 4 % 2 == 0 ? 5.5 : 4.85
            return .measured([.routerCPU: block.build == .candidate ? candidate : 5], seconds: 2)
        })
    static let lost = report(run(["pubsub"]) { _ in .verificationFailed(reason: "3 lost") })
    static let changed = report(exact: exact(instructions: 4400))
    /// Names as somebody could choose them to break out of a format.
    static let hostile = GateReport(
        environment: Samples.environment, base: "a|b<script>alert(1)</script>&\"'\u{1B}[31m\u{0}",
        candidate: "x\n::error::%0A @everyone", paired: paired(cost: 1.1, cells: ["<b>|\u{7}]]>\n", "y"]))

    static let warned = GateReport(
        environment: Samples.environment, base: "a", candidate: "b", paired: paired(cost: 1),
        warnings: ["pubsub, a: one in 5 responses took 40 ms", "pubsub, <b>: \u{1B}[31m"])

    static let all = [pass, fail, undecided, lost, changed, hostile, warned]

    static func exact(instructions: Double) -> ExactResult {
        let platform = ["toolchain": "swift 6.3.1"]
        func record(_ count: Double) -> ExactRecord {
            ExactRecord(
                platform: platform, date: "2026-11-23", reason: "first",
                cells: ["publish json": [.instructions: count, .allocations: 0]])
        }
        return ExactResult(measured: record(instructions), reference: record(4000))
    }
}

extension BlockOutcome {
    /// Of a block that has one turn.
    fileprivate static func measured(_ figures: [GateMetric: Double], seconds: Double) -> BlockOutcome {
        .measured(turns: figures.mapValues { [$0] }, seconds: seconds)
    }
}
