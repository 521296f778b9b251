/// Finds the key that was probably meant.
enum Spelling {
    /// The known word with the fewest changes to `word`, if they are few for its length.
    static func nearest(to word: String, among known: [String]) -> String? {
        guard word.utf8.count <= 64 else { return nil }
        let lowered = word.lowercased().replacing("-", with: "_")
        let ranked = known.map { ($0, distance(lowered, $0.lowercased().replacing("-", with: "_"))) }
        guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(1, word.count / 3) else { return nil }
        return best.0
    }

    /// Insertions, deletions, replacements and swaps of neighbours.
    static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        var older: [Int] = []
        var previous = Array(0...right.count)
        for (i, octet) in left.enumerated() {
            var row = [i + 1]
            for (j, other) in right.enumerated() {
                var cost = min(previous[j] + (octet == other ? 0 : 1), row[j] + 1, previous[j + 1] + 1)
                if i > 0, j > 0, octet == right[j - 1], left[i - 1] == other { cost = min(cost, older[j - 1] + 1) }
                row.append(cost)
            }
            (older, previous) = (previous, row)
        }
        return previous[right.count]
    }
}
