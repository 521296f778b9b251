/// A field that a client's opening handshake has beside those that are the handshake's own, as somebody asks for it.
///
/// What it says may be a secret: no message and no description shows the value.
package struct RequestField: Sendable, Equatable, CustomStringConvertible {
    /// As it was given.
    package let name: String
    package let value: String

    /// Who asks, where nothing else is said.
    package static let userAgent = RequestField(sound: "User-Agent", "Rennbahn")

    private init(sound name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// A field whose name and value are what they may be (RFC 9110, section 5), and which a request may have.
    package init(_ name: String, _ value: String) throws(Malformed) {
        guard HTTPText.isToken(name) else { throw .name }
        guard !RequestField.isOwned(HTTPText.lowercased(name)) else { throw .owned(name) }
        guard HTTPText.isSafe(value) else { throw .value(name) }
        self.init(sound: name, value)
    }

    /// `Name: value`.
    package init(parsing text: String) throws(Malformed) {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { throw .colon }
        let value = HTTPText.trimmed(text[text.utf8.index(after: colon)...])
        try self.init(String(text[..<colon]), String(value))
    }

    /// The field that has these cookies, each `name=value` (RFC 6265, section 4.2.1).
    package static func cookies(_ pairs: [String]) throws(Malformed) -> RequestField {
        guard !pairs.isEmpty, pairs.allSatisfy(isCookie) else { throw .cookie }
        return RequestField(sound: "Cookie", pairs.joined(separator: "; "))
    }

    /// The name without regard to case, which makes no difference.
    package var key: String { HTTPText.lowercased(name) }

    package var description: String { "\(name): ***" }

    // MARK: What is refused

    /// What says where the request goes, that it asks for WebSocket, and that it has no body.
    private static let owned: Set = ["host", "upgrade", "connection", "content-length", "transfer-encoding"]

    private static func isOwned(_ key: String) -> Bool { owned.contains(key) || key.hasPrefix("sec-websocket-") }

    private static func isCookie(_ text: String) -> Bool {
        guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")), HTTPText.isToken(text[..<equals]) else {
            return false
        }
        var value = text[text.utf8.index(after: equals)...].utf8
        if value.count > 1, value.first == UInt8(ascii: "\""), value.last == UInt8(ascii: "\"") {
            value = value.dropFirst().dropLast()
        }
        return value.allSatisfy { octet in
            switch Unicode.Scalar(octet) {
            case "\"", ",", ";", "\\": false
            case _: octet > 0x20 && octet < 0x7f
            }
        }
    }

    /// Why a text is no field that a request may have.
    package enum Malformed: Error, Sendable, Equatable, CustomStringConvertible {
        case colon
        /// The name is no token.
        case name
        /// The handshake says that itself.
        case owned(String)
        /// The value holds what would end the line, or cannot be seen.
        case value(String)
        case cookie

        package var description: String {
            switch self {
            case .colon: "expected Name: value"
            case .name: "the name of a header is letters, digits and !#$%&'*+-.^_`|~"
            case .owned(let name): "\(name) is said by the opening handshake itself"
            case .value(let name): "the value of \(name) holds a line end, or another control character"
            case .cookie: "expected name=value, without spaces, quotes, commas, semicolons and backslashes in either"
            }
        }
    }
}

extension [RequestField] {
    /// These fields, with others in the place of those of the same names.
    package func overridden(by others: [RequestField]) -> [RequestField] {
        guard !others.isEmpty else { return self }
        let keys = Set(others.map(\.key))
        return filter { !keys.contains($0.key) } + others
    }
}
