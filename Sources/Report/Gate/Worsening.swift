import RennbahnGate

/// A change with its interval as it is drawn: a share, and to the right is worse, whatever the metric.
struct Worsening: Equatable {
    let low: Double
    let middle: Double
    let high: Double

    init(_ interval: RatioInterval, of metric: GateMetric) {
        let isInverted = metric.isBetterWhenHigher
        low = (isInverted ? 1 / interval.upper : interval.lower) - 1
        middle = Worsening.share(ofRatio: interval.ratio, metric)
        high = (isInverted ? 1 / interval.lower : interval.upper) - 1
    }

    /// How much worse the ratio of one pair is.
    static func share(ofRatio ratio: Double, _ metric: GateMetric) -> Double {
        (metric.isBetterWhenHigher ? 1 / ratio : ratio) - 1
    }

    /// Half the width of a scale on which all these intervals have room: at least twice the tolerances that decide, at most 50 %.
    static func reach(_ cells: [CellResult]) -> Double {
        let metrics = cells.flatMap(\.metrics)
        let ends: [Double] = metrics.flatMap { metric -> [Double] in
            guard let drawn = metric.drawn else { return [] }
            return [drawn.low.magnitude, drawn.high.magnitude, metric.isAdvisory ? 0 : 2 * metric.tolerance]
        }
        let widest = ends.filter(\.isFinite).max() ?? 0
        return [0.02, 0.04, 0.06, 0.1, 0.2, 0.3].first { $0 >= widest } ?? 0.5
    }
}

extension MetricResult {
    var drawn: Worsening? { change.map { Worsening($0, of: metric) } }

    /// A figure of the metric with its unit.
    func text(_ figure: Double?) -> String {
        guard let figure else { return HumanNumber.absent }
        switch metric {
        case .routerCPU: return HumanNumber.duration(nanoseconds: figure * 1000)
        case .throughput: return HumanNumber.rate(figure)
        case .responseP50, .responseP99: return HumanNumber.duration(nanoseconds: figure)
        case .bytesPerMessage, .memoryPerConnection: return HumanNumber.bytes(figure)
        }
    }

    /// `fail`, or `fail (advisory)`; a pass may be `better`.
    var verdictText: String {
        let word =
            switch verdict {
            case .pass: isBetter ? "better" : "pass"
            case .fail: "FAIL"
            case .undecided: "undecided"
            case .notMeasured: "not measured"
            }
        return isAdvisory && verdict != .notMeasured ? word + " (advisory)" : word
    }

    /// `+1.2 % (+0.4 … +2)`, or a dash.
    var changeText: String { change.map(GateText.change) ?? HumanNumber.absent }

    /// The smallest change that these pairs would have shown.
    var detectableText: String { detectable.map(GateText.percent) ?? HumanNumber.absent }
}

extension GateReport {
    /// `FAIL: candidate b (2222222) against base a (1111111)`.
    var headline: String { "\(verdict.word): \(candidate) against \(base)" }
}
