import RennbahnBytes

/// Looks for the end of an HTTP head as bytes arrive; nothing is looked at twice.
package struct HTTPHeadSearch: Sendable {
    package struct TooLarge: Error, Equatable, CustomStringConvertible {
        package var description: String { "the head is too large" }
    }

    /// Octets that a head may have, its empty line included.
    package let limit: Int
    /// Octets before this one cannot be where the end begins.
    private var position = 0

    package init(limit: Int) {
        precondition(limit >= 4)
        self.limit = limit
    }

    /// Empty lines that are passed over in front of a request.
    package static let mostEmptyLines = 4

    /// Octets of the empty lines in front of a request, which some clients send behind the one before (RFC 9112, section 2.2).
    package static func emptyLines(before bytes: Span<UInt8>) -> Int {
        var count = 0
        while count < 2 * mostEmptyLines, count + 2 <= bytes.count, bytes[count] == 0x0d, bytes[count + 1] == 0x0a {
            count += 2
        }
        return count
    }

    /// Whether octets are empty lines alone, the last of which may be there in part: they begin no request.
    package static func beginsNone(_ bytes: Span<UInt8>) -> Bool {
        let count = emptyLines(before: bytes)
        return count == bytes.count || count + 1 == bytes.count && bytes[count] == 0x0d
    }

    /// How many octets the head has, its empty line included; `nil` when it is not complete.
    ///
    /// - Parameter bytes: everything received so far, the head first.
    package mutating func end(in bytes: Span<UInt8>) throws(TooLarge) -> Int? {
        let searched = min(bytes.count, limit)
        while position &+ 4 <= searched {
            // CR LF CR LF in network byte order.
            if bytes.bigEndian(UInt32.self, at: position) == 0x0d0a_0d0a { return position &+ 4 }
            position &+= 1
        }
        if bytes.count >= limit { throw TooLarge() }
        return nil
    }
}

/// Why a head is not HTTP/1.1 (RFC 9112): a short text for the answer and the log.
package struct HTTPMalformed: Error, Sendable, Equatable, CustomStringConvertible {
    package let reason: StaticString

    package var description: String { reason.description }

    package static func == (left: HTTPMalformed, right: HTTPMalformed) -> Bool {
        left.reason.description == right.reason.description
    }
}

/// A head cut into its start line and its fields, every octet checked.
package struct HTTPHead: Sendable {
    package struct Field: Sendable, Equatable {
        /// In lower case.
        package let name: String
        /// Without the white space around it.
        package let value: String
    }

    package let startLine: String
    package let fields: [Field]

    /// - Parameter bytes: one head, its empty line included.
    package init(_ bytes: Span<UInt8>) throws(HTTPMalformed) {
        var fields: [Field] = []
        var startLine: String?
        var start = 0
        while true {
            let end = try HTTPHead.endOfLine(bytes, from: start)
            let line = bytes.extracting(start..<end)
            start = end + 2
            if line.isEmpty { break }
            if startLine == nil {
                startLine = try HTTPHead.startLine(line)
            } else {
                fields.append(try HTTPHead.field(line))
            }
        }
        guard let startLine else { throw HTTPMalformed(reason: "empty head") }
        guard start == bytes.count else { throw HTTPMalformed(reason: "bytes after the head") }
        self.startLine = startLine
        self.fields = fields
    }

    /// The values of all fields of this name (in lower case), in order.
    package func values(_ name: String) -> [String] {
        fields.filter { $0.name == name }.map(\.value)
    }

    /// The value of a field that may appear once only; `nil` when it is absent.
    package func single(_ name: String) throws(HTTPMalformed) -> String? {
        let found = values(name)
        guard found.count <= 1 else { throw HTTPMalformed(reason: "header field appears twice") }
        return found.first
    }

    /// Whether a list of tokens (`Upgrade`, `Connection`) contains `token`, whatever the case.
    package func list(_ name: String, contains token: String) -> Bool {
        values(name).contains { value in
            value.split(separator: ",").contains { HTTPText.lowercased(HTTPText.trimmed($0)) == token }
        }
    }

    // MARK: Lines

    private static func endOfLine(_ bytes: Span<UInt8>, from start: Int) throws(HTTPMalformed) -> Int {
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case 0x0d:
                guard index + 1 < bytes.count, bytes[index + 1] == 0x0a else {
                    throw HTTPMalformed(reason: "CR without LF")
                }
                return index
            case 0x0a: throw HTTPMalformed(reason: "LF without CR")
            case 0x09, 0x20...0x7e, 0x80...0xff: index += 1
            case _: throw HTTPMalformed(reason: "illegal octet in the head")
            }
        }
        throw HTTPMalformed(reason: "the head is not complete")
    }

    private static func startLine(_ line: Span<UInt8>) throws(HTTPMalformed) -> String {
        for index in line.indices where line[index] == 0x09 || line[index] >= 0x80 {
            throw HTTPMalformed(reason: "illegal octet in the start line")
        }
        return line.text()
    }

    private static func field(_ line: Span<UInt8>) throws(HTTPMalformed) -> Field {
        if HTTPText.isBlank(line[0]) { throw HTTPMalformed(reason: "folded header field") }
        var colon = 0
        while colon < line.count, line[colon] != UInt8(ascii: ":") {
            guard HTTPText.isTokenOctet(line[colon]) else { throw HTTPMalformed(reason: "illegal header field name") }
            colon += 1
        }
        guard colon > 0, colon < line.count else { throw HTTPMalformed(reason: "header field without a name") }
        var start = colon + 1
        var end = line.count
        while start < end, HTTPText.isBlank(line[start]) { start += 1 }
        while end > start, HTTPText.isBlank(line[end - 1]) { end -= 1 }
        return Field(
            name: HTTPText.lowercased(line.extracting(0..<colon).text()), value: line.extracting(start..<end).text())
    }
}
