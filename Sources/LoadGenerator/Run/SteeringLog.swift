import RennbahnMeasurement
import RennbahnWorkload

/// What was done to a run, and what of its rate is left by it. Times are nanoseconds of the monotonic clock.
struct SteeringLog {
    private(set) var isPaused = false
    /// By how much the rate is that of the configuration, where the run is not paused.
    private(set) var rateFactor = 1.0
    private(set) var changes: [SteeringChange] = []
    private let startedAt: UInt64
    private var time = SteeredTime()
    /// Since when the run is paused, and how long it was before.
    private var pauses: [(start: UInt64, end: UInt64)] = []

    /// Things that may be done to a run.
    static let limit = 1000
    /// The rate may be a tenth of what was asked for, and ten times that.
    static let factors = 0.1...10.0

    init(from startedAt: UInt64) {
        self.startedAt = startedAt
    }

    /// What shards are told: 0 in a pause.
    var factor: Double { isPaused ? 0 : rateFactor }

    /// Notes what is to be done; false where there is nothing to do, or it is not for this run.
    ///
    /// - Parameter phase: its name; `nil` where nothing is to be steered any more.
    mutating func take(_ steering: Steering, _ load: SteerableLoad, phase: String?, at now: UInt64) -> Bool {
        guard let phase, changes.count < SteeringLog.limit else { return false }
        let what: SteeringChange.What
        switch steering {
        case .pause:
            guard load != .sessions, !isPaused else { return false }
            (isPaused, what) = (true, .pause)
            pauses.append((start: now, end: .max))
        case .resume:
            guard isPaused, let pause = pauses.popLast() else { return false }
            (isPaused, what) = (false, .resume)
            pauses.append((start: pause.start, end: now))
        case .rate(let factor):
            let range = SteeringLog.factors
            let next = min(max(rateFactor * factor, range.lowerBound), range.upperBound)
            guard load == .open, next.isFinite, next != rateFactor else { return false }
            (rateFactor, what) = (next, .rate)
        case .endPhase: what = .endPhase
        }
        if what != .endPhase { time.change(to: factor, at: now) }
        changes.append(
            SteeringChange(
                at: Double(now - min(now, startedAt)) / 1_000_000_000, phase: phase, what: what,
                factor: what == .rate ? rateFactor : nil))
        return true
    }

    /// For the results; `nil` where nobody did anything.
    ///
    /// - Parameters:
    ///   - window: `nil`: there was none.
    ///   - rate: of an open loop, operations a second as configured.
    func figures(window: MeasuredWindow?, rate: Double?) -> SteeringFigures? {
        guard !changes.isEmpty else { return nil }
        guard let window, window.end > window.start else {
            return SteeringFigures(changes: changes, offeredRate: nil, pausedSeconds: nil)
        }
        let due = time.timetable(at: window.end) - time.timetable(at: window.start)
        let paused = pauses.reduce(UInt64(0)) { sum, pause in
            let (start, end) = (max(pause.start, window.start), min(pause.end, window.end))
            return sum + (end > start ? end - start : 0)
        }
        return SteeringFigures(
            changes: changes, offeredRate: rate.map { $0 * Double(due) / Double(window.end - window.start) },
            pausedSeconds: Double(paused) / 1_000_000_000)
    }
}

/// What of a run can be steered.
enum SteerableLoad: Equatable {
    case open, closed
    /// Those whose clients begin nothing that could wait: sessions come and go by themselves (connect), or the server sends
    /// (push); and those whose rate moves by a timetable of their own.
    case sessions

    init(_ workload: WorkloadParameters) {
        guard workload.canPause else {
            self = .sessions
            return
        }
        self = workload.load.isOpen ? .open : .closed
    }
}
