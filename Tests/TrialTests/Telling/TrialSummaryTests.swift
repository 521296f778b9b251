import RennbahnMeasurement
import Testing

@testable import RennbahnTrial

struct TrialSummaryTests {
    private func sides(_ names: [(String, SideResult.Role)]) -> [TrialSummary.Side] {
        names.map { TrialSummary.Side($0, $1) }
    }

    private func result(
        _ evidence: TrialEvidence, _ sides: [TrialSummary.Side], isOpenLoop: Bool = false
    ) -> TrialResult {
        var result = TrialResult(work: "pubsub 32 B", load: "1 in flight", clients: 200, clientsAsked: 200, sides: [])
        TrialSummary(evidence, sides, isOpenLoop: isOpenLoop).fill(&result)
        return result
    }

    private let four: [(String, SideResult.Role)] = [
        ("json", .baseline), ("json (twin)", .twin), ("msgpack", .other), ("floor", .floor),
    ]

    @Test func `Figures, ratios to the baseline and to the floor`() throws {
        var sides = sides(four)
        sides[2].floorsPerMessage = 2
        let result = result(.even([.sample(), .sample(), .sample(cpu: 5), .sample(cpu: 2)]), sides)
        let other = try #require(result.side("msgpack"))
        #expect((try #require(other.figures[.routerCPU]).value - 5).magnitude < 1e-9)
        #expect((try #require(other.ratios[.routerCPU]).value - 1.25).magnitude < 1e-9)
        #expect(other.findings[.routerCPU] == .more)
        #expect((try #require(other.floorRatio).value - 1.25).magnitude < 1e-9)
        #expect((try #require(result.sides[0].floorRatio).value - 2).magnitude < 1e-9)
        #expect(result.sides[0].ratios.isEmpty)
        #expect(result.sides[3].ratios.isEmpty)
        #expect(result.starts == 3)
        #expect(result.rounds == 18)
        #expect(result.remarks.isEmpty)
        #expect(result.exitStatus == .good)
    }

    @Test func `The ratio to a floor of another heat goes through the baseline, which runs in both`() throws {
        var evidence = TrialEvidence(sides: 4)
        for _ in 0..<3 {
            evidence.beginStart()
            for _ in 0..<6 { evidence.takeRound([.sample(), .sample(), .sample(cpu: 2)], of: [0, 1, 3]) }
            for _ in 0..<6 { evidence.takeRound([.sample(), .sample(), .sample(cpu: 5)], of: [0, 1, 2]) }
        }
        let result = result(evidence, sides(four))
        let ratio = try #require(result.side("msgpack")?.floorRatio)
        #expect((ratio.value - 2.5).magnitude < 1e-9 && ratio.precision > 0)
        #expect((try #require(result.sides[0].floorRatio).value - 2).magnitude < 1e-9)
        #expect(result.rounds == 36)
    }

    @Test func `An open loop whose operations leave late has CPU time, no response times, and says why`() throws {
        func side(lag: UInt64, response: UInt64) -> TrialSummary.Side {
            var side = TrialSummary.Side("json", .baseline)
            for sample in 0..<100 {
                side.response.record(from: 0, to: response)
                side.lag.record(from: 0, to: sample < 98 ? 1000 : lag)
            }
            return side
        }
        let evidence = TrialEvidence.even([.sample()])
        let late = result(evidence, [side(lag: 1_500_000, response: 400_000)], isOpenLoop: true).sides[0]
        #expect(late.response.count == 0 && late.figures[.routerCPU] != nil && late.problem == nil)
        #expect(late.warnings?.map(\.kind) == [.generatorLate])
        #expect(late.warnings?[0].text.contains("left 1.5 ms late") == true)
        // A tenth of what most responses take is nothing of theirs, and a closed loop has no times of its own.
        let slow = result(evidence, [side(lag: 1_500_000, response: 16_000_000)], isOpenLoop: true).sides[0]
        #expect(slow.response.count == 100 && slow.warnings == nil)
        #expect(result(evidence, [side(lag: 1_500_000, response: 400_000)]).sides[0].warnings == nil)
    }

    @Test func `A generator that is busy in an open loop is told`() {
        // Of 40 ms it took 34.
        let sides = [TrialSummary.Side("json", .baseline)]
        let busy = result(.even([.sample(generatorCPU: 17)]), sides, isOpenLoop: true).sides[0]
        #expect(busy.warnings?.map(\.kind) == [.generatorSaturated])
        #expect(result(.even([.sample(generatorCPU: 17)]), sides).sides[0].warnings == nil)
    }

    @Test func `A twin that differs takes the ratios of its group away, and says so`() {
        let result = result(.even([.sample(), .sample(cpu: 4.2), .sample(cpu: 5), .sample(cpu: 2)]), sides(four))
        #expect(result.sides.allSatisfy { $0.ratios[.routerCPU] == nil && $0.floorRatio == nil })
        #expect(result.sides[2].ratios[.bytes] != nil)
        #expect(result.sides[2].figures[.routerCPU] != nil)
        #expect(result.remarks.count == 1)
        #expect(result.remarks[0].contains("the twin of json differs from it, 1.050"))
        #expect(result.exitStatus == .invalid)
    }

    @Test func `A twin that differs by less than what matters is well`() {
        let result = result(.even([.sample(), .sample(cpu: 4.04), .sample(cpu: 5), .sample(cpu: 2)]), sides(four))
        #expect(result.sides[2].ratios[.routerCPU] != nil)
        #expect(result.exitStatus == .good)
    }

    /// Starts whose twins scatter about this ratio.
    private func scattered(_ ratios: [Double]) -> TrialEvidence {
        var evidence = TrialEvidence(sides: 3, twin: 1)
        for ratio in ratios {
            evidence.beginStart()
            for _ in 0..<6 {
                evidence.takeRound([.sample(), .sample(cpu: 4 * ratio), .sample(cpu: 5)], of: [0, 1, 2])
            }
        }
        return evidence
    }

    @Test func `Of many controls one cries out by chance: then intervals are wider by what the twin differs by`() throws
    {
        let sides = sides([("json", .baseline), ("json (twin)", .twin), ("msgpack", .other)])
        let evidence = scattered([1.02, 1.03, 1.025, 1.035])
        func ratio(controls: Int) -> (Told?, TrialResult) {
            var result = TrialResult(
                work: "pubsub 32 B", load: "1 in flight", clients: 200, clientsAsked: 200, sides: [])
            TrialSummary(evidence, sides, isOpenLoop: false, controls: controls).fill(&result)
            return (result.sides[2].ratios[.routerCPU], result)
        }
        let plain = try #require(evidence.ratio(.routerCPU, of: 2))
        let twin = try #require(evidence.ratio(.routerCPU, of: 1))
        #expect(ratio(controls: 1).0 == nil)
        let (told, result) = ratio(controls: 24)
        let wide = try #require(told)
        #expect((wide.value - plain.value).magnitude < 1e-12)
        #expect((wide.upper / plain.upper - twin.value).magnitude < 1e-9)
        #expect((plain.lower / wide.lower - twin.value).magnitude < 1e-9)
        #expect(result.remarks.count == 1)
        #expect(result.remarks[0].contains("of which the run has 24: intervals are wider"))
        #expect(result.sides[1].ratios[.routerCPU] == twin)
        #expect(result.sides[1].problem == nil)
        #expect(result.exitStatus == .good)
    }

    @Test func `A doubt that takes the finding away takes it away`() throws {
        let sides = sides([("json", .baseline), ("json (twin)", .twin), ("msgpack", .other)])
        var evidence = TrialEvidence(sides: 3, twin: 1)
        for ratio in [1.02, 1.03, 1.025, 1.035] {
            evidence.beginStart()
            for _ in 0..<6 {
                evidence.takeRound([.sample(), .sample(cpu: 4 * ratio), .sample(cpu: 4.15)], of: [0, 1, 2])
            }
        }
        let plain = try #require(evidence.ratio(.routerCPU, of: 2))
        #expect(Finding(plain) == .more)
        var result = TrialResult(work: "pubsub 32 B", load: "open loop", clients: 200, clientsAsked: 200, sides: [])
        TrialSummary(evidence, sides, isOpenLoop: false, controls: 24).fill(&result)
        #expect(result.sides[2].findings[.routerCPU] == .noDifferenceShown)
    }

    @Test func `A machine that was busy with something else is told instead of figures`() throws {
        let busy = TurnSample.sample(wait: 0.4)
        let result = result(.even([busy, busy, busy, busy]), sides(four))
        for side in result.sides {
            #expect(side.figures[.routerCPU] == nil && side.figures[.rate] == nil)
            #expect(side.figures[.bytes] != nil)
            #expect(try #require(side.problem).contains("something else had the processors for 40 % of the time"))
            #expect(side.limit == .machine)
        }
        #expect(result.exitStatus == .invalid)
    }

    @Test func `A flaw leaves no figures, and lost messages outweigh it`() {
        var sides = sides(four)
        sides[2].flaw = "3 connections were lost"
        let evidence = TrialEvidence.even([.sample(), .sample(), .sample(), .sample()])
        #expect(result(evidence, sides).sides[2].figures.isEmpty)
        #expect(result(evidence, sides).exitStatus == .invalid)
        sides[1].verification.lost = 1
        #expect(result(evidence, sides).exitStatus == .verificationFailure)
    }

    @Test func `Warnings of a side void nothing, and each kind is told once, whatever later starts say`() {
        var sides = sides(four)
        sides[2].warn([RunWarning(.nagleStalls, "one in 5")])
        sides[2].warn([RunWarning(.nagleStalls, "one in 6"), RunWarning(.routerProcessEnded, "7 ended")])
        let evidence = TrialEvidence.even([.sample(), .sample(), .sample(), .sample()])
        var result = result(evidence, sides)
        #expect(result.sides[2].warnings?.map(\.text) == ["one in 5", "7 ended"])
        #expect(result.sides[0].warnings == nil)
        #expect(result.sides[2].problem == nil && result.exitStatus == .good)
        sides[2].flaw = "3 connections were lost"
        result = self.result(evidence, sides)
        #expect(result.sides[2].warnings?.count == 2)
    }

    @Test func `An open loop has no rate of its own and no limit`() {
        let result = result(.even([.sample(), .sample(), .sample(), .sample()]), sides(four), isOpenLoop: true)
        #expect(result.sides.allSatisfy { $0.figures[.rate] == nil && $0.limit == nil && $0.problem == nil })
    }

    @Test func `A router that cannot be sampled has the other figures`() {
        var foreign = TurnSample.sample()
        foreign.routerSeconds = nil
        let result = result(.even([foreign, foreign]), sides([("a", .baseline), ("a (twin)", .twin)]))
        #expect(result.sides[0].problem == nil)
        #expect(result.sides[0].figures[.routerCPU] == nil)
        #expect(result.sides[0].figures[.rate] != nil)
    }

    @Test func `Figures in sentences`() {
        #expect(TrialText.fixed(1.0005, 3) == "1.001")
        #expect(TrialText.fixed(-0.04, 1) == "0.0")
        #expect(TrialText.fixed(-0.06, 1) == "−0.1")
        #expect(TrialText.fixed(.nan, 1) == "–")
        #expect(TrialText.percent(0.0123) == "1.2 %")
        #expect(TrialText.percent(0.5) == "50 %")
        #expect(TrialText.milliseconds(31_400_000) == "31 ms")
    }
}
