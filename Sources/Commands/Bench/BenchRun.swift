import RennbahnTrial

/// Measures the groups of the matrix, row by row.
struct BenchRun {
    let plan: BenchPlan
    let run: TrialRun

    /// - Parameters:
    ///   - row: gets the results of each work as they are there.
    func measure(row: ([TrialResult]) throws -> Void, isInterrupted: () -> Bool) throws -> [TrialResult] {
        var all: [TrialResult] = []
        let total = plan.groupCount
        for rows in plan.rows {
            var results: [TrialResult] = []
            for group in rows.groups where !isInterrupted() {
                let depth = group.sides[0].task.depth
                let title = "[\(all.count + results.count + 1)/\(total)] \(group.work), \(depth) in flight"
                results += try run.measure(group, title)
            }
            BenchRun.shareFloor(&results)
            all += results
            if !results.isEmpty { try row(results) }
        }
        return all
    }

    /// The floor has its turns in one of the groups of a work; the others know it through the baseline, which is in all.
    private static func shareFloor(_ results: inout [TrialResult]) {
        guard let measured = results.first(where: { $0.sides.first?.floorRatio != nil }),
            let floor = measured.sides.first?.floorRatio
        else { return }
        // Of a fleet of another size neither baseline nor floor are the same.
        for group in results.indices where results[group].clients == measured.clients {
            for side in results[group].sides.indices
            where results[group].sides[side].floorRatio == nil && results[group].sides[side].role == .other {
                results[group].sides[side].floorRatio = results[group].sides[side].ratios[.routerCPU]?.times(floor)
            }
        }
    }
}
