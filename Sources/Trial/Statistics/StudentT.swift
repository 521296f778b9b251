#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Student's t distribution.
package struct StudentT: Equatable, Sendable {
    /// Positive.
    package let degreesOfFreedom: Double

    package init(degreesOfFreedom: Double) {
        precondition(degreesOfFreedom > 0)
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// P(T > t). Small probabilities keep their digits, which 1 − ``cumulative(_:)`` would lose.
    package func survival(_ t: Double) -> Double {
        guard t.isFinite else { return t > 0 ? 0 : 1 }
        let ratio = degreesOfFreedom / (degreesOfFreedom + t * t)
        let tail = SpecialFunctions.regularizedBeta(ratio, degreesOfFreedom / 2, 0.5) / 2
        return t >= 0 ? tail : 1 - tail
    }

    /// P(T ≤ t).
    package func cumulative(_ t: Double) -> Double { survival(-t) }

    /// The t below which lies this probability, within 0…1 exclusive.
    package func quantile(_ probability: Double) -> Double {
        precondition(probability > 0 && probability < 1)
        guard probability >= 0.5 else { return -upperQuantile(probability) }
        return upperQuantile(1 - probability)
    }

    /// The t ≥ 0 above which lies `tail`, at most one half: Newton's steps, kept within a bracket.
    private func upperQuantile(_ tail: Double) -> Double {
        guard tail < 0.5 else { return 0 }
        var (low, high) = (0.0, 1.0)
        while survival(high) > tail { (low, high) = (high, high * 2) }
        var t = (low + high) / 2
        for _ in 0..<200 {
            let excess = survival(t) - tail
            if excess > 0 { low = t } else { high = t }
            let step = excess / density(t)
            let next = t + step
            let bracketed = next > low && next < high ? next : (low + high) / 2
            if (bracketed - t).magnitude <= 1e-15 * t.magnitude { return bracketed }
            t = bracketed
        }
        return t
    }

    private func density(_ t: Double) -> Double {
        let half = (degreesOfFreedom + 1) / 2
        let logScale =
            SpecialFunctions.logGamma(half) - SpecialFunctions.logGamma(degreesOfFreedom / 2)
            - 0.5 * log(degreesOfFreedom * Double.pi)
        return exp(logScale - half * log1p(t * t / degreesOfFreedom))
    }
}
