import RennbahnWorkload
import Testing

@testable import RennbahnTrial

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

struct QuickRoundsTests {
    private func held(_ starts: [[Double?]]) -> [[Bool]] {
        let rounds = QuickRounds(starts.enumerated().map { QuickRounds.Stretch(start: $0, heat: 0, costs: $1) })
        return starts.indices.map { start in starts[start].indices.map { rounds.holds(start, $0) } }
    }

    private func repeated(_ value: Double?, _ count: Int) -> [Double?] { Array(repeating: value, count: count) }

    @Test func `Rounds of a state that is a sixth slower do not count, whole starts of it neither`() {
        let change = repeated(0, 8) + repeated(0.15, 8)
        let held = held([change, change, repeated(0.15, 9), repeated(0, 9)])
        #expect(held[0] == Array(repeating: true, count: 8) + Array(repeating: false, count: 8))
        #expect(held[2] == Array(repeating: false, count: 9))
        #expect(held[3] == Array(repeating: true, count: 9))
    }

    @Test func `A state that fewer than three starts were in is not the one that is told`() {
        let held = held([repeated(0, 9), repeated(0, 9), repeated(0.15, 9), repeated(0.15, 9)])
        #expect(held.allSatisfy { $0.allSatisfy { $0 } })
    }

    @Test func `A slower state beyond the quickest three starts does not count`() {
        let held = held([repeated(0, 9), repeated(0.15, 9), repeated(0.15, 9), repeated(0.3, 9)])
        #expect(held.map { $0.contains(true) } == [true, true, true, false])
    }

    @Test func `Where there are fewer starts than three the slowest of them says what is quick`() {
        #expect(held([repeated(0.15, 9), repeated(0, 9)]).allSatisfy { $0.allSatisfy { $0 } })
        #expect(
            held([repeated(0, 5) + repeated(0.15, 5)])[0] == Array(repeating: true, count: 5)
                + repeated(0, 5).map { _ in false })
    }

    @Test func `The state is one that each heat was in, so that none is told of another one`() {
        func stretches(_ heat: Int, _ costs: [Double]) -> [QuickRounds.Stretch] {
            costs.enumerated().map { QuickRounds.Stretch(start: $0, heat: heat, costs: repeated($1, 6)) }
        }
        let rounds = QuickRounds(stretches(0, [0, 0, 0, 0.15, 0.3]) + stretches(1, [0, 0, 0.15, 0.15, 0.3]))
        #expect((0..<10).map { rounds.holds($0, 0) } == [true, true, true, true, false, true, true, true, true, false])
    }

    @Test func `Starts that scatter by two percent count, all of them`() {
        var random = NormalNumbers(seed: 5)
        var out = 0
        for _ in 0..<200 {
            let starts = (0..<12).map { _ in repeated(0.02 * random.next(), 8) }
            out += held(starts).filter { $0.contains(false) }.count
        }
        #expect(out < 24)
    }

    @Test func `One slow round among quick ones is noise, and counts`() {
        var costs = repeated(0, 9)
        costs[4] = 0.4
        #expect(held([costs, costs, costs]).allSatisfy { $0.allSatisfy { $0 } })
    }

    @Test func `A round in which the baseline has no turn is as its neighbours are, and without any it does not count`()
    {
        var costs = repeated(0, 9)
        costs[4] = nil
        let held = held([costs, costs, costs, repeated(nil, 3)])
        #expect(held[0].allSatisfy { $0 })
        #expect(held[3] == [false, false, false])
    }

    @Test(arguments: [[[Double?]](), [[0, 0.3, nil]], [[nil, nil, nil, nil, nil]]])
    func `Where no start has enough rounds, or nothing is known of the baseline, all count`(starts: [[Double?]]) {
        #expect(held(starts).allSatisfy { $0.allSatisfy { $0 } })
    }

    @Test(arguments: [0.01, 0.03, 0.15])
    func `Noise alone leaves few rounds out`(noise: Double) {
        var random = NormalNumbers(seed: 3)
        let starts = (0..<200).map { _ in
            held((0..<8).map { _ in (0..<15).map { _ in noise * random.next() } })
        }
        let all = starts.flatMap { $0.flatMap { $0 } }
        #expect(Double(all.filter { !$0 }.count) / Double(all.count) < 0.08)
    }
}

/// About normally distributed.
struct NormalNumbers {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func next() -> Double { (0..<12).reduce(-6) { sum, _ in sum + generator.nextUnit() } }
}

/// A machine with a state that takes a seventh more of what sends, and hardly more of what compresses.
struct MachineStateTests {
    private static let ratio = 25.0

    /// Starts of two heats, in which the machine goes from state to state.
    private func evidence(_ random: inout NormalNumbers, slowAtFirst: Double, noise: Double) -> TrialEvidence {
        var evidence = TrialEvidence(sides: 3, twin: 1)
        var isSlow = random.next() < slowAtFirst
        for _ in 0..<12 {
            evidence.beginStart()
            for _ in 0..<12 {
                if random.next() > 1.8 { isSlow.toggle() }
                let speed = isSlow ? 1.14 : 1
                func cost(_ value: Double) -> Double { value * exp(noise * random.next()) }
                evidence.takeRound(
                    [
                        .sample(cpu: cost(speed)), .sample(cpu: cost(speed)),
                        .sample(cpu: cost(MachineStateTests.ratio * (isSlow ? 1.03 : 1))),
                    ], of: [0, 1, 2])
            }
        }
        return evidence
    }

    @Test(arguments: [0.02, 0.05])
    func `Ratios are those of the quick state, however long it lasted, and their intervals hold them`(
        noise: Double
    ) throws {
        var random = NormalNumbers(seed: 11)
        var (held, sum) = (0, 0.0)
        for _ in 0..<300 {
            let ratio = try #require(
                evidence(&random, slowAtFirst: 0, noise: noise).ratio(.routerCPU, of: 2))
            sum += log(ratio.value / MachineStateTests.ratio)
            if (ratio.lower...ratio.upper).contains(MachineStateTests.ratio) { held += 1 }
        }
        // Over all rounds it would be 5 % less.
        #expect((sum / 300).magnitude < 0.01)
        #expect(held >= 270)
    }

    @Test func `Rates are those of the quick state, and octets of all rounds`() throws {
        var evidence = TrialEvidence(sides: 2)
        for _ in 0..<4 {
            evidence.beginStart()
            for round in 0..<16 {
                let isSlow = round >= 8
                evidence.takeRound(
                    [
                        .sample(messages: isSlow ? 800 : 1000, bytes: 100),
                        .sample(messages: isSlow ? 900 : 1000, bytes: 50),
                    ],
                    of: [0, 1])
            }
        }
        #expect((try #require(evidence.ratio(.rate, of: 1)).value - 1).magnitude < 1e-9)
        #expect(evidence.ratio(.rate, of: 1)?.turns == 32)
        #expect((try #require(evidence.figure(.rate, of: 0)).value - 50_000).magnitude < 1)
        #expect(evidence.ratio(.bytes, of: 1)?.turns == 64)
    }

    @Test func `The share of slow rounds is told, in words where it is much`() throws {
        func summary(_ slow: Int) throws -> TrialResult {
            var evidence = TrialEvidence(sides: 2)
            for _ in 0..<4 {
                evidence.beginStart()
                for round in 0..<20 {
                    let cpu = round < slow ? 4.8 : 4
                    evidence.takeRound([.sample(cpu: cpu), .sample(cpu: cpu)], of: [0, 1])
                }
            }
            var result = TrialResult(work: "tick", load: "1 in flight", clients: 2, clientsAsked: 2, sides: [])
            TrialSummary(
                evidence, [TrialSummary.Side("json", .baseline), TrialSummary.Side("msgpack", .other)],
                isOpenLoop: false
            ).fill(&result)
            return result
        }
        let half = try summary(10)
        #expect(half.slowShare == 0.5)
        #expect(half.remarks == ["the machine was slower in 50 % of the rounds: they are left out"])
        #expect((try #require(half.sides[0].figures[.routerCPU]).value - 4).magnitude < 1e-9)
        #expect(try summary(0).remarks.isEmpty)
        #expect(try summary(0).slowShare == 0)
    }

    @Test func `Where the quick rounds are too few for a middle, all of them are what there is, and a remark says so`()
        throws
    {
        var evidence = TrialEvidence(sides: 3)
        for start in 0..<4 {
            evidence.beginStart()
            for round in 0..<8 {
                let cpu = round < 4 ? 4.0 : 4.8
                // The side has no turn while the machine is quick.
                let turn: TurnSample? = round < 4 && start > 0 ? nil : .sample(cpu: cpu * 2)
                evidence.takeRound([.sample(cpu: cpu), .sample(cpu: cpu), turn], of: [0, 1, 2])
            }
        }
        #expect((try #require(evidence.ratio(.routerCPU, of: 2)).value - 2).magnitude < 1e-9)
        #expect(evidence.ratio(.routerCPU, of: 2)?.turns == 20)
        #expect(evidence.ratio(.routerCPU, of: 1)?.turns == 16)
        #expect(evidence.tellsSlowRounds(.routerCPU, of: 2))
        #expect(!evidence.tellsSlowRounds(.routerCPU, of: 1) && !evidence.tellsSlowRounds(.bytes, of: 2))
        var result = TrialResult(work: "tick", load: "1 in flight", clients: 2, clientsAsked: 2, sides: [])
        let sides = [("json", SideResult.Role.baseline), ("msgpack", .other), ("cbor", .other)]
        TrialSummary(evidence, sides.map { TrialSummary.Side($0, $1) }, isOpenLoop: false).fill(&result)
        #expect(
            result.remarks.contains(
                "cbor: too few turns while the machine was quick, so some figures are of all rounds"))
    }

    @Test func `Where the router's time is not known rates say how many rounds were slow`() {
        var evidence = TrialEvidence(sides: 1)
        for _ in 0..<3 {
            evidence.beginStart()
            for round in 0..<16 {
                var sample = TurnSample.sample(messages: round < 12 ? 1000 : 800)
                sample.routerSeconds = nil
                evidence.takeRound([sample], of: [0])
            }
        }
        #expect(evidence.slowShare == 0.25)
        #expect(TrialEvidence(sides: 1).slowShare == nil)
    }
}
