/// A key of a configuration file as readers know it: its row of the table, and what a value is read as.
///
/// The only place of its default: the documentation shows it, and a reader gets it where the file is silent. A key without one
/// has an optional `Value`, which is `nil` then.
package struct Key<Value: Readable>: TableEntry {
    package let row: Row
    /// What holds without the key; `nil`: no section is without it.
    package let initial: Value?

    package var name: String { row.name }

    /// Its place in a section, as problems name it.
    package func place(in section: String) -> String { "\(section).\(name)" }

    private init(_ row: Row, _ initial: Value?) {
        self.row = row
        self.initial = initial
    }

    /// A key with a default.
    ///
    /// - Parameter note: what the default means, such as `= off`.
    init(
        _ name: String, _ shape: Shape, initial: Value, note: String = "", support: Support = .full, _ about: String
    ) {
        let row = Row(name, shape, initial: .value(initial.written, note: note), support, about)
        self.init(row, initial)
    }

    /// A key that every section of its kind has.
    init(required name: String, _ shape: Shape, _ about: String) {
        self.init(Row(name, shape, required: true, about), nil)
    }

    /// A key without a default.
    ///
    /// - Parameter words: what holds without it, where there is something to say.
    init<Wrapped>(
        _ name: String, _ shape: Shape, without words: String? = nil, support: Support = .full, _ about: String
    ) where Value == Wrapped? {
        self.init(Row(name, shape, initial: words.map(Initial.words) ?? .nothing, support, about), .some(nil))
    }
}

extension Key where Value == Bool {
    init(_ name: String, initial: Bool, _ about: String) {
        self.init(name, .boolean, initial: initial, about)
    }
}

extension Key where Value: ChoiceValue {
    init(_ name: String, initial: Value, _ about: String) {
        self.init(name, Value.shape, initial: initial, about)
    }
}

extension Key where Value == Tree {
    /// Free keys of one form, none without the key.
    init(map name: String, _ form: TextForm, _ shape: Shape, _ about: String) {
        self.init(name, .map(form, shape), initial: Tree(.mapping([]), at: Place(line: 1, column: 1)), about)
    }
}

extension Key where Value == Int {
    /// What the value is within, for others that ask for the same number; 0 beside it where ``Shape`` says so.
    package var range: ClosedRange<Int> { row.shape.range }
}

extension Key where Value == Milliseconds {
    package var range: ClosedRange<Int> { row.shape.range }
}

extension Key where Value == Int? {
    package var range: ClosedRange<Int> { row.shape.range }
}

extension Shape {
    /// - Precondition: numbers are what it allows.
    fileprivate var range: ClosedRange<Int> {
        guard case .integer(let range, _) = self else { preconditionFailure("no range of numbers: \(allowed)") }
        return range
    }
}

// MARK: Asking for values

extension Tree {
    /// The value of a key in a section that was checked (``Checker``), or what holds without the key.
    package subscript<Value>(key: Key<Value>) -> Value {
        guard let value = value(of: key) else { preconditionFailure("\(key.name) in a section that was not checked") }
        return value
    }

    /// The same of a section that may not have been checked; `nil`: the key is missing where it must not be, or its value is of another kind.
    func value<Value>(of key: Key<Value>) -> Value? {
        guard let value = self[key.name] else { return key.initial }
        return Value.read(value)
    }
}

extension Tree? {
    func value<Value>(of key: Key<Value>) -> Value? { self.map { $0.value(of: key) } ?? key.initial }

    /// As ``Tree``'s, of a section that may be missing: what holds without the key then.
    package subscript<Value>(key: Key<Value>) -> Value {
        if let self { return self[key] }
        guard let initial = key.initial else { preconditionFailure("\(key.name) of a section that is missing") }
        return initial
    }
}
