import Logging
import RennbahnMetrics
import RennbahnReactor
import RennbahnRouterNode

extension MetricsServer {
    /// Nanoseconds that shards have to say how they are doing: one that is busy for longer is told of as it was.
    private static let patience: UInt64 = 250_000_000
    /// Nanoseconds for which what they said is told again.
    private static let age: UInt64 = 100_000_000

    /// Tells of a router, and in its log where.
    ///
    /// - Parameter descriptors: that the process may have open.
    func start(_ node: Node, shards: Int, descriptors: Int, _ logger: Logger) throws(SystemError) {
        let watch = try node.watch()
        let process = OwnProcess(descriptors: descriptors)
        try start { format in
            let told = watch.look(patience: MetricsServer.patience, age: MetricsServer.age)
            return RouterMetrics.text(told, shards: shards, process, format).text
        }
        logger.notice("metrics at \(url)")
    }
}
