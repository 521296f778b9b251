#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Whether the baseline's twin, which does the very same work, comes out as the baseline does.
///
/// What the sides of one process share (pools of compression states, timers, caches) or what their order does shows here.
package enum TwinControl {
    /// What two of the same may differ by: more than that and more than chance, and the group tells nothing.
    static func tolerance(of metric: TrialMetric) -> Double? {
        switch metric {
        case .routerCPU: 0.015
        case .rate: 0.03
        case .generatorCPU: 0.03
        case .bytes: 0.001
        case .batch: nil
        }
    }

    /// The metrics in which the twin differs, with its ratio.
    package static func alarms(_ ratios: [TrialMetric: Told]) -> [(metric: TrialMetric, ratio: Told)] {
        TrialMetric.allCases.compactMap { metric in
            guard let ratio = ratios[metric], let tolerance = tolerance(of: metric),
                Finding(ratio) != .noDifferenceShown, log(ratio.value).magnitude > log1p(tolerance)
            else { return nil }
            return (metric, ratio)
        }
    }
}
