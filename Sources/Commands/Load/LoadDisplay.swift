import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReport
import RennbahnWAMP
import RennbahnWorkload

/// Shows on standard error how far a run is: a view that is drawn again on a terminal, a line for each step elsewhere.
final class LoadDisplay {
    enum Kind {
        case view, lines, nothing

        /// - Parameter isQuiet: nothing is to be shown.
        static func wanted(isQuiet: Bool) -> Kind {
            guard !isQuiet else { return .nothing }
            return Console.errorIsRedrawn ? .view : .lines
        }
    }

    let kind: Kind
    private let workload: WorkloadParameters
    private let work: String
    private let hasKeys: Bool
    private var state = LiveState()
    private var screen = LiveScreen()
    private var step = Step.idle

    private enum Step {
        case idle, connecting, connected, measuring, draining
    }

    init(_ configuration: LoadConfiguration, _ kind: Kind, hasKeys: Bool) {
        self.kind = kind
        self.hasKeys = hasKeys
        workload = configuration.workload
        work = "\(workload.scenario.name) \(configuration.serializer.name) \(workload.payload.name.printable)"
        state = LoadDisplay.state(configuration)
    }

    func show(_ progress: LoadProgress) {
        switch kind {
        case .nothing: break
        case .lines: tell(progress)
        case .view:
            take(progress)
            draw()
        }
    }

    func note(_ interval: RunInterval) { state.note(interval) }

    /// Takes the view away; before anything else is printed, and at the end.
    func clear() {
        let text = screen.clear(columns: Console.errorColumns)
        if !text.isEmpty { Console.draw(text) }
    }

    // MARK: View

    private static func state(_ configuration: LoadConfiguration) -> LiveState {
        let (workload, phases) = (configuration.workload, configuration.workload.phases)
        var state = LiveState()
        state.title = [
            workload.scenario.name, configuration.serializer.name, workload.payload.name,
            workload.clients.of("client"), configuration.target.url,
        ].joined(separator: " · ")
        func seconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1_000_000_000 }
        state.phases = [
            LiveState.Phase("connect"), LiveState.Phase("settle"),
            LiveState.Phase("warm-up", seconds: seconds(phases.warmUp)),
            LiveState.Phase("measure", seconds: seconds(phases.window)), LiveState.Phase("drain"),
            LiveState.Phase("close"),
        ]
        state.requested = workload.clients
        if case .open(let rate, _) = workload.load { state.rate = rate }
        return state
    }

    private func take(_ progress: LoadProgress) {
        state.phase = progress.phase.place
        // How long the rest takes is up to the router: what is left is a time-out's.
        switch progress.phase {
        case .warmingUp, .measuring: state.secondsLeft = progress.secondsLeft
        case .idle, .connecting, .settling, .waiting, .draining, .closing, .finished: state.secondsLeft = nil
        }
        state.elapsedSeconds = progress.elapsedSeconds
        (state.ready, state.lost, state.failures) = (progress.ready, progress.lost, progress.failures)
        (state.isPaused, state.rateFactor) = (progress.isPaused, progress.rateFactor)
        if hasKeys { state.keys = LoadKey.legend(workload, isPaused: progress.isPaused) }
    }

    private func draw() {
        let columns = Console.errorColumns
        let view = LiveView(columns: columns, rows: Console.errorRows, isStyled: Console.errorIsStyled)
        Console.draw(screen.draw(view.lines(state), columns: columns))
    }

    // MARK: Lines

    private func tell(_ progress: LoadProgress) {
        switch progress.phase {
        case .idle, .waiting, .finished, .warmingUp, .closing: break
        case .connecting: enter(.connecting, "connecting \(progress.requested.of("client"))")
        case .settling: enter(.connected, "\(progress.ready.of("client is", "clients are")) ready")
        case .measuring: enter(.measuring, "measuring \(work)")
        case .draining: enter(.draining, "draining")
        }
    }

    private func enter(_ next: Step, _ line: String) {
        guard step != next else { return }
        step = next
        Console.error(line.printable)
    }
}

extension Phase {
    /// Index of the phase in the view.
    fileprivate var place: Int? {
        switch self {
        case .idle, .waiting, .finished: nil
        case .connecting: 0
        case .settling: 1
        case .warmingUp: 2
        case .measuring: 3
        case .draining: 4
        case .closing: 5
        }
    }
}
