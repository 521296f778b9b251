/// The page that lists a folder.
package enum FolderListing {
    /// Entries of a folder beyond these are left out.
    package static let most = 10_000

    package struct Entry: Sendable, Equatable {
        package var name: String
        package var isFolder: Bool

        package init(name: String, isFolder: Bool) {
            self.name = name
            self.isFolder = isFolder
        }
    }

    /// Folders first, then by name; without what begins with a dot.
    static func page(_ path: RequestPath, _ entries: [Entry]) -> WebResponse {
        let shown = entries.filter { !$0.name.hasPrefix(".") }
            .sorted { ($0.isFolder ? 0 : 1, $0.name) < ($1.isFolder ? 0 : 1, $1.name) }
        var items = path.components.isEmpty ? "" : "<li><a href=\"../\">../</a></li>\n"
        for entry in shown {
            let end = entry.isFolder ? "/" : ""
            // Before the name a dot: a colon in it must not look like a scheme.
            items +=
                "<li><a href=\"./\(RequestPath.encoded(entry.name))\(end)\">\(WebResponse.escaped(entry.name))\(end)</a></li>\n"
        }
        let title = "/" + path.components.map { $0 + "/" }.joined()
        var response = WebResponse.page(.ok, title: title, body: "\n<ul>\n\(items)</ul>\n")
        response.add("Cache-Control", "no-cache")
        return response
    }
}
