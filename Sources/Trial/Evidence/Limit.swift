import RennbahnMeasurement

/// What held the rate of a closed loop back.
package enum Limit: String, Codable, Sendable, CaseIterable {
    /// The router had no more to give.
    case router
    /// The generator had no more to give: the rate is a lower bound on the router's.
    case generator
    /// Neither was busy: each waited for the other, as with few operations in flight.
    case latency = "latency-bound"
    /// Something else had the processors.
    case machine

    /// - Parameter samples: of a side; `nil` where there are none.
    package init?(_ samples: [TurnSample]) {
        guard !samples.isEmpty else { return nil }
        func median(_ value: (TurnSample) -> Double) -> Double { Statistics.median(samples.map(value)) ?? 0 }
        let (router, generator) = (median { $0.routerShare ?? 0 }, median { $0.generatorShare })
        if median({ $0.waitShare }) > TurnSample.waitLimit {
            self = .machine
        } else if max(router, generator) < Limit.busyShare {
            self = .latency
        } else {
            // Both may be: of two that wait for each other hardly ever, the busier one sets the pace.
            self = router >= generator ? .router : .generator
        }
    }

    /// Of a turn, whose ends are quiet, so that nobody is busy all of it.
    static let busyShare = 0.9
}
