import Testing

@testable import RennbahnTrial

struct TrialBudgetTests {
    /// Takes starts of so many turns and so much else in each heat until the share is spent; returns when, and the turns.
    private func take(
        _ budget: inout TrialBudget, starts: Int, heats: Int, from time: Double, overhead: Double = 0.5,
        sizing: Double = 0
    ) -> (end: Double, turns: [Double]) {
        budget.beginGroup(heats: heats, weight: Double(heats), at: time)
        var (now, turns) = (time, [Double]())
        for start in 0..<starts {
            let each = budget.nextTurns()
            let end = now + Double(heats) * (each + overhead) + (start == 0 ? sizing : 0)
            budget.endStart(from: now, to: end)
            turns.append(each)
            now = end
        }
        return (now, turns)
    }

    private func isNear(_ value: Double, _ expected: Double) -> Bool { (value - expected).magnitude < 1e-9 }

    @Test func `Each group gets a share by its heats, and spends it on twelve starts`() {
        var budget = TrialBudget(480, fewestStarts: 3, weight: 8)
        let first = take(&budget, starts: 12, heats: 2, from: 0)
        // A quarter of the time is 120 s, for 24 heats 5 s each, of which half a second is no turn.
        #expect(first.turns.allSatisfy { isNear($0, 4.5) })
        #expect(isNear(first.end, 120))
        #expect(isNear(budget.secondsLeft(at: 60), 60) && isNear(budget.secondsPerStart, 10))
    }

    @Test func `Where more starts are asked for they share the time, too`() {
        var budget = TrialBudget(600, fewestStarts: 30, weight: 4)
        let first = take(&budget, starts: 30, heats: 2, from: 0)
        #expect(first.turns.allSatisfy { isNear($0, 4.5) } && isNear(first.end, 300))
    }

    @Test func `What a group does not take is the next ones', and what it takes too much is theirs, too`() {
        var budget = TrialBudget(120, fewestStarts: 3, weight: 4)
        _ = take(&budget, starts: 3, heats: 2, from: 0)
        // The second has all that is left, at 40 s or at 100 s.
        var late = budget
        budget.beginGroup(heats: 2, weight: 2, at: 40)
        late.beginGroup(heats: 2, weight: 2, at: 100)
        #expect(isNear(budget.secondsLeft(at: 40), 80) && isNear(late.secondsLeft(at: 100), 20))
    }

    @Test func `What a start needs besides its turns is learned, but not from the first, which sizes the fleets`() {
        var budget = TrialBudget(96, fewestStarts: 3, weight: 2)
        let taken = take(&budget, starts: 4, heats: 2, from: 0, overhead: 1.5, sizing: 4)
        #expect(zip(taken.turns, [3.5, 3.5, 2.5, 2.5]).allSatisfy(isNear))
    }

    @Test func `However little there is, turns are enough for a middle, and however much, they end`() {
        var budget = TrialBudget(1, fewestStarts: 3, weight: 2)
        let taken = take(&budget, starts: 5, heats: 2, from: 5)
        #expect(taken.turns.allSatisfy { isNear($0, TrialBudget.leastTurns) })
        #expect(budget.secondsLeft(at: taken.end) < 0)
        var ample = TrialBudget(10_000, fewestStarts: 3, weight: 2)
        let long = take(&ample, starts: 5, heats: 2, from: 0)
        #expect(long.turns.allSatisfy { isNear($0, TrialBudget.mostTurns) })
    }

    @Test func `A group of half the weight has half of the time, for as many heats`() {
        var budget = TrialBudget(120, fewestStarts: 3, weight: 3)
        budget.beginGroup(heats: 2, weight: 1, at: 0)
        #expect(isNear(budget.secondsLeft(at: 0), 40) && isNear(budget.nextTurns(), 7.0 / 6))
        budget.beginGroup(heats: 2, weight: 2, at: 40)
        #expect(isNear(budget.secondsLeft(at: 40), 80) && isNear(budget.nextTurns(), 17.0 / 6))
    }
}
