/// A reader of what others send or of what lies on a disk, with what must hold whatever the octets are.
package struct FuzzTarget: Sendable {
    package let name: String
    /// Octets of the longest input that is tried.
    package let longest: Int
    /// What there is to read, by name, each with a reader of its own.
    package let kinds: [String]
    private let check: @Sendable ([UInt8]) throws -> [String]

    /// - Parameter kinds: one of the target's own name where there are no others.
    init(
        _ name: String, longest: Int, kinds: [String]? = nil, _ check: @escaping @Sendable ([UInt8]) throws -> [String]
    ) {
        self.name = name
        self.longest = longest
        self.kinds = kinds ?? [name]
        self.check = check
    }

    /// Reads one input.
    ///
    /// - Returns: the kinds whose readers took it: a reader that refuses every input breaks no property.
    /// - Throws: ``BrokenProperty``, or what nothing should have thrown.
    @discardableResult
    package func run(_ input: [UInt8]) throws -> [String] { try check(input) }

    /// All of them. `Tests/corpora` has a folder of inputs for each.
    package static let all = [
        frames, rawSocket, inflate, json, msgpack, transcode, httpRequest, httpResponse, web, cookies, configuration,
        results, histogram, journal, history,
    ]

    package static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// Something that must hold for every input, and does not hold for one.
package struct BrokenProperty: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// - Parameter what: the sentence that should be true.
func hold(_ condition: Bool, _ what: @autoclosure () -> String) throws(BrokenProperty) {
    if !condition { throw BrokenProperty("not so: " + what()) }
}
