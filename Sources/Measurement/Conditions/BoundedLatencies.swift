/// Latencies of which some are known only to be no shorter than what is recorded: those of what was never answered, with the time
/// that it had waited, and those beyond the range of the histogram.
struct BoundedLatencies {
    let recorder: LatencyRecorder
    let unanswered: UnansweredFigures?

    /// `nil`: nothing was recorded.
    func answer(_ statistic: Statistic?) -> Figures.Answer? {
        if statistic == .count { return .told(Double(recorder.count)) }
        guard recorder.count > 0 else { return nil }
        switch statistic {
        case .percentile(let thousandths):
            let percentile = Double(thousandths) / 1000
            let rank = LatencySummary.rank(ofPercentile: percentile, in: recorder.count)
            return sample(recorder.value(atPercentile: percentile), rank: rank)
        case .min: return sample(recorder.summary().min, rank: 1)
        case .max: return sample(recorder.summary().max, rank: recorder.count)
        case .mean: return mean
        // Neither is asked of a distribution: `Condition` does not read that.
        case .rate, .count, nil: return nil
        }
    }

    /// What stands at one rank, counted from 1: it is known where all that are not known are longer.
    private func sample(_ value: UInt64, rank: UInt64) -> Figures.Answer {
        if rank > recorder.count - min(recorder.overRange, recorder.count) {
            return .atLeast(Double(LatencyRecorder.highestNanoseconds), reason: tooLong)
        }
        let equivalents = recorder.equivalents(of: value)
        if let unanswered, equivalents.upperBound >= unanswered.atLeast {
            return .atLeast(Double(equivalents.lowerBound), reason: BoundedLatencies.said(of: unanswered))
        }
        return .told(Double(value))
    }

    private var mean: Figures.Answer {
        let mean = recorder.summary().mean
        if let unanswered { return .atLeast(mean, reason: BoundedLatencies.said(of: unanswered)) }
        return recorder.overRange > 0 ? .atLeast(mean, reason: tooLong) : .told(mean)
    }

    private static func said(of unanswered: UnansweredFigures) -> String {
        "\(unanswered.count.of("was", "were")) never answered"
    }

    private var tooLong: String {
        "\(recorder.overRange) took longer than \(LatencyRecorder.highestNanoseconds / 1_000_000_000) s"
    }
}
