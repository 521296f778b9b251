import RennbahnBytes
import RennbahnWAMP

/// Reads the documents that are in one file, and refuses what would not come back as it was.
struct DocumentReader {
    private let file: String
    private let bytes: [UInt8]

    /// Levels of lists and dictionaries in a document. msgpack-c reads 32, of which a message's arguments take two.
    static let maximumDepth = 30

    init(file: String, _ bytes: [UInt8]) {
        self.file = file
        self.bytes = bytes
    }

    /// The documents of the file: those of its lines where it is JSON Lines; the items of a list of two dictionaries or more; or all
    /// of it.
    func documents() throws(DocumentFault) -> [WAMPValue] {
        let documents = file.hasSuffix(".jsonl") ? try lines() : try whole()
        guard !documents.isEmpty else { throw DocumentFault(file: file, "is empty") }
        return documents
    }

    private func whole() throws(DocumentFault) -> [WAMPValue] {
        guard !isBlank(0..<bytes.count) else { return [] }
        let value = try value(in: 0..<bytes.count)
        guard case .list(let items) = value, items.count > 1, items.allSatisfy({ $0.dictionaryValue != nil }) else {
            try check(value, at: "")
            return [value]
        }
        for (index, item) in items.enumerated() { try check(item, at: "/\(index)") }
        return items
    }

    private func lines() throws(DocumentFault) -> [WAMPValue] {
        var documents: [WAMPValue] = []
        var (start, line) = (0, 1)
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            if !isBlank(start..<end) {
                let value = try value(in: start..<end)
                try check(value, at: "", line: line)
                documents.append(value)
            }
            (start, line) = (end + 1, line + 1)
        }
        return documents
    }

    private func isBlank(_ range: Range<Int>) -> Bool {
        bytes[range].allSatisfy { " \t\r\n".utf8.contains($0) }
    }

    // MARK: Values

    private func value(in range: Range<Int>) throws(DocumentFault) -> WAMPValue {
        let text = bytes.span.extracting(range)
        let value: WAMPValue
        do throws(WAMPViolation) {
            value = try WAMPValue.decode(text, serializer: .json)
        } catch {
            throw fault(error, in: range)
        }
        if let inexact = InexactNumber.first(in: text) {
            throw fault(at: range.lowerBound + inexact.position, inexact.reason)
        }
        return value
    }

    /// - Parameter path: of the value in the file, as a JSON Pointer (RFC 6901).
    private func check(_ value: WAMPValue, at path: String, line: Int? = nil) throws(DocumentFault) {
        let most = DocumentReader.maximumDepth
        guard value.depth <= most else {
            let place = path.isEmpty ? "" : " at \(path)"
            throw DocumentFault(file: file, line: line, "is nested deeper than \(most) levels\(place)")
        }
        guard let (key, inner) = DocumentReader.repeatedKey(in: value) else { return }
        let place = path + inner
        throw DocumentFault(
            file: file, line: line,
            "the key \"\(key)\" occurs twice in one object\(place.isEmpty ? "" : " at \(place)")")
    }

    /// The first key that occurs twice in one dictionary, and the path to that.
    static func repeatedKey(in value: WAMPValue) -> (key: String, path: String)? {
        switch value {
        case .null, .bool, .integer, .unsigned, .double, .string, .binary: break
        case .list(let items):
            for (index, item) in items.enumerated() {
                if let (key, path) = repeatedKey(in: item) { return (key, "/\(index)\(path)") }
            }
        case .dictionary(let dictionary):
            if let key = dictionary.repeatedKey { return (key, "") }
            for pair in dictionary.pairs {
                if let (key, path) = repeatedKey(in: pair.value) { return (key, "/\(escaped(pair.key))\(path)") }
            }
        }
        return nil
    }

    private static func escaped(_ key: String) -> String {
        key.map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined()
    }

    // MARK: Faults

    private func fault(_ violation: WAMPViolation, in range: Range<Int>) -> DocumentFault {
        switch violation {
        case .malformed(let position):
            let isAtEnd = position >= range.count
            return fault(at: range.lowerBound + position, isAtEnd ? "the JSON ends too early" : "not JSON")
        case .invalidUTF8(let position): return fault(at: range.lowerBound + position, "not UTF-8")
        case .nestedTooDeeply(let position):
            return fault(
                at: range.lowerBound + position, "is nested deeper than \(DocumentReader.maximumDepth) levels")
        case .notConvertible(let position):
            return fault(
                at: range.lowerBound + position,
                "a string that begins with \\u0000 is octets in Base64, and this is not")
        case .notAMessage, .unknownType, .wrongLength, .wrongElement, .wrongOption, .wrongDirection, .wrongRequestType:
            return DocumentFault(file: file, "not JSON")
        }
    }

    private func fault(at position: Int, _ message: String) -> DocumentFault {
        let (line, column) = place(of: position)
        return DocumentFault(file: file, line: line, column: column, message)
    }

    /// Line and column, in letters.
    private func place(of position: Int) -> (line: Int, column: Int) {
        let before = bytes.prefix(position)
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let line = 1 + before.count { $0 == UInt8(ascii: "\n") }
        return (line, 1 + before[start...].count { $0 & 0xc0 != 0x80 })
    }
}

extension DocumentSet {
    /// The most that files of one set may hold together.
    package static let maximumFileOctets = 16 << 20

    /// The documents of files, in their order.
    ///
    /// - Parameters:
    ///   - name: of the set.
    ///   - files: at least one; the name says how it is read (`.jsonl`: a document in each line), and is told in errors.
    package init(name: String, files: [(name: String, octets: [UInt8])]) throws(DocumentFault) {
        var variants: [WAMPValue] = []
        for file in files { variants += try DocumentReader(file: file.name, file.octets).documents() }
        self.init(name: name, variants: variants)
    }
}
