/// What stands at a path of a web transport, apart from WebSocket.
package enum WebService: Sendable, Equatable {
    case files(StaticFiles)
    case value(JSONValue)
    case nodeInfo(NodeInfo)
    /// To a URL, absolute or relative.
    case redirect(String)
}

/// A value of the configuration: the web service `json`.
package struct JSONValue: Sendable, Equatable {
    /// JSON, as it is sent.
    package var text: String
    /// `allow_cross_origin`: pages of other origins may read it.
    package var allowsCrossOrigin: Bool
    /// `discourage_caching`.
    package var discouragesCaching: Bool

    package init(text: String, allowsCrossOrigin: Bool = true, discouragesCaching: Bool = false) {
        self.text = text
        self.allowsCrossOrigin = allowsCrossOrigin
        self.discouragesCaching = discouragesCaching
    }

    var response: WebResponse {
        var response = WebResponse(.ok, type: "application/json; charset=utf-8", text)
        if allowsCrossOrigin { response.add("Access-Control-Allow-Origin", "*") }
        if discouragesCaching {
            response.add("Cache-Control", "no-store, no-cache, must-revalidate, max-age=0")
        }
        return response
    }
}

/// The services of a web transport.
package struct WebSite: Sendable, Equatable {
    /// By the first component of their paths; `/` is asked where no other one fits.
    package var services: [String: WebService]
    /// `Strict-Transport-Security`, in seconds; `nil`: it is not sent.
    package var strictTransportSecurity: Int?
    /// `client_timeout`, in nanoseconds: from an answer to the next request.
    package var idleTimeout: UInt64 = WebSite.usualIdleTimeout
    /// The `Server` field of answers.
    package var server = "Rennbahn"

    package static let usualIdleTimeout: UInt64 = 60_000_000_000

    package init(services: [String: WebService]) {
        self.services = services
    }

    /// What becomes of a request.
    package enum Outcome: Sendable {
        case answer(WebResponse)
        /// A file is looked for, in the folder of the service.
        case look(directory: String, StaticLookup, StaticLookup.Step)
    }

    /// - Parameter peer: who asks, for the page that tells it.
    /// - Returns: `nil` where no service is at the path.
    package func outcome(of request: WebRequest, peer: @autoclosure () -> String) -> Outcome? {
        let place = RequestPath.place(in: request.target)
        let isNamed = place != "/" && services[place] != nil
        guard let service = services[place] ?? services["/"] else { return nil }
        guard request.method != .other else { return .answer(.methodNotAllowed) }
        let rest = request.path.map { path in
            isNamed ? RequestPath(Array(path.components.dropFirst()), isFolder: path.isFolder) : path
        }
        switch service {
        case .files(let files):
            let (lookup, step) = StaticLookup.begin(files, request, rest)
            return .look(directory: files.directory, lookup, step)
        case .value(let value): return .answer(rest?.components.isEmpty == true ? value.response : .notFound)
        case .nodeInfo(let info): return .answer(info.page(peer: peer()))
        case .redirect(let location): return .answer(.redirect(.found, to: location))
        }
    }

    /// For a request to a path without a service.
    package static let nowhere = WebResponse.notFound
}
