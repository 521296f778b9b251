/// The way from a path to a file, or to something instead of it. What stands in the file system is found by whoever asks
/// for the next ``Step``.
///
/// ```
/// asked ─► file ─────────────────────────────► answer
///   │  └─► folder ─► its index.html ─► file ─► answer
///   │                   └─► nothing ─► its list, where lists are given
///   └─► nothing ─► the fallback, where there is one ─► file ─► answer
/// ```
package struct StaticLookup: Sendable {
    package enum Step: Sendable, Equatable {
        /// Open this path in the folder of the service; "." is the folder itself.
        case open(String)
        /// List the folder at this path.
        case list(String)
        case answer(WebResponse)
    }

    /// What stands at a path.
    package enum Found: Sendable, Equatable {
        case file(FileFacts)
        case folder
        case nothing
        /// The system has no room to open it now.
        case noRoom
    }

    private enum State: Sendable {
        case path
        case index
        case list
        case fallback
    }

    private let files: StaticFiles
    private let request: WebRequest
    private let path: RequestPath
    private var state = State.path
    private var current = ""

    private init(_ files: StaticFiles, _ request: WebRequest, _ path: RequestPath) {
        self.files = files
        self.request = request
        self.path = path
    }

    /// - Parameter path: behind the place of the service; `nil`: one that leads nowhere.
    package static func begin(
        _ files: StaticFiles, _ request: WebRequest, _ path: RequestPath?
    ) -> (StaticLookup, Step) {
        var lookup = StaticLookup(files, request, path ?? RequestPath([], isFolder: false))
        let step: Step
        if let path, StaticFiles.isPublic(path.components) {
            step = lookup.look(.path, lookup.name)
        } else {
            step = lookup.missed()
        }
        return (lookup, step)
    }

    private mutating func look(_ state: State, _ name: String) -> Step {
        self.state = state
        current = name
        return state == .list ? .list(name) : .open(name)
    }

    /// Goes on with what was found where the last step said.
    package mutating func found(_ found: Found) -> Step {
        switch (found, state) {
        case (.noRoom, _): return .answer(.unavailable)
        case (.file, .path) where path.isFolder && !path.components.isEmpty: return missed()
        case (.file(let facts), .path), (.file(let facts), .index), (.file(let facts), .fallback):
            return .answer(files.response(request, name: current, facts))
        case (.folder, .path):
            // A link in its pages is relative to it only behind a slash.
            guard path.isFolder else { return .answer(.redirect(.movedPermanently, to: slashed)) }
            return look(.index, current == "." ? StaticFiles.index : "\(current)/\(StaticFiles.index)")
        case (.folder, .index), (.nothing, .index):
            guard files.listsFolders else { return missed() }
            return look(.list, name)
        case (.nothing, .path): return missed()
        case (.folder, .fallback), (.nothing, .fallback), (_, .list): return .answer(.notFound)
        }
    }

    /// Goes on with the entries of the folder; `nil`: it is not there any more.
    package mutating func listed(_ entries: [FolderListing.Entry]?) -> Step {
        guard let entries else { return .answer(.notFound) }
        var response = FolderListing.page(path, entries)
        if files.allowsCrossOrigin { response.add("Access-Control-Allow-Origin", "*") }
        return .answer(response)
    }

    private mutating func missed() -> Step {
        guard let fallback = files.fallback else { return .answer(.notFound) }
        return look(.fallback, fallback)
    }

    /// The path in the folder of the service.
    private var name: String { path.components.isEmpty ? "." : path.components.joined(separator: "/") }

    /// The target with a slash behind its path. It begins with one slash: with two it would name another host.
    private var slashed: String {
        let path = request.target.prefix { $0 != "?" }
        return path + "/" + request.target.dropFirst(path.count)
    }
}
