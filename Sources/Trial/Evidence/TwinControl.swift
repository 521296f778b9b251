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

    /// What a run makes of its twin, in one metric.
    enum Verdict: Equatable {
        /// By no more than chance and what matters.
        case agrees
        /// By more than chance does in one control, and not by more than it does in one of all that the run makes: either is possible.
        case doubtful(Told)
        /// By more than chance does in any of them: the group tells nothing.
        case differs(Told)
    }

    /// The level of a control's interval, so that of so many controls in which nothing is wrong not one cries out, at 95 %
    /// (Bonferroni: however they depend on each other).
    static func level(controls: Int) -> Double { 1 - 0.05 / Double(max(1, controls)) }

    /// - Parameters:
    ///   - ratio: the twin's to its baseline, with the interval of one control.
    ///   - strict: the same at ``level(controls:)``.
    static func verdict(on metric: TrialMetric, _ ratio: Told, strict: Told) -> Verdict {
        guard let tolerance = tolerance(of: metric), Finding(ratio) != .noDifferenceShown,
            log(ratio.value).magnitude > log1p(tolerance)
        else { return .agrees }
        return Finding(strict) == .noDifferenceShown ? .doubtful(ratio) : .differs(ratio)
    }
}
