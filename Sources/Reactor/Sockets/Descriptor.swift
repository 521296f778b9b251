/// A file descriptor's number. A plain value: whoever opened it closes it, once.
package struct Descriptor: Sendable, Hashable, CustomStringConvertible {
    package let rawValue: Int32

    package init(_ rawValue: Int32) {
        self.rawValue = rawValue
    }

    package var description: String { "fd \(rawValue)" }
}
