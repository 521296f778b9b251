import RennbahnReactor
import RennbahnWorkload

extension LoadDirector {
    /// Does what whoever watches the run wants, now; what is not for this run or this phase is left.
    func steer(_ steering: Steering) {
        let now = MonotonicClock.now()
        let load = SteerableLoad(configuration.workload)
        if steering == .endPhase {
            // The window is to have the part of the timetable that it was to have.
            if configuration.workload.shape != nil, case .warmingUp = machine.phase { return }
            let name = machine.phase.name
            let action = machine.endEarly(at: now)
            guard action != .none else { return }
            _ = steered.take(steering, load, phase: name, at: now)
            // Shards keep the edges themselves.
            if case .measuring(_, let until) = machine.phase {
                for control in controls { control.moveWindow(start: now, end: until) }
            } else {
                for control in controls { control.moveWindow(start: nil, end: now) }
            }
            carryOut(action)
        } else if steered.take(steering, load, phase: machine.phase.steerableName, at: now) {
            for control in controls { control.setFactor(steered.factor) }
        }
    }
}

extension Phase {
    /// As intervals have it; `nil` where nothing happens.
    var name: String? {
        switch self {
        case .idle, .waiting, .finished: nil
        case .connecting: "connecting"
        case .settling: "settling"
        case .warmingUp: "warming-up"
        case .measuring: "measuring"
        case .draining: "draining"
        case .closing: "closing"
        }
    }

    /// The window, where it is over now or has been before.
    func window(endingAt now: UInt64) -> MeasuredWindow? {
        switch self {
        case .measuring(let start, _): MeasuredWindow(start: start, end: now)
        case .draining(let window, _): window
        case .idle, .connecting, .settling, .waiting, .warmingUp, .closing, .finished: nil
        }
    }

    /// `nil` where load is not to come, or is over.
    fileprivate var steerableName: String? {
        switch self {
        case .connecting, .settling, .warmingUp, .measuring: name
        case .idle, .waiting, .draining, .closing, .finished: nil
        }
    }
}
