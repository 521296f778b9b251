import RennbahnMeasurement
import RennbahnTrial

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension GatePlan {
    /// What the evidence says, all pairs taken together.
    func result() -> PairedResult {
        let all = allEvidence
        let questions = questions(of: all)
        let verdicts = finalVerdicts(on: questions, from: all)
        let results = cells.indices.map { cell in
            CellResult(
                name: cells[cell], attemptedPairs: all[cell].attemptedPairs, droppedPairs: all[cell].droppedPairs,
                metrics: GateMetric.allCases.map {
                    metricResult(Judge.Question(cell: cell, metric: $0), from: all[cell], verdicts)
                })
        }
        let unsound = [leftBehind].compactMap { $0 } + unsoundReasons(questions, all)
        let noisy = noisyReasons(results)
        return PairedResult(
            verdict: verdict(results, isUnsound: !unsound.isEmpty, isNoisy: !noisy.isEmpty),
            reasons: [verificationFailure].compactMap { $0 } + unsound + failReasons(results) + noisy
                + undecidedReasons(results),
            settings: settings, cells: results, blocks: records)
    }

    /// Noise hides: it makes intervals wide. So a metric that FAILed twice all the same is told, whatever others could not show.
    private func verdict(_ results: [CellResult], isUnsound: Bool, isNoisy: Bool) -> GateVerdict {
        let gating = results.flatMap(\.metrics).filter { !$0.isAdvisory }.map(\.verdict)
        if verificationFailure != nil { return .verificationFailed }
        if isUnsound { return .invalid }
        if gating.contains(.fail) { return .fail }
        if isNoisy { return .invalid }
        let everyCellIsTold = results.allSatisfy { cell in
            cell.metrics.contains { !$0.isAdvisory && $0.verdict == .pass }
        }
        return everyCellIsTold && !gating.contains(.undecided) ? .pass : .undecided
    }

    // MARK: - Verdicts

    /// A gating metric FAILs only if it did so twice; if it did not, the pairs of both times may still pass it.
    private func finalVerdicts(
        on questions: [Judge.Question], from all: [Evidence]
    ) -> [Judge.Question: MetricVerdict] {
        var verdicts = judge.verdicts(on: questions, from: all, isLast: true)
        let confirmed = confirmed
        for question in questions where !question.metric.isAdvisory {
            if confirmed.contains(question) {
                verdicts[question] = .fail
            } else if verdicts[question] == .fail || all[question.cell].validPairs < settings.minimumPairs {
                verdicts[question] = .undecided
            }
        }
        return verdicts
    }

    /// Those that FAILed and did so again.
    private var confirmed: Set<Judge.Question> {
        switch phase {
        case .measuring: return []
        case .confirming(let suspects):
            return judge.confirmed(suspects, fresh: confirmation, all: allEvidence, isLast: true)
        }
    }

    // MARK: - Reasons

    /// Why nothing that was measured may be believed.
    private func unsoundReasons(_ questions: [Judge.Question], _ all: [Evidence]) -> [String] {
        var reasons: [String] = []
        for cell in cells.indices where isUnusable(first[cell]) || isUnusable(confirmation[cell]) {
            let (dropped, attempted) = (all[cell].droppedPairs, all[cell].attemptedPairs)
            reasons.append(
                "\(cells[cell]): \(dropped) of \(attempted.of("pair was", "pairs were")) dropped, because blocks were invalid"
            )
        }
        let alarming = judge.alarmingControls(questions, from: all)
        for question in questions where alarming.contains(question) {
            reasons.append(
                "\(cells[question.cell]), \(question.metric.title): the control, blocks of one and the same build, shows a "
                    + "difference")
        }
        return reasons
    }

    private func noisyReasons(_ results: [CellResult]) -> [String] {
        results.flatMap { cell in
            cell.metrics.filter(isNoisy).map { metric in
                "\(cell.name), \(metric.metric.title): the machine is too noisy; \((metric.change?.pairs ?? 0).of("pair shows", "pairs show")) "
                    + "changes from \(GateText.percent(metric.detectable ?? 0)) on"
            }
        }
    }

    /// Whether a metric is undecided because the machine could not show what matters.
    private func isNoisy(_ metric: MetricResult) -> Bool {
        guard metric.verdict == .undecided, !metric.isAdvisory, let detectable = metric.detectable else { return false }
        return detectable - metric.tolerance > settings.noisyEffect
    }

    /// Whether all pairs together lie beyond the tolerance, which is no FAIL unless they do so twice.
    private func isBeyond(_ metric: MetricResult) -> Bool {
        guard let change = metric.change else { return false }
        let least = metric.metric.isBetterWhenHigher ? 1 / change.upper : change.lower
        return least - 1 > metric.tolerance
    }

    private func failReasons(_ results: [CellResult]) -> [String] {
        results.flatMap { cell in
            cell.metrics.filter { $0.verdict == .fail && !$0.isAdvisory }.compactMap { metric in
                metric.change.map {
                    "\(cell.name), \(metric.metric.title): \(GateText.change($0)), measured twice; "
                        + "\(GateText.percent(metric.tolerance)) are tolerated"
                }
            }
        }
    }

    private func undecidedReasons(_ results: [CellResult]) -> [String] {
        results.flatMap { cell in
            let gating = cell.metrics.filter { !$0.isAdvisory }
            guard gating.contains(where: { $0.verdict != .notMeasured }) else {
                return ["\(cell.name): nothing was measured"]
            }
            return gating.filter { $0.verdict == .undecided && !isNoisy($0) }.map { metric in
                let name = "\(cell.name), \(metric.metric.title): "
                guard let change = metric.change, let detectable = metric.detectable else {
                    return name + "too few pairs have the figure"
                }
                if isBeyond(metric) {
                    return name + "\(GateText.change(change)), but measured again it was not beyond the tolerance of "
                        + "\(GateText.percent(metric.tolerance)) for certain"
                }
                return name + "\(GateText.change(change)), which reaches over the tolerance of "
                    + "\(GateText.percent(metric.tolerance)); \(change.pairs.of("pair shows", "pairs show")) changes from "
                    + "\(GateText.percent(detectable)) on"
            }
        }
    }

    // MARK: - Figures

    private func metricResult(
        _ question: Judge.Question, from evidence: Evidence, _ verdicts: [Judge.Question: MetricVerdict]
    ) -> MetricResult {
        let metric = question.metric
        let level = 1 - 2 * settings.alpha
        let ratios = evidence.pairs[metric] ?? []
        let estimate = evidence.estimate(of: metric)
        let bound = settings.bound(of: metric)
        func interval(_ estimate: PairedEstimate?) -> RatioInterval? {
            estimate.map { RatioInterval($0, of: metric, level: level) }
        }
        return MetricResult(
            metric: metric, verdict: verdicts[question] ?? .notMeasured, isAdvisory: metric.isAdvisory,
            tolerance: settings.tolerance(of: metric),
            base: figure(metric, cell: question.cell, .base),
            candidate: figure(metric, cell: question.cell, .candidate),
            change: interval(estimate), confirmation: interval(confirmation[question.cell].estimate(of: metric)),
            control: interval(evidence.controlEstimate(of: metric)), deviation: estimate?.deviation,
            detectable: estimate.map {
                expm1(
                    DetectableEffect.smallest(
                        deviation: $0.deviation, pairs: $0.count, alpha: settings.alpha, beyond: bound))
            },
            worsePairs: ratios.count { $0 > 0 },
            rankProbability: ratios.isEmpty ? nil : RankTests.signedRankTest(ratios),
            outliers: RankTests.outliers(ratios),
            isBetter: estimate.map { $0.count >= settings.minimumPairs && $0.pValue(below: -bound) <= settings.alpha }
                ?? false,
            ratios: ratios.map { exp(metric.isBetterWhenHigher ? -$0 : $0) })
    }

    /// The geometric mean of a build's figures in all valid blocks.
    private func figure(_ metric: GateMetric, cell: Int, _ build: Build) -> Double? {
        Statistics.geometricMean(
            ofRatios: records.filter { $0.cell == cells[cell] && $0.build == build }.compactMap { $0.figure(metric) })
    }
}
