import ArgumentParser
import RennbahnWorkload

/// What `--rate` says: `5000`, `100:5000` or `30s@500,60s@2000`.
enum RateOption: Equatable {
    case constant(Double)
    case moving(RateShape)

    /// Steps that there may be.
    private static let most = 1000

    @Sendable static func parse(_ text: String) throws -> RateOption {
        let ends = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if text.contains("@") {
            let steps = try text.split(separator: ",", omittingEmptySubsequences: false).map { try step(String($0)) }
            guard steps.count <= most else { throw ValidationError("has more than \(most) steps") }
            return .moving(RateShape(.steps(steps), text: text))
        }
        guard ends.count > 1 else { return .constant(try Quantity.rate(text)) }
        guard ends.count == 2 else { throw ValidationError("a ramp has two rates, such as 100:5000") }
        return .moving(RateShape(.ramp(from: try rate(ends[0]), to: try rate(ends[1])), text: text))
    }

    private static func step(_ text: String) throws -> RateShape.Step {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw ValidationError("a step is a time and a rate, such as 30s@500") }
        let seconds = try Quantity.seconds(parts[0])
        guard seconds > 0, seconds <= 86_400 else {
            throw ValidationError("a step lasts more than 0 and up to 86400 seconds")
        }
        return RateShape.Step(rate: try rate(parts[1]), length: max(1, UInt64(seconds * 1_000_000_000)))
    }

    private static func rate(_ text: String) throws -> Double {
        let rate = try Quantity.rate(text)
        let range = WorkloadParameters.rateRange
        guard range.contains(rate) else {
            throw ValidationError("rates are \(range.lowerBound) to \(Int(range.upperBound)) a second")
        }
        return rate
    }

    var shape: RateShape? {
        if case .moving(let shape) = self { shape } else { nil }
    }

    /// Operations a second in the window, on average.
    func mean(_ phases: PhaseDurations) -> Double {
        switch self {
        case .constant(let rate): return rate
        case .moving(let shape):
            let profile = shape.profile(length: phases.warmUp + phases.window)
            guard phases.window > 0, let profile else { return shape.highest }
            return profile.mean(from: phases.warmUp, seconds: Double(phases.window) / 1_000_000_000)
        }
    }
}
