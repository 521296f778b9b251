package import RennbahnWebSocket

/// A request to a web service, without its body: services have only something to give.
package struct WebRequest: Sendable {
    package enum Method: Sendable, Equatable {
        case get
        /// As GET, without the body of the answer (RFC 9110, section 9.3.2).
        case head
        /// What no service has.
        case other
    }

    package let method: Method
    /// The method as it was sent.
    package let methodName: String
    /// Path and query, beginning with a slash.
    package let target: String
    /// `nil`: the path can lead nowhere.
    package let path: RequestPath?
    package let head: HTTPHead
    /// Whether a further request may follow behind the answer: not where the client says no, not in HTTP/1.0, and not
    /// behind a body, which nobody reads.
    package let keepsAlive: Bool

    /// Throws for what is no request at all, after which the connection ends.
    package init(_ head: HTTPHead) throws(UpgradeRefusal) {
        let line = try HTTPRequestLine(head.startLine)
        let hosts = head.values("host")
        guard hosts.count == 1 || (hosts.isEmpty && line.isHTTP10), hosts.allSatisfy(UpgradeRequest.isHost) else {
            throw .badRequest("Host is missing or malformed")
        }
        methodName = line.method
        method = line.method == "GET" ? .get : line.method == "HEAD" ? .head : .other
        target = line.target
        path = RequestPath(target: line.target)
        self.head = head
        let hasBody =
            !head.values("transfer-encoding").isEmpty || !head.values("content-length").allSatisfy { $0 == "0" }
        keepsAlive = !hasBody && !line.isHTTP10 && !head.list("connection", contains: "close")
    }
}
