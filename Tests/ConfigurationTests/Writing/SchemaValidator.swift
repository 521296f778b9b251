@testable import RennbahnConfiguration

/// As much of JSON Schema as the table's uses, written without regard to the checker.
struct SchemaValidator {
    private let root: Tree

    init(_ text: String) {
        root = (try? TreeReader.read(text)) ?? tree(.null)
    }

    func accepts(_ value: Tree, _ schema: JSON) -> Bool {
        guard let schema = try? TreeReader.read(schema.text) else { return false }
        return accepts(value, schema)
    }

    func accepts(_ value: Tree, _ schema: Tree) -> Bool {
        schema.entries.allSatisfy { accepts(value, $0.key, $0.value, in: schema) }
    }

    private func accepts(_ value: Tree, _ word: String, _ argument: Tree, in schema: Tree) -> Bool {
        switch word {
        case "description", "default", "title", "$schema", "$defs": return true
        case "$ref": return definition(argument.text ?? "").map { accepts(value, $0) } ?? false
        case "type": return argument.text == type(value)
        case "enum": return argument.elements.contains(value)
        case "const": return argument == value
        case "not": return !accepts(value, argument)
        case "anyOf": return argument.elements.contains { accepts(value, $0) }
        case "minimum": return value.integer.map { $0 >= argument.integer! } ?? true
        case "maximum": return value.integer.map { $0 <= argument.integer! } ?? true
        case "minItems": return !isList(value) || value.elements.count >= argument.integer!
        case "maxItems": return !isList(value) || value.elements.count <= argument.integer!
        case "items": return value.elements.allSatisfy { accepts($0, argument) }
        case "pattern": return value.text.map { matches($0, argument.text ?? "(") } ?? true
        case "propertyNames": return value.entries.allSatisfy { accepts(tree(.text($0.key)), argument) }
        case "required": return type(value) != "object" || argument.elements.allSatisfy { value[$0.text ?? ""] != nil }
        case "properties":
            return value.entries.allSatisfy { entry in argument[entry.key].map { accepts(entry.value, $0) } ?? true }
        case "additionalProperties":
            let others = value.entries.filter { schema["properties"]?[$0.key] == nil }
            return argument.boolean == false ? others.isEmpty : others.allSatisfy { accepts($0.value, argument) }
        default: return false
        }
    }

    private func definition(_ reference: String) -> Tree? {
        root["$defs"]?[String(reference.dropFirst("#/$defs/".count))]
    }

    private func isList(_ value: Tree) -> Bool { type(value) == "array" }

    private func matches(_ text: String, _ pattern: String) -> Bool {
        guard let regex = try? Regex(pattern) else { return false }
        return text.firstMatch(of: regex) != nil
    }

    private func type(_ value: Tree) -> String {
        switch value.value {
        case .null: "null"
        case .boolean: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .text: "string"
        case .list: "array"
        case .mapping: "object"
        }
    }
}
