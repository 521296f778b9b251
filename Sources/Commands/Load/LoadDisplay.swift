import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReport
import RennbahnWAMP
import RennbahnWorkload

/// Shows on standard error how far a run is.
final class LoadDisplay {
    private var progress: Progress
    private let work: String
    private var step = Step.idle

    private enum Step {
        case idle, connecting, connected, measuring, draining
    }

    init(_ configuration: LoadConfiguration) {
        progress = Progress(isTerminal: Console.errorIsTerminal) { Console.draw($0) }
        let workload = configuration.workload
        work = "\(workload.scenario.name) \(configuration.serializer.name) \(workload.payload.name.printable)"
    }

    func show(_ state: LoadProgress) {
        switch state.phase {
        case .idle, .waiting, .finished: break
        case .connecting:
            enter(.connecting, "connecting \(state.requested.of("client"))")
            progress.update("connecting  \(state.ready) of \(state.requested)")
        case .settling: enter(.connected, "\(state.ready.of("client is", "clients are")) ready")
        case .warmingUp: update("warming up", state)
        case .measuring:
            enter(.measuring, "measuring \(work)")
            update("measuring", state)
        case .draining:
            enter(.draining, "draining")
            progress.update("draining  \(state.outstanding.of("operation")) outstanding")
        case .closing: progress.update("closing  \(state.ready.of("connection"))")
        }
    }

    func clear() {
        progress.clear()
    }

    private func enter(_ next: Step, _ line: String) {
        guard step != next else { return }
        step = next
        // On a terminal the line that is drawn again says the same.
        if !Console.errorIsTerminal { progress.milestone(line) }
    }

    private func update(_ what: String, _ state: LoadProgress) {
        let seconds = Int(state.elapsedSeconds.rounded(.down))
        progress.update("\(what)  \(work)  \(HumanNumber.rate(state.messagesPerSecond))  \(seconds) s")
    }
}
