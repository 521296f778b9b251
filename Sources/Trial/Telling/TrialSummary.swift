package import RennbahnMeasurement

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Makes a result of the evidence.
package struct TrialSummary {
    /// What is known of a side besides its turns.
    package struct Side {
        package var name: String
        package var role: SideResult.Role
        package var parameters: CellParameters?
        package var response = LatencyRecorder()
        /// Of an open loop: from the time that an operation was due at until it was handed to its socket.
        package var lag = LatencyRecorder()
        package var verification = VerificationCounters()
        /// One of each kind.
        package private(set) var warnings: [RunWarning] = []
        /// What ended it before its time, or makes it worthless.
        package var flaw: String?
        /// Operations of the floor that one message of the work stands for: an RPC is two echoes.
        package var floorsPerMessage = 1.0

        package init(_ name: String, _ role: SideResult.Role) {
            self.name = name
            self.role = role
        }

        /// Of one start: the next one has other processes and shares, but nothing else to say.
        package mutating func warn(_ more: [RunWarning]) {
            for warning in more where !warnings.contains(where: { $0.kind == warning.kind }) {
                warnings.append(warning)
            }
        }
    }

    /// A few rounds are slower on every machine.
    private static let mentionedShare = 0.1

    private let evidence: TrialEvidence
    private let sides: [Side]
    private let isOpenLoop: Bool
    private let controls: Int

    /// - Parameter controls: how often the run asks a twin about the same metric.
    package init(_ evidence: TrialEvidence, _ sides: [Side], isOpenLoop: Bool, controls: Int = 1) {
        precondition(sides.count == evidence.sides)
        self.evidence = evidence
        self.sides = sides
        self.isOpenLoop = isOpenLoop
        self.controls = controls
    }

    package func fill(_ result: inout TrialResult) {
        result.starts = evidence.startCount
        result.rounds = evidence.roundCount
        result.sides = sides.indices.map(side)
        result.slowShare = evidence.slowShare
        if let share = evidence.slowShare, share > TrialSummary.mentionedShare {
            result.remarks.append(
                "the machine was slower in \(TrialText.percent(share)) of the rounds: they are left out")
        }
        let slow = result.sides.indices.filter { side in
            result.sides[side].figures.keys.contains { evidence.tellsSlowRounds($0, of: side) }
        }
        if !slow.isEmpty {
            let names = slow.map { result.sides[$0].name }.joined(separator: ", ")
            result.remarks.append(
                "\(names): too few turns while the machine was quick, so some figures are of all rounds")
        }
        if let twin = result.sides.firstIndex(where: { $0.role == .twin }) { hear(twin, &result) }
    }

    /// What the twin says of its group: where it differs no ratio is told; where it may, all are less sure.
    private func hear(_ twin: Int, _ result: inout TrialResult) {
        let strict = TwinControl.level(controls: controls)
        for metric in TrialMetric.allCases {
            guard let ratio = result.sides[twin].ratios[metric],
                let strict = evidence.ratio(metric, of: twin, level: strict)
            else { continue }
            let told = "\(metric.title): the twin of \(sides[0].name) differs from it, \(TrialText.ratio(ratio)): "
            switch TwinControl.verdict(on: metric, ratio, strict: strict) {
            case .agrees: break
            case .doubtful:
                result.remarks.append(
                    told + "chance does that in one of 20 controls, of which the run has \(controls): "
                        + "intervals are wider by as much")
                widen(metric, by: log(ratio.value), twin, &result)
            case .differs:
                result.remarks.append(told + "no ratio is told")
                withdraw(metric, &result)
                if result.sides[twin].problem == nil {
                    result.sides[twin].problem = "differs from its baseline in \(metric.title)"
                }
            }
        }
    }

    private func withdraw(_ metric: TrialMetric, _ result: inout TrialResult) {
        for index in result.sides.indices {
            result.sides[index].ratios[metric] = nil
            result.sides[index].findings[metric] = nil
            if metric == .routerCPU { result.sides[index].floorRatio = nil }
        }
    }

    /// The twin's own ratio is what it is.
    private func widen(_ metric: TrialMetric, by doubt: Double, _ twin: Int, _ result: inout TrialResult) {
        for index in result.sides.indices {
            if let ratio = result.sides[index].ratios[metric], index != twin {
                let wider = ratio.widened(by: doubt)
                result.sides[index].ratios[metric] = wider
                result.sides[index].findings[metric] = Finding(wider)
            }
            if metric == .routerCPU {
                result.sides[index].floorRatio = result.sides[index].floorRatio?.widened(by: doubt)
            }
        }
    }

    private func side(_ index: Int) -> SideResult {
        let side = sides[index]
        var result = SideResult(side.name, side.role)
        result.parameters = side.parameters
        result.verification = side.verification
        result.response = side.response.summary()
        var warnings = side.warnings
        if isOpenLoop {
            warnings += generatorWarnings(index)
            if warnings.contains(where: { $0.kind == .generatorLate }) { result.response = LatencySummary() }
        }
        result.warnings = warnings.isEmpty ? nil : warnings
        result.problem = side.flaw
        guard side.flaw == nil else { return result }
        for metric in metrics {
            result.figures[metric] = evidence.figure(metric, of: index)
            guard index > 0, side.role != .floor, let ratio = evidence.ratio(metric, of: index) else { continue }
            result.ratios[metric] = ratio
            result.findings[metric] = Finding(ratio)
        }
        if !isOpenLoop { result.limit = Limit(evidence.samples(of: index)) }
        result.problem = problem(index, result)
        if side.role != .floor, let floor = sides.firstIndex(where: { $0.role == .floor }) {
            result.floorRatio = ratio(of: index, toFloor: floor)?.scaled(by: 1 / side.floorsPerMessage)
        }
        return result
    }

    /// What makes response times of an open loop those of the generator; CPU time does not suffer by it.
    private func generatorWarnings(_ index: Int) -> [RunWarning] {
        var warnings: [RunWarning] = []
        let (lag, response) = (sides[index].lag.summary(), sides[index].response.summary())
        if lag.count > 0, lag.p99 > max(RunFacts.lagLimitNanoseconds, response.p50 / 10) {
            let late = TrialText.fixed(Double(lag.p99) / 1e6, 1)
            warnings.append(
                RunWarning(
                    .generatorLate,
                    "of the operations one in a hundred left \(late) ms late: no response times are told"))
        }
        let share = Statistics.median(evidence.samples(of: index).map(\.generatorShare)) ?? 0
        if Saturation.isFlagged(generatorShare: share) {
            let text =
                "the generator was busy for \(TrialText.percent(share)) of the time: response times are its own, too"
            warnings.append(RunWarning(.generatorSaturated, text))
        }
        return warnings
    }

    /// The baseline's is that of both that do its work, as every ratio to it is. Where the floor ran in another heat, through those
    /// two, which run in all.
    private func ratio(of side: Int, toFloor floor: Int) -> Told? {
        if side == 0 { return evidence.ratio(.routerCPU, of: floor)?.fitting(1) }
        if let ratio = evidence.ratio(.routerCPU, of: side, to: floor) { return ratio }
        guard let own = evidence.ratio(.routerCPU, of: side), let base = evidence.ratio(.routerCPU, of: floor) else {
            return nil
        }
        return own.times(base.fitting(1))
    }

    /// The rate of an open loop is what was asked for.
    private var metrics: [TrialMetric] { TrialMetric.allCases.filter { !isOpenLoop || $0 != .rate } }

    /// Why figures that should be there are not: what was measured of a machine that is busy with something else says nothing.
    private func problem(_ index: Int, _ result: SideResult) -> String? {
        let samples = evidence.samples(of: index)
        guard !samples.isEmpty else { return "no turn came to anything" }
        let needed = metrics.filter {
            $0 != .batch && !($0 == .routerCPU && samples.allSatisfy { $0.routerSeconds == nil })
        }
        let missing = needed.filter { result.figures[$0] == nil }
        guard !missing.isEmpty else { return nil }
        let waits = Statistics.median(samples.map(\.waitShare)) ?? 0
        let titles = missing.map(\.title).joined(separator: ", ")
        if waits > TurnSample.waitLimit {
            return "\(titles): something else had the processors for \(TrialText.percent(waits)) of the time"
        }
        return "\(titles): too few turns have the figure"
    }
}

extension TrialMetric {
    package var title: String {
        switch self {
        case .routerCPU: "router CPU per message"
        case .generatorCPU: "generator CPU per message"
        case .rate: "messages a second"
        case .bytes: "octets per message"
        case .batch: "messages per receive"
        }
    }
}
