import Logging
import RennbahnReactor
import RennbahnTransport

/// Writes a line to the log for each answer of a web service: `access_log`. The query of a request is left out, since it may
/// hold secrets.
/// ```
/// site 127.0.0.1:51234 GET /index.html 200 1042
/// ```
struct AccessLog: WebLog {
    /// Characters of a path that are written.
    static let longest = 512

    let transport: String
    let logger: Logger

    func answered(_ peer: SocketAddress?, method: String, path: String, status: Int, count: Int) {
        let from = peer.map { "\($0)" } ?? "-"
        let rest = path.utf8.count > AccessLog.longest ? "…" : ""
        logger.info(
            "\(transport) \(from) \(method.prefix(32)) \(path.prefix(AccessLog.longest))\(rest) \(status) \(count)")
    }
}
