import RennbahnLoadGenerator
import RennbahnMeasurement

/// What the cells of one group of goals measured, by the names that the goals give them.
struct GoalFigures {
    let outcomes: [String: LoadOutcome]

    /// Router CPU per message in µs; nothing from a run that is not valid.
    func cpu(_ name: String) -> Double? {
        guard let cell = outcomes[name]?.cell, cell.verdict == .valid else { return nil }
        return cell.measurements.router?.cpuMicrosecondsPerMessage?.total
    }

    /// CPU per message of one over another's.
    func ratio(_ name: String, to base: String) -> Double? {
        guard let cpu = cpu(name), let base = positiveCPU(base) else { return nil }
        return cpu / base
    }

    /// Messages that a core's second of CPU time pays for.
    func perCoreSecond(_ name: String) -> Double? {
        positiveCPU(name).map { 1_000_000 / $0 }
    }

    /// KiB by which the process has grown for each connection when all of them are there and idle.
    func idleKibibytes(_ name: String) -> Double? {
        guard let outcome = outcomes[name], let target = outcome.target, outcome.connectionsEstablished > 0 else {
            return nil
        }
        let growth = Double(target.residentSettled) - Double(target.residentBeforeConnections)
        return growth / Double(outcome.connectionsEstablished) / 1024
    }

    /// Connections that a core's second of CPU time brings from the first packet to WELCOME.
    func connectionsPerCoreSecond(_ name: String) -> Double? {
        guard let outcome = outcomes[name], let cpu = outcome.target?.connecting.total, cpu > 0 else { return nil }
        return Double(outcome.connectionsEstablished) / cpu
    }

    func saturated(_ name: String) -> Saturation? { outcomes[name]?.cell.measurements.saturated }

    /// `5.21 µs to 4.73 µs`: what a ratio is made of, and what else is told beside it; or why there is no ratio.
    func note(_ name: String, _ base: String, also other: String? = nil) -> String? {
        for name in [name, base] {
            guard let outcome = outcomes[name] else { return "needs --c-floor" }
            guard outcome.cell.verdict == .valid else { return "\(name): the run was not valid" }
        }
        guard let cpu = cpu(name), let base = positiveCPU(base) else { return nil }
        let note = "\(GoalFigures.text(cpu)) µs to \(GoalFigures.text(base)) µs"
        guard let other, let beside = self.cpu(other) else { return note }
        return note + "; C \(other): \(GoalFigures.text(beside)) µs"
    }

    private func positiveCPU(_ name: String) -> Double? { cpu(name).flatMap { $0 > 0 ? $0 : nil } }

    private static func text(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        let fraction = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}
