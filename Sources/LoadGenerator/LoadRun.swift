import Reactor
import Workload

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
    ///   - isInterrupted: asked several times a second; once true, the run is closed and what was measured is returned.
    package func run(
        onProgress: (LoadProgress) -> Void = { _ in }, isInterrupted: () -> Bool = { false }
    ) throws(LoadFailure) -> LoadOutcome {
        let problems = configuration.workload.problems()
        guard problems.isEmpty else { throw .parameters(problems) }
        let address: SocketAddress
        do {
            address = try SocketAddress(host: configuration.target.host, port: configuration.target.port)
        } catch {
            throw .unresolved(url: configuration.target.url, reason: "\(error)")
        }
        let sources = try Preflight(configuration, address: address).sources
        let director = try LoadDirector(configuration, address: address, sources: sources)
        try director.conduct(onProgress: onProgress, isInterrupted: isInterrupted)
        return director.outcome()
    }
}
