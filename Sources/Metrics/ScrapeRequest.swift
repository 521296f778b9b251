import RennbahnBytes
import RennbahnWeb
import RennbahnWebSocket

/// What somebody asks for who scrapes metrics, and what the answer is. Metrics themselves are handed in.
enum ScrapeRequest: Sendable, Equatable {
    case metrics(MetricsFormat, Way)
    /// `/`: a line that says where they are.
    case place(Way)
    case notFound(Way)
    case notAllowed(Way)
    /// No request at all.
    case refused(UpgradeRefusal)

    /// How it is answered.
    struct Way: Sendable, Equatable {
        /// Without the body.
        var isHead: Bool
        /// The connection ends behind the answer.
        var isLast: Bool
    }

    static let path = "/metrics"

    /// - Parameter head: octets of a whole head, its empty line included.
    init(head: Span<UInt8>) {
        do throws(UpgradeRefusal) {
            let request = try WebRequest(try UpgradeRequest.readHead(head))
            let way = Way(isHead: request.method == .head, isLast: !request.keepsAlive)
            let path = String(request.target.prefix { $0 != "?" })
            switch (request.method, path) {
            case (.other, _): self = .notAllowed(way)
            case (.get, ScrapeRequest.path), (.head, ScrapeRequest.path):
                self = .metrics(Accept(request.head.values("accept")).format, way)
            case (.get, "/"), (.head, "/"): self = .place(way)
            case (.get, _), (.head, _): self = .notFound(way)
            }
        } catch {
            self = .refused(error)
        }
    }

    var isLast: Bool {
        switch self {
        case .metrics(_, let way), .place(let way), .notFound(let way), .notAllowed(let way): way.isLast
        case .refused: true
        }
    }

    /// The octets of the answer.
    ///
    /// - Parameters:
    ///   - date: seconds since 1970 UTC.
    ///   - page: the metrics; asked for where they are wanted.
    func answer(date: UInt64, page: (MetricsFormat) -> String) -> [UInt8] {
        switch self {
        case .metrics(let format, let way):
            ScrapeRequest.answer(.ok, format.contentType, page(format), way, date, varies: true)
        case .place(let way): ScrapeRequest.answer(.ok, "Metrics are at \(ScrapeRequest.path).\n", way, date)
        case .notFound(let way):
            ScrapeRequest.answer(
                .notFound, "There is nothing at this path: metrics are at \(ScrapeRequest.path).\n", way, date)
        case .notAllowed(let way):
            ScrapeRequest.answer(.methodNotAllowed, "There is only something to read here.\n", way, date)
        case .refused(let refusal): ScrapeRequest.answer(refusal)
        }
    }

    private static func answer(_ status: WebResponse.Status, _ text: String, _ way: Way, _ date: UInt64) -> [UInt8] {
        answer(status, "text/plain; charset=utf-8", text, way, date)
    }

    private static func answer(
        _ status: WebResponse.Status, _ type: String, _ text: String, _ way: Way, _ date: UInt64, varies: Bool = false
    ) -> [UInt8] {
        let body = Array(text.utf8)
        var response = WebResponse(status, .octets(body))
        response.add("Content-Type", type)
        if status == .methodNotAllowed { response.add("Allow", "GET, HEAD") }
        if varies { response.add("Vary", "Accept") }
        response.add("Cache-Control", "no-store")
        var head = ByteBuffer()
        response.appendHead(
            WebResponse.Surroundings(date: date, server: "rennbahn", isLast: way.isLast), to: &head)
        return head.span.copied() + (way.isHead ? [] : body)
    }

    private static func answer(_ refusal: UpgradeRefusal) -> [UInt8] {
        var answer = ByteBuffer()
        refusal.append(to: &answer)
        return answer.span.copied()
    }
}
