/// Why somebody's documents cannot be sent.
package struct DocumentFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// Name of the file; `nil` where it is about all of them.
    package let file: String?
    /// From 1; `nil` where there is no such place.
    package let line: Int?
    package let column: Int?
    package let message: String

    package init(file: String?, line: Int? = nil, column: Int? = nil, _ message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `orders.json:3:17: not JSON`.
    package var description: String {
        let place = [file, line.map(String.init), column.map(String.init)].compactMap { $0 }.joined(separator: ":")
        return place.isEmpty ? message : "\(place): \(message)"
    }
}
