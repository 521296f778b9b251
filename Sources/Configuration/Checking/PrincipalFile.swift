/// A file of principals, whom the clients of `rennbahn load` log in as: a list, each of whose elements says by method what a
/// client proves itself with, as the `auth` of a component does.
package enum PrincipalFile {
    /// Room for about a hundred thousand of them.
    package static var bounds: TreeReader.Bounds {
        var bounds = TreeReader.Bounds()
        bounds.size = 16 * 1024 * 1024
        bounds.values = 1_000_000
        return bounds
    }

    /// Reads and checks a file; returns its elements, at least one.
    ///
    /// - Throws: every problem, with its place.
    package static func read(_ text: String) throws(Problems) -> [Tree] {
        let tree = try TreeReader.read(text, bounds: bounds)
        var problems = Checker.check(tree, Schema.principals, path: "")
        let methods = Schema.section("principal").keys.map(\.name).joined(separator: ", ")
        for (index, principal) in tree.elements.enumerated() where principal.value == .mapping([]) {
            let message = "no method; expected one or several of \(methods)"
            problems.append(Problem(.invalid, "[\(index)]", at: principal.place, message))
        }
        guard problems.isEmpty else { throw Problems(problems) }
        return tree.elements
    }
}
