import RennbahnMeasurement
import RennbahnWorkload
import Testing

@testable import RennbahnLoadGenerator

/// What was done to a run, and what was offered all the same.
struct SteeringLogTests {
    private static let start = ms(1000)

    /// Does things at milliseconds of the run.
    private func log(_ load: SteerableLoad, _ steps: [(UInt64, Steering)]) -> (SteeringLog, taken: [Bool]) {
        var log = SteeringLog(from: Self.start)
        let taken = steps.map { time, steering in
            log.take(steering, load, phase: "measuring", at: Self.start + ms(time))
        }
        return (log, taken)
    }

    /// From one second of the run to the third.
    private let window = MeasuredWindow(start: Self.start + ms(1000), end: Self.start + ms(3000))

    @Test func `A run that nobody touched has nothing to tell`() {
        #expect(log(.open, []).0.figures(window: window, rate: 100) == nil)
    }

    @Test func `A pause takes its part of the window from what was offered`() throws {
        let (log, taken) = log(.open, [(500, .pause), (700, .resume), (1500, .pause), (1600, .pause), (2000, .resume)])
        #expect(taken == [true, true, true, false, true])
        let figures = try #require(log.figures(window: window, rate: 100))
        #expect(figures.offeredRate == 75 && figures.pausedSeconds == 0.5)
        #expect(figures.changes.map(\.what) == [.pause, .resume, .pause, .resume])
        #expect(figures.changes[0].at == 0.5)
        #expect(
            figures.warning
                == RunWarning(.steered, "the run was steered: it was paused 2 times, for 0.5 s of the window"))
    }

    @Test func `A pause that lasts to the end is one to the end of the window`() throws {
        let figures = try #require(log(.closed, [(2500, .pause)]).0.figures(window: window, rate: nil))
        #expect(figures.offeredRate == nil && figures.pausedSeconds == 0.5)
    }

    @Test func `The rate that was offered is that of each moment, and a pause keeps the factor`() throws {
        let (log, _) = log(.open, [(2000, .rate(factor: 2)), (2200, .pause), (2400, .resume)])
        #expect(log.factor == 2 && !log.isPaused)
        let figures = try #require(log.figures(window: window, rate: 100))
        #expect(figures.offeredRate == (1000 + 400 + 1200) / 20.0)
        #expect(figures.changes[0].factor == 2 && figures.changes[1].factor == nil)
        #expect(figures.warning.text.hasSuffix("; it had its rate changed 1 time, in the end to 2.0 times"))
    }

    @Test func `A rate has bounds, and only an open loop has one; the connect scenario is not paused`() {
        let up = Array(repeating: (UInt64(1), Steering.rate(factor: 4)), count: 3)
        let (log, taken) = log(.open, up)
        #expect(taken == [true, true, false] && log.factor == 10)
        #expect(self.log(.open, [(1, .rate(factor: .nan)), (1, .rate(factor: 0))]).taken == [false, true])
        #expect(self.log(.closed, [(1, .rate(factor: 2)), (1, .pause), (1, .endPhase)]).taken == [false, true, true])
        for scenario in [Scenario.connect, .push] {
            #expect(SteerableLoad(WorkloadParameters(scenario: scenario, clients: 1)) == .sessions)
        }
        #expect(self.log(.sessions, [(1, .rate(factor: 2)), (1, .pause), (1, .resume)]).taken.allSatisfy { !$0 })
    }

    @Test func `A phase that nobody may steer takes nothing, and no run more than so much`() {
        var log = SteeringLog(from: 0)
        #expect(log.take(.pause, .open, phase: nil, at: 1) == false)
        for _ in 0..<SteeringLog.limit { #expect(log.take(.endPhase, .open, phase: "measuring", at: 1) == true) }
        #expect(log.take(.pause, .open, phase: "measuring", at: 1) == false)
        #expect(!log.isPaused)
    }

    @Test func `A run that was steered is judged by what was offered, and says so`() throws {
        var outcome = try SampleOutcome.make(load: .open(rate: 1000, arrivals: .constant))
        #expect(outcome.facts.verdict.reasons.contains { $0.kind == .achievedRateBelowOffered })
        #expect(outcome.cell.measurements.steering == nil)
        outcome.steering = SteeringFigures(
            changes: [SteeringChange(at: 1, phase: "measuring", what: .pause)], offeredRate: 200, pausedSeconds: 1)
        #expect(!outcome.facts.verdict.reasons.contains { $0.kind == .achievedRateBelowOffered })
        #expect(outcome.facts.warnings.contains { $0.kind == .steered })
        #expect(outcome.cell.measurements.steering == outcome.steering)
    }
}
