/// What a value of a configuration file is read as.
package protocol Readable: Sendable {
    /// `nil`: the value is of another kind.
    static func read(_ tree: Tree) -> Self?
    /// As a file says it.
    var written: Tree.Value { get }
}

extension Bool: Readable {
    package static func read(_ tree: Tree) -> Bool? { tree.boolean }
    package var written: Tree.Value { .boolean(self) }
}

extension Int: Readable {
    package static func read(_ tree: Tree) -> Int? { tree.integer }
    package var written: Tree.Value { .integer(self) }
}

extension String: Readable {
    package static func read(_ tree: Tree) -> String? { tree.text }
    package var written: Tree.Value { .text(self) }
}

/// The value with its place: a section, what is free, and what a problem may be told of later.
extension Tree: Readable {
    package static func read(_ tree: Tree) -> Tree? { tree }
    package var written: Tree.Value { value }
}

extension Array: Readable where Element: Readable {
    package static func read(_ tree: Tree) -> [Element]? {
        guard case .list(let elements) = tree.value else { return nil }
        let values = elements.compactMap { Element.read($0) }
        return values.count == elements.count ? values : nil
    }

    package var written: Tree.Value { .list(map { Tree($0.written, at: Place(line: 1, column: 1)) }) }
}

extension Optional: Readable where Wrapped: Readable {
    package static func read(_ tree: Tree) -> Wrapped?? { Wrapped.read(tree).map { .some($0) } }
    package var written: Tree.Value { self?.written ?? .null }
}

// MARK: Numbers with a unit

package struct Milliseconds: Readable, Equatable, ExpressibleByIntegerLiteral {
    package var count: Int

    package init(integerLiteral count: Int) { self.count = count }

    package static func read(_ tree: Tree) -> Milliseconds? { tree.integer.map(Milliseconds.init(integerLiteral:)) }
    package var written: Tree.Value { .integer(count) }
    package var nanoseconds: UInt64 { UInt64(clamping: count) * 1_000_000 }
}

package struct Seconds: Readable, Equatable, ExpressibleByIntegerLiteral {
    package var count: Int

    package init(integerLiteral count: Int) { self.count = count }

    package static func read(_ tree: Tree) -> Seconds? { tree.integer.map(Seconds.init(integerLiteral:)) }
    package var written: Tree.Value { .integer(count) }
    package var nanoseconds: UInt64 { UInt64(clamping: count) * 1_000_000_000 }
}

/// Octets that are the most there may be, where 0 means that there is no limit.
package struct OctetLimit: Readable, Equatable, ExpressibleByIntegerLiteral {
    package var count: Int

    package init(integerLiteral count: Int) { self.count = count }

    package static func read(_ tree: Tree) -> OctetLimit? { tree.integer.map(OctetLimit.init(integerLiteral:)) }
    package var written: Tree.Value { .integer(count) }
    package var most: Int { count == 0 ? Int.max : count }
}
