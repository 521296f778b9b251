/// Holm's step-down correction: of many hypotheses that are tested at once, the probability to reject any true one stays
/// at the level, whatever their dependence.
package enum HolmCorrection {
    /// The p-values, each in its place, made comparable with the level for the whole family.
    package static func adjusted(_ pValues: [Double]) -> [Double] {
        var adjusted = pValues
        var largest = 0.0
        for (rank, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
            largest = max(largest, min(1, Double(pValues.count - rank) * pValues[index]))
            adjusted[index] = largest
        }
        return adjusted
    }
}
