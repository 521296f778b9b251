/// What a document is like, as far as it matters for serializers and compression.
package struct DocumentClasses: Equatable, Sendable {
    /// By the octets of its JSON form.
    package enum Size: String, Sendable {
        /// Fewer than 100.
        case small
        /// Fewer than 1,000.
        case medium
        case large
    }

    /// What most of its leaves are.
    package enum Content: String, Sendable {
        case textual, numeric, boolean
        /// One string of octets, which JSON has no form for.
        case binary
    }

    package let size: Size
    package let content: Content
    /// Whether a list or dictionary stands within another.
    package let isNested: Bool
    /// Whether DEFLATE makes less than two fifths of the document of it, without another to refer to.
    package let isRedundant: Bool

    init(_ size: Size, _ content: Content, isNested: Bool = false, isRedundant: Bool = false) {
        self.size = size
        self.content = content
        self.isNested = isNested
        self.isRedundant = isRedundant
    }
}

extension DocumentClasses: CustomStringConvertible {
    package var description: String {
        "\(size.rawValue), \(content.rawValue), \(isNested ? "nested" : "flat"), \(isRedundant ? "redundant" : "not redundant")"
    }
}
