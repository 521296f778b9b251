/// What the web service `nodeinfo` tells of the process.
package struct NodeInfo: Sendable, Equatable {
    /// Name and version of the program.
    package var release: String
    /// Seconds since 1970-01-01 UTC.
    package var started: UInt64
    package var processID: Int32

    package init(release: String, started: UInt64, processID: Int32) {
        self.release = release
        self.started = started
        self.processID = processID
    }

    /// - Parameter peer: whom the page is for.
    func page(peer: String) -> WebResponse {
        let rows = [
            ("Release", release), ("Started", HTTPDate.text(started)), ("Process", "\(processID)"),
            ("Served for", peer),
        ]
        let list = rows.map { "<dt>\($0)</dt><dd>\(WebResponse.escaped($1))</dd>" }.joined(separator: "\n")
        var response = WebResponse.page(.ok, title: "Node information", body: "\n<dl>\n\(list)\n</dl>\n")
        response.add("Cache-Control", "no-store")
        return response
    }
}
