import RennbahnTrial

/// The rules by which intervals become verdicts.
struct Judge: Sendable {
    let settings: GateSettings

    /// One metric of one cell.
    struct Question: Hashable, Sendable {
        let cell: Int
        let metric: GateMetric
    }

    /// The verdicts on these questions, taken together.
    ///
    /// FAIL if the interval lies beyond the tolerance, corrected for the number of gating metrics, and strictly while more
    /// pairs could be had. PASS if it lies inside: all have to pass for the whole to pass, so nothing is corrected.
    /// An advisory metric stands for itself.
    func verdicts(
        on questions: [Question], from evidence: [Evidence], isLast: Bool
    ) -> [Question: MetricVerdict] {
        var verdicts: [Question: MetricVerdict] = [:]
        let alpha = isLast ? settings.alpha : settings.interimAlpha
        let told = questions.filter { evidence[$0.cell].estimate(of: $0.metric) != nil }
        let gating = told.filter { !$0.metric.isAdvisory }
        let adjusted = HolmCorrection.adjusted(gating.map { worse($0, evidence) })
        let corrected = Dictionary(uniqueKeysWithValues: zip(gating, adjusted))
        for question in questions {
            guard let estimate = evidence[question.cell].estimate(of: question.metric) else {
                verdicts[question] = .undecided
                continue
            }
            let bound = settings.bound(of: question.metric)
            let isEnough = settings.isEnough(estimate.count)
            if isEnough, corrected[question] ?? worse(question, evidence) <= alpha {
                verdicts[question] = .fail
            } else if isEnough, estimate.pValue(below: bound) <= settings.alpha {
                verdicts[question] = .pass
            } else {
                verdicts[question] = .undecided
            }
        }
        return verdicts
    }

    /// Those that fresh pairs confirm: by themselves these show the candidate to be worse at all, and all pairs together lie
    /// beyond the tolerance. To ask the fresh ones alone for the tolerance again would need twice the pairs.
    func confirmed(_ suspects: [Question], fresh: [Evidence], all: [Evidence], isLast: Bool) -> Set<Question> {
        let alpha = isLast ? settings.alpha : settings.interimAlpha
        let again = HolmCorrection.adjusted(
            suspects.map { fresh[$0.cell].estimate(of: $0.metric)?.pValue(above: 0) ?? 1 })
        let together = HolmCorrection.adjusted(suspects.map { worse($0, all) })
        return Set(
            suspects.indices.filter { index in
                let pairs = fresh[suspects[index].cell].estimate(of: suspects[index].metric)?.count ?? 0
                return settings.isEnough(pairs) && again[index] <= alpha && together[index] <= alpha
            }.map { suspects[$0] })
    }

    private func worse(_ question: Question, _ evidence: [Evidence]) -> Double {
        evidence[question.cell].estimate(of: question.metric)?.pValue(above: settings.bound(of: question.metric)) ?? 1
    }

    /// The questions whose control shows an effect: two blocks of one build that differ by more than the tolerance, and
    /// more than chance would have it.
    func alarmingControls(_ questions: [Question], from evidence: [Evidence]) -> Set<Question> {
        let gating = questions.filter { !$0.metric.isAdvisory }
        let estimates = gating.map { evidence[$0.cell].controlEstimate(of: $0.metric) }
        let pValues = estimates.map { $0.map { min(1, 2 * min($0.pValue(above: 0), $0.pValue(below: 0))) } ?? 1 }
        return Set(
            zip(zip(gating, estimates), HolmCorrection.adjusted(pValues)).compactMap { entry, p in
                guard let estimate = entry.1, p <= settings.controlAlpha else { return nil }
                return estimate.mean.magnitude > settings.bound(of: entry.0.metric) ? entry.0 : nil
            })
    }
}
