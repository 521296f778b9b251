import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnTrial

extension TrialSummary.Side {
    /// The times of a turn that has them.
    mutating func take(_ turn: LoadSession.Turn) {
        response.merge(turn.response)
        lag.merge(turn.lag)
    }

    /// What a session of all its turns came to. What the machine did meanwhile is judged turn by turn.
    mutating func take(_ outcome: LoadOutcome, isInterrupted: Bool) {
        verification += outcome.verification
        if parameters == nil { parameters = outcome.parameters }
        let facts = outcome.facts
        warn(facts.warnings)
        // It hits all sides of a round alike, so that ratios stand.
        if facts.stealShare > RunFacts.stealLimit {
            let share = TrialText.percent(facts.stealShare)
            warn([RunWarning(.stolenTime, "the hypervisor had the processors for \(share) of the time")])
        }
        guard !isInterrupted, flaw == nil else { return }
        if outcome.connectionsLost > 0 {
            flaw = "\(outcome.connectionsLost.of("connection was", "connections were")) lost"
        } else if outcome.undrained > 0 {
            flaw = "\(outcome.undrained.of("message")) never arrived"
        } else {
            flaw = facts.verdict.reasons.first { $0.kind == .sharedCore }?.description
        }
    }

    /// What the router of a start told at its end; one that does not tell is not known to be at fault. It explains connections
    /// that were lost.
    mutating func take(_ ending: RouterEndLine?) {
        if let flaw = ending?.flaw { self.flaw = flaw }
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
