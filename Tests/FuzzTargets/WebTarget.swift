import RennbahnBytes
import RennbahnWeb
import RennbahnWebSocket

extension FuzzTarget {
    /// What stands at the paths that are looked for; the head of a request. Taken where there is an answer to it.
    static let web = FuzzTarget("web", longest: 4096) { input in
        var input = InputReader(input)
        let finds = input.octet()
        guard let head = try? UpgradeRequest.readHead(Array(input.rest).span), let request = try? WebRequest(head)
        else {
            return []
        }
        if let path = request.path { try checkComponents(path.components) }
        for field in head.fields {
            guard let seconds = HTTPDate.seconds(field.value) else { continue }
            try hold(HTTPDate.seconds(HTTPDate.text(seconds)) == seconds, "\(field.value) is a date")
        }
        guard let outcome = site.outcome(of: request, peer: "192.0.2.1:9") else { return [] }
        try checkAnswer(try answer(outcome, finds))
        return ["web"]
    }

    private static let site: WebSite = {
        var listed = StaticFiles(directory: "listed")
        listed.listsFolders = true
        var application = StaticFiles(directory: "application")
        application.fallback = "application.html"
        return WebSite(services: [
            "/": .files(listed), "app": .files(application), "value": .value(JSONValue(text: "{}")),
            "node": .nodeInfo(NodeInfo(release: "1", started: 0, processID: 1)), "old": .redirect("/new"),
        ])
    }()

    /// Names of files and folders: nothing that leads out of a folder.
    private static func checkComponents(_ components: [String]) throws {
        for component in components {
            let isName = !["", ".", ".."].contains(component) && !component.utf8.contains { $0 == 0 || $0 == 0x2f }
            try hold(isName, "\(components) are names")
        }
    }

    /// Goes the way to an answer; the bits of `finds` say what stands there, step by step.
    private static func answer(_ outcome: WebSite.Outcome, _ finds: UInt8) throws -> WebResponse {
        guard case .look(_, var lookup, var step) = outcome else {
            guard case .answer(let response) = outcome else { throw BrokenProperty("there is no third outcome") }
            return response
        }
        let entries = ["a", "b&<.html", ".hidden"].map { FolderListing.Entry(name: $0, isFolder: $0 == "a") }
        var finds = finds
        for _ in 0..<8 {
            switch step {
            case .answer(let response): return response
            case .open(let path):
                try checkOpened(path)
                let facts = FileFacts(count: finds & 4 == 0 ? 1000 : 0, modified: 1_700_000_000_000_000_000)
                let found: [StaticLookup.Found] = [.file(facts), .folder, .nothing, .noRoom]
                step = lookup.found(found[Int(finds & 3)])
            case .list(let path):
                try checkOpened(path)
                step = lookup.listed(finds & 1 == 0 ? entries : nil)
            }
            finds >>= 2
        }
        throw BrokenProperty("a look-up ends after a few steps")
    }

    private static func checkOpened(_ path: String) throws {
        guard path != "." else { return }
        let components = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        try checkComponents(components)
        let hidden = components.enumerated().filter { $1.hasPrefix(".") && !($0 == 0 && $1 == ".well-known") }
        try hold(hidden.isEmpty, "\(path) is for everybody")
    }

    private static func checkAnswer(_ response: WebResponse) throws {
        if case .file(let range) = response.body {
            try hold(range.lowerBound >= 0 && range.upperBound <= 1000, "\(range) are octets of the file")
        }
        var output = ByteBuffer()
        response.appendHead(WebResponse.Surroundings(date: 0, server: "test", isLast: false), to: &output)
        let (status, length) = try answeredHead(output.span.copied())
        try hold(status == response.status.rawValue, "\(status) is the status")
        try hold(length == nil || length == response.body.count, "the length is that of the body")
    }
}
