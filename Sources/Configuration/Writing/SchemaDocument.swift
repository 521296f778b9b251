/// The table as a JSON Schema: what this version accepts, without what holds between keys (``Rule``).
package enum SchemaDocument {
    package static var text: String {
        JSON.object([
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
            ("title", .text("Rennbahn node configuration")),
            ("description", .text("Generated from the table in Sources/Configuration/Schema by `make configuration`.")),
            ("$ref", .text("#/$defs/\(Schema.root)")),
            ("$defs", .object(Schema.sections.map { ($0.name, section($0)) })),
        ]).text
    }

    private static func section(_ section: Section) -> JSON {
        var members: [(String, JSON)] = [("title", .text(section.title)), ("type", .text("object"))]
        members.append(("properties", .object(section.keys.map { ($0.name, key($0)) })))
        let required = section.keys.filter(\.isRequired).map { JSON.text($0.name) }
        if !required.isEmpty { members.append(("required", .list(required))) }
        members.append(("additionalProperties", .boolean(false)))
        return .object(members)
    }

    /// The schema of one row.
    package static func key(_ key: Row) -> JSON {
        var about: [(String, JSON)] = [("description", .text(key.about))]
        if case .value(let value, _) = key.initial, !value.isEmpty { about.append(("default", value.json)) }
        switch key.support {
        case .full, .hint: return .object(about + shape(key.shape))
        case .only(let values, _): return .object(about + [("enum", .list(values.map(\.json)))])
        case .none(let why):
            return .object([
                ("description", .text("\(key.about) \(why) (legal in Crossbar.io).")), ("not", .object([])),
            ])
        }
    }

    private static func shape(_ shape: Shape) -> [(String, JSON)] {
        switch shape {
        case .boolean: return [("type", .text("boolean"))]
        case .integer(let range, let orZero):
            let within: [(String, JSON)] = [
                ("type", .text("integer")), ("minimum", .integer(range.lowerBound)),
                ("maximum", .integer(range.upperBound)),
            ]
            return orZero ? [("anyOf", .list([.object([("const", .integer(0))]), .object(within)]))] : within
        case .integers(let numbers): return [("enum", .list(numbers.map { .integer($0) }))]
        case .text(let form):
            return [("type", .text("string"))] + (form.pattern.map { [("pattern", .text($0))] } ?? [])
        case .choice(let choices):
            return [("enum", .list(choices.filter { $0.support.isAccepted }.map { .text($0.name) }))]
        case .list(let element, let least):
            let items: [(String, JSON)] = [("type", .text("array")), ("items", .object(self.shape(element)))]
            return least > 0 ? items + [("minItems", .integer(least))] : items
        case .portRange:
            return [
                ("type", .text("array")), ("items", .object(self.shape(.port))), ("minItems", .integer(2)),
                ("maxItems", .integer(2)),
            ]
        case .section(let name): return [("$ref", .text("#/$defs/\(name)"))]
        case .variants(let variants):
            let accepted = variants.filter { $0.support.isAccepted }
            return [("anyOf", .list(accepted.map { .object([("$ref", .text("#/$defs/\($0.section)"))]) }))]
        case .map(let form, let element):
            let names = form.pattern.map { JSON.object([("pattern", .text($0))]) } ?? .object([])
            return [
                ("type", .text("object")), ("propertyNames", names),
                ("additionalProperties", .object(self.shape(element))),
            ]
        case .either(let first, let second):
            return [("anyOf", .list([.object(self.shape(first)), .object(self.shape(second))]))]
        case .anything: return []
        }
    }
}

extension Support {
    var isAccepted: Bool {
        switch self {
        case .full, .hint, .only: true
        case .none: false
        }
    }
}

extension Tree.Value {
    /// Whether it holds nothing, and so says no more than the key that is missing.
    var isEmpty: Bool {
        switch self {
        case .null: true
        case .list(let elements): elements.isEmpty
        case .mapping(let entries): entries.isEmpty
        case .boolean, .integer, .number, .text: false
        }
    }
}
