package import Foundation

/// As much of JSON Schema (draft 2020-12) as the schemas of the documentation use; a keyword that is not known accepts nothing.
package struct JSONSchema {
    /// Those of a folder, which refer to each other, by the names of their files.
    private let documents: [String: JSON]
    private let name: String

    /// - Parameter name: of a file in the folder: `results.schema.json`.
    package init(_ name: String, in folder: URL) throws {
        var documents: [String: JSON] = [:]
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where file.hasSuffix(".schema.json") {
            let text = try Data(contentsOf: folder.appending(path: file))
            documents[file] = try JSONDecoder().decode(JSON.self, from: text)
        }
        self.init(documents, name)
    }

    private init(_ documents: [String: JSON], _ name: String) {
        self.documents = documents
        self.name = name
    }

    private var root: JSON { documents[name] ?? .null }

    /// Places at which a document is not as the schema says, or as one of its definitions does; empty: it conforms.
    package func problems(in json: Data, definition: String? = nil) throws -> [String] {
        let value = try JSONDecoder().decode(JSON.self, from: json)
        return problems(value, definition.map { .object(["$ref": .text("#/$defs/\($0)")]) } ?? root, "")
    }

    private func problems(_ value: JSON, _ schema: JSON, _ place: String) -> [String] {
        switch schema {
        case .boolean(let allowed): allowed ? [] : ["\(place): may not be there"]
        case .object(let words): words.flatMap { problems(value, $0.key, $0.value, words, place) }
        default: ["\(place): the schema is none"]
        }
    }

    private func problems(
        _ value: JSON, _ word: String, _ argument: JSON, _ schema: [String: JSON], _ place: String
    ) -> [String] {
        func unless(_ holds: Bool) -> [String] { holds ? [] : ["\(place): \(word) \(argument)"] }
        switch word {
        case "$schema", "$defs", "title", "description": return []
        case "$ref":
            let (home, definition) = target(of: argument.text ?? "")
            return definition.map { home.problems(value, $0, place) } ?? ["\(place): no \(argument)"]
        case "type": return unless(argument.text.map(value.types.contains) ?? false)
        case "const": return unless(value == argument)
        case "enum": return unless(argument.elements.contains(value))
        case "minimum": return unless(value.number.map { $0 >= argument.number ?? .infinity } ?? true)
        case "maximum": return unless(value.number.map { $0 <= argument.number ?? -.infinity } ?? true)
        case "pattern": return unless(value.text.map { Self.matches($0, argument.text ?? "(") } ?? true)
        case "anyOf":
            let choices = argument.elements.map { problems(value, $0, place) }
            return choices.contains([]) ? [] : choices.min { $0.count < $1.count } ?? ["\(place): no choice"]
        case "items": return value.elements.enumerated().flatMap { problems($1, argument, "\(place)[\($0)]") }
        case "required":
            guard case .object(let members) = value else { return [] }
            return argument.elements.compactMap(\.text).filter { members[$0] == nil }.map {
                "\(place).\($0): is missing"
            }
        case "properties":
            return value.members.flatMap { key, part in
                argument.members[key].map { problems(part, $0, "\(place).\(key)") } ?? []
            }
        case "additionalProperties":
            let known = schema["properties"]?.members ?? [:]
            return value.members.filter { known[$0.key] == nil }
                .flatMap { problems($0.value, argument, "\(place).\($0.key)") }
        default: return ["\(place): the keyword \(word) is not known"]
        }
    }

    /// Where a reference leads, `#/$defs/NAME` or `FILE#/$defs/NAME`, and the schema whose references are then meant.
    private func target(of reference: String) -> (home: JSONSchema, definition: JSON?) {
        let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let (file, path) = (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        let home = file.isEmpty ? self : JSONSchema(documents, file)
        guard path.hasPrefix("/$defs/") else { return (home, nil) }
        return (home, home.root.members["$defs"]?.members[String(path.dropFirst("/$defs/".count))])
    }

    private static func matches(_ text: String, _ pattern: String) -> Bool {
        guard let regex = try? Regex(pattern) else { return false }
        return text.firstMatch(of: regex) != nil
    }
}

/// Any value of JSON.
private enum JSON: Decodable, Equatable {
    case null
    case boolean(Bool)
    case number(Double)
    case text(String)
    case array([JSON])
    case object([String: JSON])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    var members: [String: JSON] { if case .object(let members) = self { members } else { [:] } }
    var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }
    var text: String? { if case .text(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number } else { nil } }

    var types: [String] {
        switch self {
        case .null: ["null"]
        case .boolean: ["boolean"]
        case .number(let number): number == number.rounded() ? ["integer", "number"] : ["number"]
        case .text: ["string"]
        case .array: ["array"]
        case .object: ["object"]
        }
    }
}
