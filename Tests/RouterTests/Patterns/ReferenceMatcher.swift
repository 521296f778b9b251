import RennbahnWAMP

/// A subscription or registration pattern, matched by the book: slow, obvious, and nothing in common with the index.
struct ReferencePattern: Hashable {
    let uri: String
    let match: MatchPolicy

    init(_ uri: String, _ match: MatchPolicy) {
        self.uri = uri
        self.match = match
    }

    private static func components(_ uri: String) -> [Substring] {
        uri.split(separator: ".", omittingEmptySubsequences: false)
    }

    func matches(_ name: String) -> Bool {
        switch match {
        case .exact: return uri == name
        case .prefix: return name.hasPrefix(uri) || uri.isEmpty
        case .wildcard:
            let own = ReferencePattern.components(uri)
            let others = ReferencePattern.components(name)
            return own.count == others.count && zip(own, others).allSatisfy { $0.isEmpty || $0 == $1 }
        }
    }

    /// The lengths of the runs of literal components: before the first empty one, between it and the second, and so on.
    var runs: [Int] {
        var runs = [0]
        for component in ReferencePattern.components(uri) {
            if component.isEmpty { runs.append(0) } else { runs[runs.count - 1] += 1 }
        }
        return runs
    }

    /// Whether a call that both match goes to this one.
    func isBetter(than other: ReferencePattern) -> Bool {
        guard match == other.match else { return match.rawValue < other.match.rawValue }
        switch match {
        case .exact: return false
        case .prefix: return uri.utf8.count > other.uri.utf8.count
        case .wildcard: return other.runs.lexicographicallyPrecedes(runs)
        }
    }

    /// The pattern that a call goes to.
    static func best(_ patterns: some Sequence<ReferencePattern>, for name: String) -> ReferencePattern? {
        patterns.filter { $0.matches(name) }.reduce(nil) { best, pattern in
            guard let best else { return pattern }
            return pattern.isBetter(than: best) ? pattern : best
        }
    }
}
