/// One thing that is wrong with a configuration.
package struct Problem: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// The file cannot be read.
        case syntax
        /// A key that does not exist.
        case unknown
        /// A value that is not allowed, or a key that is missing.
        case invalid
        /// Legal in Crossbar.io, but nothing that this version does.
        case unsupported
    }

    package var kind: Kind
    /// `workers[0].transports[1].options.max_frame_size`; empty for the whole file.
    package var path: String
    package var place: Place
    /// What was found and what is allowed.
    package var message: String

    package init(_ kind: Kind, _ path: String, at place: Place, _ message: String) {
        self.kind = kind
        self.path = path
        self.place = place
        self.message = message
    }

    /// `file:line:column: path: message`, as editors and terminals follow it.
    package func line(file: String) -> String {
        "\(file):\(place.line):\(place.column): " + (path.isEmpty ? "" : "\(path): ") + message
    }
}

/// All of them, in the order of the file.
package struct Problems: Error, Sendable, Equatable, CustomStringConvertible {
    package var all: [Problem]

    package init(_ all: [Problem]) {
        self.all = all.sorted { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }
    }

    package var description: String { line }
}
