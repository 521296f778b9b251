/// The keys of one mapping.
package struct Section: Sendable {
    package var name: String
    package var title: String
    package var about: String
    package var keys: [Row]
    package var rules: [Rule]

    init(_ name: String, _ title: String, _ about: String, _ keys: [any TableEntry], rules: [Rule] = []) {
        self.name = name
        self.title = title
        self.about = about
        self.keys = keys.map(\.row)
        self.rules = rules
    }

    package subscript(key: String) -> Row? { keys.first { $0.name == key } }
}

/// The whole table, and that of files of principals beside it.
package enum Schema {
    package static let sections: [Section] =
        nodeSections + realmSections + transportSections + webSections + endpointSections + optionSections
        + compressionSections + cookieSections + authSections + componentAuthSections + containerSections
        + componentSections + connectingSections + connectEndpointSections + connectCompressionSections
    package static let root = "node"

    private static let byName = Dictionary(
        uniqueKeysWithValues: (sections + principalSections).map { ($0.name, $0) })

    package static func section(_ name: String) -> Section {
        guard let section = byName[name] else { preconditionFailure("no section \(name) in the table") }
        return section
    }

    /// While the table is being put together.
    static func section(_ name: String, of sections: [Section]) -> Section {
        guard let section = sections.first(where: { $0.name == name }) else {
            preconditionFailure("no section \(name)")
        }
        return section
    }
}
