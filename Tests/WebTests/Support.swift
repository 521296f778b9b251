import RennbahnBytes
import RennbahnWeb
import RennbahnWebSocket
import Testing

/// A request as a browser sends it.
func request(
    _ target: String, method: String = "GET", _ fields: String...
) throws -> WebRequest {
    let lines = ["\(method) \(target) HTTP/1.1", "Host: localhost"] + fields
    let text = lines.joined(separator: "\r\n") + "\r\n\r\n"
    return try WebRequest(UpgradeRequest.readHead(Array(text.utf8).span))
}

extension WebResponse {
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    var text: String {
        guard case .octets(let octets) = body else { return "" }
        return String(decoding: octets, as: UTF8.self)
    }
}

/// A folder that exists in the test alone.
struct PaperFolder {
    var entries: [String: StaticLookup.Found]

    func find(_ path: String) -> StaticLookup.Found { path == "." ? .folder : entries[path] ?? .nothing }

    func list(_ path: String) -> [FolderListing.Entry]? {
        let prefix = path == "." ? "" : path + "/"
        return entries.keys.filter { $0.hasPrefix(prefix) && !$0.dropFirst(prefix.count).contains("/") }.map {
            FolderListing.Entry(name: String($0.dropFirst(prefix.count)), isFolder: entries[$0] == .folder)
        }
    }

    /// The answer of a site whose files are here, and what was opened on the way to it.
    func answer(_ site: WebSite, _ request: WebRequest) throws -> (response: WebResponse, opened: [String]) {
        var opened: [String] = []
        switch try #require(site.outcome(of: request, peer: "1.2.3.4:5")) {
        case .answer(let response): return (response, opened)
        case .look(_, var lookup, var step):
            while true {
                switch step {
                case .answer(let response): return (response, opened)
                case .open(let path):
                    opened.append(path)
                    step = lookup.found(find(path))
                case .list(let path): step = lookup.listed(list(path))
                }
            }
        }
    }
}
