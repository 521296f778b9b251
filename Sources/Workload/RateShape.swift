/// The rate of an open loop that moves, as the user has said it.
package struct RateShape: Equatable, Sendable {
    /// A rate, in operations a second, that holds for so many nanoseconds.
    package struct Step: Equatable, Sendable {
        package let rate: Double
        package let length: UInt64

        package init(rate: Double, length: UInt64) {
            self.rate = rate
            self.length = length
        }
    }

    package enum Kind: Equatable, Sendable {
        /// Straight from one rate to the other, over warm-up and window together.
        case ramp(from: Double, to: Double)
        /// One behind the other from the beginning of the warm-up; the last goes on.
        case steps([Step])
    }

    package let kind: Kind
    /// As results tell it.
    package let text: String

    package init(_ kind: Kind, text: String) {
        self.kind = kind
        self.text = text
    }

    package var rates: [Double] {
        switch kind {
        case .ramp(let first, let last): [first, last]
        case .steps(let steps): steps.map(\.rate)
        }
    }

    /// The highest, in operations a second.
    package var highest: Double { rates.max() ?? 0 }

    /// `nil` where a rate or a time is none that can be kept.
    ///
    /// - Parameter length: nanoseconds of warm-up and window.
    package func profile(length: UInt64) -> RateProfile? {
        guard length > 0, !rates.isEmpty, rates.allSatisfy(WorkloadParameters.rateRange.contains) else { return nil }
        switch kind {
        case .ramp(let first, let last): return .ramp(from: first, to: last, length: length)
        case .steps(let steps):
            guard steps.allSatisfy({ $0.length > 0 }) else { return nil }
            return .steps(steps.map { ($0.rate, $0.length) })
        }
    }
}
