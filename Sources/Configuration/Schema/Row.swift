/// One row of the table: what checker, JSON Schema and documentation know of a key of a section.
package struct Row: Sendable {
    package var name: String
    package var shape: Shape
    package var isRequired: Bool
    /// What holds without the key.
    package var initial: Initial
    package var support: Support
    package var about: String

    init(
        _ name: String, _ shape: Shape, required: Bool = false, initial: Initial = .nothing, _ support: Support,
        _ about: String
    ) {
        self.name = name
        self.shape = shape
        isRequired = required
        self.initial = initial
        self.support = support
        self.about = about
    }

    init(_ name: String, _ shape: Shape, required: Bool = false, initial: Initial = .nothing, _ about: String) {
        self.init(name, shape, required: required, initial: initial, .full, about)
    }
}

/// What holds without a key, as far as the table says it.
package enum Initial: Sendable, Equatable {
    case nothing
    /// What the key could say as well; the note tells what it means, such as `= off`.
    case value(Tree.Value, note: String)
    /// What no value of the key could say.
    case words(String)
}

/// What a section is made of: a ``Key`` that a reader asks for, or a ``Row`` that nobody reads.
package protocol TableEntry: Sendable {
    var row: Row { get }
}

extension Row: TableEntry {
    package var row: Row { self }
}

extension Initial: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
    package init(stringLiteral words: String) { self = .words(words) }
    package init(booleanLiteral value: Bool) { self = .value(.boolean(value), note: "") }
    package init(integerLiteral value: Int) { self = .value(.integer(value), note: "") }
}
