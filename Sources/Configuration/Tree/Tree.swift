/// A place in a configuration file; both count from 1, columns in Unicode scalars.
package struct Place: Sendable, Hashable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// A value of a configuration file, with the place where it begins. JSON and YAML give the same trees.
package struct Tree: Sendable {
    package indirect enum Value: Sendable, Equatable {
        case null
        case boolean(Bool)
        case integer(Int)
        /// Neither an integer nor within its range.
        case number(Double)
        case text(String)
        case list([Tree])
        /// In the order of the file; no key twice.
        case mapping([Entry])
    }

    /// One key of a mapping with its value.
    package struct Entry: Sendable, Equatable {
        package var key: String
        /// Of the key.
        package var place: Place
        package var value: Tree

        package init(key: String, place: Place, value: Tree) {
            self.key = key
            self.place = place
            self.value = value
        }
    }

    package var value: Value
    package var place: Place

    package init(_ value: Value, at place: Place) {
        self.value = value
        self.place = place
    }

    /// The value of a key; `nil` for what is no mapping, and where the key is missing. Readers ask by a ``Key``.
    subscript(_ key: String) -> Tree? {
        guard case .mapping(let entries) = value else { return nil }
        return entries.first { $0.key == key }?.value
    }

    package var elements: [Tree] {
        if case .list(let elements) = value { elements } else { [] }
    }

    package var entries: [Entry] {
        if case .mapping(let entries) = value { entries } else { [] }
    }

    package var text: String? {
        if case .text(let text) = value { text } else { nil }
    }

    package var integer: Int? {
        if case .integer(let integer) = value { integer } else { nil }
    }

    package var boolean: Bool? {
        if case .boolean(let boolean) = value { boolean } else { nil }
    }
}

/// Trees are equal by what they hold, wherever it stands.
extension Tree: Equatable {
    package static func == (left: Tree, right: Tree) -> Bool { left.value == right.value }
}

extension Tree.Entry {
    package static func == (left: Tree.Entry, right: Tree.Entry) -> Bool {
        left.key == right.key && left.value == right.value
    }
}

extension Tree {
    /// The value as a message quotes it, cut where it is long.
    package var quoted: String {
        switch value {
        case .null: "nothing"
        case .boolean(let boolean): "\(boolean)"
        case .integer(let integer): "\(integer)"
        case .number(let number): "\(number)"
        case .text(let text): text.quoted
        case .list(let elements): elements.isEmpty ? "an empty list" : "a list"
        case .mapping: "a mapping"
        }
    }
    /// What kind of value it is, for messages that must not quote it.
    package var kind: String {
        switch value {
        case .boolean: "a boolean"
        case .integer, .number: "a number"
        case .text: "a text"
        case .null, .list, .mapping: quoted
        }
    }
}
