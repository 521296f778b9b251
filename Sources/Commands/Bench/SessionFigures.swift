import RennbahnLoadGenerator
import RennbahnMeasurement

/// What setting up sessions came to, by the names that the goals give them.
///
/// A set-up is no load that could take turns with another: what counts is over once all are connected, and is of a process that nobody
/// has used before. So these are whole runs, one after another, forwards and backwards, of which the least CPU time and the
/// largest memory stand; there are too few of them for an interval.
struct SessionFigures {
    let outcomes: [String: LoadOutcome]

    /// KiB by which the process has grown for each connection when all of them are there and idle.
    func idleKibibytes(_ name: String) -> Double? {
        guard let outcome = valid(name), let target = outcome.target, outcome.connectionsEstablished > 0 else {
            return nil
        }
        let growth = Double(target.residentSettled) - Double(target.residentBeforeConnections)
        return growth / Double(outcome.connectionsEstablished) / 1024
    }

    /// Connections that a core's second of CPU time brings from the first packet to WELCOME.
    func connectionsPerCoreSecond(_ name: String) -> Double? {
        guard let outcome = valid(name), let cpu = outcome.target?.connecting.total, cpu > 0 else { return nil }
        return Double(outcome.connectionsEstablished) / cpu
    }

    /// Why there are no figures of a run that there was; `nil` where there are.
    func problem(_ name: String) -> String? {
        guard let facts = outcomes[name]?.facts else { return nil }
        switch facts.verdict {
        case .valid: return nil
        case .verificationFailed: return facts.verification.summary
        case .invalid(let reasons): return reasons.map(\.description).joined(separator: "; ")
        }
    }

    private func valid(_ name: String) -> LoadOutcome? { problem(name) == nil ? outcomes[name] : nil }
}
