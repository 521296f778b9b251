import ArgumentParser
import RennbahnReactor

/// Where a program tells how it is doing, for Prometheus.
struct MetricsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Tell at http://HOST:PORT/metrics what was counted, for Prometheus; port 0 lets the kernel choose. Whoever reaches it \
            may read it: 127.0.0.1 is for this machine only. See docs/metrics.md.
            """, valueName: "host:port"))
    var metrics: String?

    /// Begins to listen where that is wanted; answers come once the server is started.
    func server() throws -> MetricsServer? {
        guard let metrics else { return nil }
        let address: SocketAddress
        do {
            address = try SocketAddress(parsing: metrics)
        } catch {
            throw Failure.usage("--metrics: \(error)")
        }
        do {
            return try MetricsServer(address)
        } catch {
            throw Failure.usage("--metrics: cannot listen on \(address): \(error)")
        }
    }
}
