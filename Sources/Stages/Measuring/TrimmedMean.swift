import RennbahnMeasurement

/// The mean of batches without the lowest and the highest fifth, and how sure it is (Yuen): a batch that meets somebody else's
/// work says nothing of the stage.
struct TrimmedMean {
    /// Those that are trimmed included.
    let count: Int
    let mean: Double
    let standardError: Double
    let degreesOfFreedom: Double

    /// - Parameter values: at least three.
    init(_ values: [Double]) {
        let sorted = values.sorted()
        let trimmed = values.count / 5
        let kept = Array(sorted[trimmed..<(values.count - trimmed)])
        guard let lowest = kept.first, let highest = kept.last, let mean = Statistics.mean(kept),
            let deviation = Statistics.standardDeviation(sorted.map { min(max($0, lowest), highest) })
        else { preconditionFailure("too few batches") }
        let (all, some) = (Double(values.count), Double(kept.count))
        count = values.count
        self.mean = mean
        standardError = deviation * ((all - 1) / (some * (some - 1))).squareRoot()
        degreesOfFreedom = some - 1
    }
}
