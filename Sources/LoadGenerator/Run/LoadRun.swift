package import RennbahnMeasurement
import RennbahnReactor
import RennbahnWorkload

/// One run of the load generator against one server.
package struct LoadRun: Sendable {
    private let configuration: LoadConfiguration

    package init(_ configuration: LoadConfiguration) {
        self.configuration = configuration
    }

    /// Makes the run; returns when all connections are closed.
    ///
    /// - Parameters:
    ///   - onProgress: called on this thread a few times a second, and at every change of the phase.
    ///   - onInterval: called on this thread once a second and at the end of the run, with what happened since; nil: nothing is
    ///     taken.
    ///   - takesTotals: whether progress tells totals, which need intervals.
    ///   - steering: asked several times a second, until it is `nil`: what is to be done to the run.
    ///   - isInterrupted: asked several times a second; once true, the run is closed and what was measured is returned.
    package func run(
        onProgress: (LoadProgress) -> Void = { _ in }, onInterval: ((RunInterval) -> Void)? = nil,
        takesTotals: Bool = false, steering: () -> Steering? = { nil }, isInterrupted: () -> Bool = { false }
    ) throws(LoadFailure) -> LoadOutcome {
        let director = try LoadRun.director(configuration, isInTurns: false)
        try director.conduct(
            onProgress: onProgress, onInterval: onInterval, takesTotals: takesTotals, steering: steering,
            isInterrupted: isInterrupted)
        return director.outcome()
    }

    /// Starts the fleet's threads, after all that can be found out before.
    static func director(
        _ configuration: LoadConfiguration, isInTurns: Bool
    ) throws(LoadFailure) -> LoadDirector {
        let problems = configuration.workload.problems()
        guard problems.isEmpty else { throw .parameters(problems) }
        let patience = configuration.workload.phases.connectTimeout
        let address = try configuration.target.address(patience: patience)
        let receiverAddress = try configuration.receiverTarget.map { target throws(LoadFailure) in
            try target.address(patience: patience)
        }
        let sources = try Preflight(configuration, address: address).sources
        return try LoadDirector(
            configuration, address: address, receiverAddress: receiverAddress ?? address, sources: sources,
            isInTurns: isInTurns)
    }
}
