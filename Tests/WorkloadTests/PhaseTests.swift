import Testing

@testable import RennbahnWorkload

@Suite("Phases of a run")
struct PhaseTests {
    private let durations = PhaseDurations(
        connectTimeout: 1000, settle: 10, warmUp: 20, window: 100, drainTimeout: 50, closeTimeout: 5)

    private func measuring() -> PhaseMachine {
        var machine = PhaseMachine(durations: durations)
        _ = machine.start(at: 0)
        _ = machine.allConnected(at: 300)
        _ = machine.tick(at: 310)
        _ = machine.tick(at: 330)
        return machine
    }

    @Test("connect, settle, warm up, measure, drain, close")
    func wholeRun() {
        var machine = PhaseMachine(durations: durations)
        #expect(machine.nextDeadline == nil)
        #expect(machine.start(at: 0) == .startConnecting)
        #expect(machine.nextDeadline == 1000)
        #expect(machine.tick(at: 999) == .none)
        #expect(machine.allConnected(at: 300) == .waitToSettle)
        #expect(machine.tick(at: 309) == .none)
        #expect(machine.tick(at: 310) == .startLoad)
        #expect(machine.tick(at: 330) == .beginWindow)
        #expect(machine.nextDeadline == 430)
        #expect(machine.tick(at: 430) == .endWindow)
        #expect(machine.drained(at: 440) == .closeConnections)
        let outcome = PhaseOutcome.completed(MeasuredWindow(start: 330, end: 430))
        #expect(machine.allClosed(at: 441) == .report(outcome))
        #expect(machine.phase == .finished(outcome))
        #expect(machine.tick(at: .max) == .none)
    }

    @Test("a late tick makes the window as long as it really was")
    func lateTick() {
        var machine = measuring()
        #expect(machine.tick(at: 1_000_000_330) == .endWindow)
        guard case .draining(let window, let deadline) = machine.phase else {
            Issue.record("phase is \(machine.phase)")
            return
        }
        #expect(window.seconds == 1)
        #expect(deadline == 1_000_000_380)
    }

    @Test("a run in turns waits before and after each, and closes when it is told to")
    func turns() {
        var machine = PhaseMachine(durations: durations, isInTurns: true)
        #expect(machine.beginTurn(leadIn: 1, window: 2, at: 0) == .none)
        _ = machine.start(at: 0)
        _ = machine.allConnected(at: 300)
        #expect(machine.tick(at: 310) == .none)
        #expect(machine.phase == .waiting)
        #expect(machine.nextDeadline == nil)
        #expect(machine.drained(at: 311) == .none)
        for start in [UInt64(400), 500] {
            #expect(machine.beginTurn(leadIn: 3, window: 30, at: start) == .startLoad)
            #expect(machine.plannedWindow == MeasuredWindow(start: start + 3, end: start + 33))
            #expect(machine.close(at: start + 1) == .none)
            #expect(machine.tick(at: start + 3) == .beginWindow)
            #expect(machine.plannedWindow == nil)
            #expect(machine.drained(at: start + 4) == .none)
            #expect(machine.tick(at: start + 33) == .endWindow)
            #expect(machine.drained(at: start + 34) == .none)
            #expect(machine.phase == .waiting)
        }
        #expect(machine.close(at: 600) == .closeConnections)
        let outcome = PhaseOutcome.completed(MeasuredWindow(start: 503, end: 533))
        #expect(machine.allClosed(at: 601) == .report(outcome))
    }

    @Test("a turn that does not drain ends the run")
    func turnWithoutEnd() {
        var machine = PhaseMachine(durations: durations, isInTurns: true)
        _ = machine.start(at: 0)
        _ = machine.allConnected(at: 300)
        _ = machine.tick(at: 310)
        _ = machine.beginTurn(leadIn: 0, window: 30, at: 400)
        _ = machine.tick(at: 400)
        _ = machine.tick(at: 430)
        #expect(machine.tick(at: 480) == .closeConnections)
        #expect(
            machine.allClosed(at: 481)
                == .report(.drainTimedOut(MeasuredWindow(start: 400, end: 430))))
    }

    @Test("phases without length pass in one turn of ticks")
    func noLength() {
        var machine = PhaseMachine(durations: PhaseDurations(connectTimeout: 9, settle: 0, warmUp: 0, window: 1))
        _ = machine.start(at: 0)
        _ = machine.allConnected(at: 5)
        #expect(machine.tick(at: 5) == .startLoad)
        #expect(machine.tick(at: 5) == .beginWindow)
        #expect(machine.tick(at: 5) == .none)
    }

    @Test("connecting that takes too long ends the run")
    func connectTimeout() {
        var machine = PhaseMachine(durations: durations)
        _ = machine.start(at: 0)
        #expect(machine.tick(at: 1000) == .closeConnections)
        #expect(machine.allConnected(at: 1001) == .none)
        #expect(machine.tick(at: 1005) == .report(.connectTimedOut))
    }

    @Test("a drain that takes too long is told, and the window is kept")
    func drainTimeout() {
        var machine = measuring()
        _ = machine.tick(at: 430)
        #expect(machine.tick(at: 480) == .closeConnections)
        #expect(machine.drained(at: 481) == .none)
        #expect(machine.allClosed(at: 482) == .report(.drainTimedOut(MeasuredWindow(start: 330, end: 430))))
    }

    @Test("an early end of the warm-up brings a whole window, one of the window the drain; other phases have none")
    func endEarly() {
        var machine = PhaseMachine(durations: durations)
        #expect(machine.endEarly(at: 0) == .none)
        _ = machine.start(at: 0)
        #expect(machine.endEarly(at: 1) == .none)
        _ = machine.allConnected(at: 300)
        #expect(machine.endEarly(at: 301) == .none)
        _ = machine.tick(at: 310)
        #expect(machine.endEarly(at: 315) == .beginWindow)
        #expect(machine.phase == .measuring(since: 315, until: 415))
        #expect(machine.endEarly(at: 320) == .endWindow)
        let window = MeasuredWindow(start: 315, end: 320)
        #expect(machine.phase == .draining(window: window, deadline: 370))
        #expect(machine.endEarly(at: 321) == .none)
        #expect(machine.drained(at: 322) == .closeConnections)
        #expect(machine.endEarly(at: 323) == .none)
    }

    @Test("an abort closes in every phase, once")
    func abort() {
        var idle = PhaseMachine(durations: durations)
        #expect(idle.abort(at: 0) == .report(.aborted))
        var connecting = PhaseMachine(durations: durations)
        _ = connecting.start(at: 0)
        #expect(connecting.abort(at: 1) == .closeConnections)
        var machine = measuring()
        #expect(machine.abort(at: 400) == .closeConnections)
        #expect(machine.abort(at: 401) == .none)
        #expect(machine.allClosed(at: 402) == .report(.aborted))
        #expect(machine.abort(at: 403) == .none)
    }

    @Test("events that do not fit the phase change nothing")
    func misplaced() {
        var machine = PhaseMachine(durations: durations)
        #expect(machine.allConnected(at: 0) == .none)
        #expect(machine.drained(at: 0) == .none)
        #expect(machine.allClosed(at: 0) == .none)
        #expect(machine.phase == .idle)
        machine = measuring()
        let before = machine.phase
        #expect(machine.start(at: 400) == .none)
        #expect(machine.drained(at: 400) == .none)
        #expect(machine.allConnected(at: 400) == .none)
        #expect(machine.phase == before)
    }
}
