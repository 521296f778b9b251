import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnTrial

extension TrialSummary.Side {
    /// What a session of all its turns came to. What the machine did meanwhile is judged turn by turn.
    mutating func take(_ outcome: LoadOutcome, isInterrupted: Bool) {
        verification += outcome.verification
        if parameters == nil { parameters = outcome.parameters }
        let facts = outcome.facts
        warn(facts.warnings)
        guard !isInterrupted, flaw == nil else { return }
        if outcome.connectionsLost > 0 {
            flaw = "\(outcome.connectionsLost.of("connection was", "connections were")) lost"
        } else if outcome.undrained > 0 {
            flaw = "\(outcome.undrained.of("message")) never arrived"
        } else {
            flaw = facts.verdict.reasons.first { $0.kind == .sharedCore }?.description
        }
    }
}

extension TurnSample {
    /// - Parameter routerCores: those that its threads can use at once.
    init(_ turn: LoadSession.Turn, routerCores: Int) {
        func share(_ wait: Double?) -> Double? { wait.map { turn.wholeSeconds > 0 ? $0 / turn.wholeSeconds : 0 } }
        self.init(
            messages: turn.messages, windowSeconds: turn.seconds, wholeMessages: turn.wholeMessages,
            wholeBytes: turn.wholeBytes, wholeSeconds: turn.wholeSeconds, receives: turn.receives,
            received: turn.received, routerSeconds: turn.serverSeconds, generatorSeconds: turn.generatorSeconds,
            routerWaitShare: share(turn.serverWait), generatorWaitShare: share(turn.generatorWait),
            routerCores: routerCores)
    }
}
