import RennbahnWAMP
import RennbahnWorkload

/// One cell as it is measured: the work, and the server that does it.
struct CellTask {
    enum Server {
        /// A router of our own, started for the cell.
        case router(shards: Int)
        /// Our own loop with nothing of WAMP.
        case echo
        /// A program of `Benchmarks/Floor`, by its path.
        case floor(String)
        /// Somebody else's router, which runs already.
        case peer(MeasuredServer)

        /// Those that its threads can use at once, as far as that is known: a peer's are not.
        var cores: Int {
            switch self {
            case .router(let shards): shards
            case .echo, .floor, .peer: 1
            }
        }
    }

    var name: String
    var server: Server
    var scenario: Scenario
    /// For a scenario whose roles do not say how many.
    var clients = 1
    /// Operations in flight per sender.
    var depth: Int
    var payload: PayloadContent
    var serializer: Serializer
    var compression = CompressionOption.none
    /// Over TLS 1.3, with a certificate that is made for the cell; sessions are resumed.
    var isSecure = false
    /// Publishers and callers on the first shard of our router, subscribers and callees on the last.
    var isCrossed = false
    /// Seconds, where they differ from those of the run.
    var warmUp: Double?
    var duration: Double?

    /// The same work for another server.
    func served(by server: Server, _ name: String) -> CellTask {
        var task = self
        task.server = server
        task.name = "\(self.name) \(name)"
        return task
    }

    /// The order in which tasks that are compared are measured: forwards in even rounds and backwards in odd ones, so that
    /// a drift of the machine's speed hits all alike.
    static func order(of count: Int, round: Int) -> [Int] {
        round % 2 == 0 ? Array(0..<count) : Array((0..<count).reversed())
    }
}
