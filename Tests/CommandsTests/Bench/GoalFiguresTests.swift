import RennbahnMeasurement
import RennbahnTrial
import Testing

@testable import RennbahnCommands

/// What goals are judged by: the sides of a group.
struct GoalFiguresTests {
    private func told(_ value: Double, _ lower: Double, _ upper: Double) -> Told {
        Told(value: value, lower: lower, upper: upper, turns: 30, starts: 3)
    }

    private func side(
        _ name: String, _ role: SideResult.Role, cpu: Double, ratio: Told? = nil, floor: Told? = nil
    ) -> SideResult {
        var side = SideResult(name, role)
        side.figures[.routerCPU] = told(cpu, cpu / 1.02, cpu * 1.02)
        side.ratios[.routerCPU] = ratio
        side.floorRatio = floor
        side.limit = .latency
        return side
    }

    /// The relay is not what the ratio is to, though it stands first behind the twin.
    private var result: TrialResult {
        TrialResult(
            work: "pubsub", load: "1 in flight", clients: 4, clientsAsked: 4,
            sides: [
                side("rennbahn", .baseline, cpu: 10.586, floor: told(1.31, 1.30, 1.32)),
                side("rennbahn (twin)", .twin, cpu: 10.6, ratio: told(1.001, 0.99, 1.01), floor: told(1.4, 1.39, 1.41)),
                side("C relay", .other, cpu: 13.8, ratio: told(1.30, 1.28, 1.33), floor: told(1.71, 1.7, 1.72)),
                side("C echo", .floor, cpu: 8.081),
            ])
    }

    @Test func `A ratio to the floor is the baseline's, with its interval, and says what it is made of`() {
        let goal = GoalFigures(result: result).toFloor("work", atMost: 1.1, "× C echo", beside: "C relay")
        #expect(goal.figure == 1.31 && goal.lower == 1.30 && goal.upper == 1.32)
        #expect(goal.verdict == .missed && goal.bound == .atMost && goal.saturated == .neither)
        #expect(goal.note == "10.6 µs to 8.081 µs; C relay: 13.8 µs")
        #expect(GoalFigures(result: result).toFloor("work", atMost: 1.31, "×").verdict == .undecided)
    }

    @Test func `A ratio to the baseline is the side's, and what it is made of stands behind it`() {
        let goal = GoalFigures(result: result).toBaseline("C relay", "work", .atLeast, 1.28, "×")
        #expect(goal.figure == 1.30 && goal.lower == 1.28 && goal.upper == 1.33 && goal.verdict == .reached)
        #expect(goal.note == "13.8 µs to 10.6 µs")
    }

    @Test func `What a core's second pays for is least where a message costs most`() throws {
        var result = result
        result.sides[0].figures[.routerCPU] = told(0.5, 0.4, 0.8)
        let goal = GoalFigures(result: result).perCoreSecond("rennbahn", "work", atLeast: 1_250_000, "events")
        #expect(goal.figure == 2_000_000)
        #expect((try #require(goal.lower) - 1_250_000).magnitude < 1e-6)
        #expect((try #require(goal.upper) - 2_500_000).magnitude < 1e-6)
        let cost = GoalFigures(result: result).cost("rennbahn", "work", atMost: 0.8, "µs")
        #expect(cost.figure == 0.5 && cost.verdict == .reached && cost.note == nil)
    }

    @Test func `A side that lost messages or has no figure leaves its goals without one, and the note says which`() {
        var lossy = result
        lossy.sides[3].verification.lost = 2
        let lost = GoalFigures(result: lossy).toFloor("work", atMost: 2, "×")
        #expect(lost.verdict == .notShown && lost.note == "C echo: 2 lost")
        var flawed = result
        flawed.sides[3].figures = [:]
        flawed.sides[3].problem = "3 connections were lost"
        let broken = GoalFigures(result: flawed).toFloor("work", atMost: 2, "×")
        #expect(broken.figure == nil && broken.note == "C echo: 3 connections were lost")
        // What befell others is nothing of this goal.
        #expect(GoalFigures(result: lossy).toBaseline("C relay", "work", .atMost, 2, "×").verdict == .reached)
        lossy.sides[0].verification.lost = 1
        #expect(GoalFigures(result: lossy).toBaseline("C relay", "work", .atMost, 2, "×").note == "rennbahn: 1 lost")
        #expect(GoalFigures(result: lossy).cost("rennbahn", "work", atMost: 20, "µs").verdict == .notShown)
    }

    @Test func `Where the twin differs there is no ratio, and it says so`() {
        var result = result
        for index in result.sides.indices {
            result.sides[index].floorRatio = nil
            result.sides[index].ratios = [:]
        }
        result.sides[1].problem = "differs from its baseline in router CPU per message"
        let figures = GoalFigures(result: result)
        for goal in [figures.toFloor("work", atMost: 2, "×"), figures.toBaseline("C relay", "work", .atMost, 2, "×")] {
            #expect(
                goal.verdict == .notShown && goal.note?.hasPrefix("rennbahn (twin): differs from its baseline") == true)
        }
        #expect(figures.cost("rennbahn", "work", atMost: 20, "µs").verdict == .reached)
    }

    @Test func `Without a floor the note says what is needed, and without anything that nothing was measured`() {
        var result = result
        result.sides.removeLast()
        #expect(GoalFigures(result: result).toFloor("work", atMost: 2, "×").note == "needs --c-floor")
        let nothing = GoalFigures(result: nil)
        for goal in [
            nothing.toFloor("work", atMost: 2, "×"), nothing.cost("rennbahn", "work", atMost: 2, "µs"),
            nothing.toBaseline("one", "work", .atLeast, 2, "×"),
        ] {
            #expect(goal.verdict == .notShown && goal.note == "nothing was measured")
        }
    }

    @Test(arguments: [
        (Limit.router, Saturation.router as Saturation?), (.generator, .generator), (.latency, .neither),
        (.machine, nil),
    ])
    func `Who held the rate back is told of the side that the goal is about`(limit: Limit, saturated: Saturation?) {
        var result = result
        result.sides[2].limit = limit
        #expect(GoalFigures(result: result).toBaseline("C relay", "work", .atMost, 2, "×").saturated == saturated)
        #expect(GoalFigures(result: result).toFloor("work", atMost: 2, "×").saturated == .neither)
    }
}
