/// A reader of what others send or of what lies on a disk, with what must hold whatever the octets are.
package struct FuzzTarget: Sendable {
    package let name: String
    /// Octets of the longest input that is tried.
    package let longest: Int
    private let check: @Sendable ([UInt8]) throws -> Void

    init(_ name: String, longest: Int, _ check: @escaping @Sendable ([UInt8]) throws -> Void) {
        self.name = name
        self.longest = longest
        self.check = check
    }

    /// Reads one input.
    ///
    /// - Throws: ``BrokenProperty``, or what nothing should have thrown.
    package func run(_ input: [UInt8]) throws { try check(input) }

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
