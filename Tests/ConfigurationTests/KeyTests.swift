import Foundation
import Testing

@testable import RennbahnConfiguration

@Suite struct KeyTests {
    private let number = Key<Int>("number", .integer(5...9, orZero: true), initial: 7, "A number.")
    private let name = Key<String?>("name", .text(.any), without: "generated", "A name.")
    private let needed = Key<String>(required: "needed", .text(.any), "It is needed.")

    private func section(_ entries: KeyValuePairs<String, Tree.Value>) -> Tree {
        tree(.mapping(entries.map { Tree.Entry(key: $0.key, place: somewhere, value: tree($0.value)) }))
    }

    @Test func `A key gives its value, and its default where the section or the key is missing`() {
        #expect(section(["number": .integer(8)])[number] == 8)
        #expect(section([:])[number] == 7)
        #expect((nil as Tree?)[number] == 7)
        #expect((section(["number": .integer(0)]) as Tree?)[number] == 0)
        #expect(section(["name": .text("a")])[name] == "a")
        #expect(section([:])[name] == nil && (nil as Tree?)[name] == nil)
        #expect(section(["needed": .text("b")])[needed] == "b")
    }

    @Test func `Of what was not checked a value of another kind is none, and neither is one that is missing`() {
        #expect(section(["number": .text("8")]).value(of: number) == nil)
        #expect(section([:]).value(of: number) == 7 && (nil as Tree?).value(of: number) == 7)
        #expect(section([:]).value(of: needed) == nil && (nil as Tree?).value(of: needed) == nil)
        #expect(section(["name": .integer(1)]).value(of: name) == .none)
    }

    @Test func `A key's row has its name, its range and its default`() {
        #expect(number.range == 5...9 && number.row.initial == .value(.integer(7), note: "") && !number.row.isRequired)
        #expect(name.row.initial == .words("generated") && needed.row.isRequired)
        #expect(number.place(in: "a[0]") == "a[0].number")
    }

    @Test func `Values are read as what they are, lists whole or not at all`() {
        let words = Key<[SerializerChoice]>("words", .list(of: SerializerChoice.shape), initial: [.json], "Words.")
        #expect(section([:])[words] == [.json])
        let both = Tree.Value.list([tree(.text("msgpack")), tree(.text("json"))])
        #expect(section(["words": both])[words] == [.msgpack, .json])
        #expect(section(["words": .list([tree(.text("json")), tree(.text("xml"))])]).value(of: words) == nil)
        #expect(
            Milliseconds(integerLiteral: 1500).nanoseconds == 1_500_000_000
                && Seconds.read(tree(.integer(2)))?.nanoseconds == 2_000_000_000)
        #expect(OctetLimit(integerLiteral: 0).most == .max && OctetLimit(integerLiteral: 5).most == 5)
    }

    @Test func `Every default is a value that its row allows, or nothing at all`() {
        var count = 0
        for (section, row) in RowTests.rows {
            guard case .value(let value, _) = row.initial, !value.isEmpty else { continue }
            count += 1
            #expect(row.shape.isMet(by: tree(value)), "\(section.name).\(row.name): \(value)")
            #expect(!row.isRequired, "\(section.name).\(row.name)")
        }
        #expect(count > 60)
    }

    @Test func `Every default is in the JSON Schema and in the documentation`() throws {
        let text = TableDocument.text
        #expect(text.contains("| `auto_ping_interval` | 0, or an integer from 1000 to 86400000 | 0 = off |"))
        #expect(text.contains("| `allowed_origins` | a list: a text | `[\"*\"]` |"))
        #expect(text.contains("| msgpack, json | yes | Serializers that are offered"))
        let options = try #require(try TreeReader.read(SchemaDocument.text)["$defs"]?["options"]?["properties"])
        #expect(options["auto_ping_size"]?["default"]?.integer == 12)
        #expect(options["allowed_origins"]?["default"]?.elements.map(\.text) == ["*"])
        #expect(options["external_port"]?["default"] == nil)
    }

    @Test func `Every key that is declared is a row of the table`() throws {
        let folder = repository.appending(path: "Sources/Configuration/Schema")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        var (declared, table): ([String], String) = ([], "")
        for file in files {
            let text = try String(contentsOf: file, encoding: .utf8)
            let parts = text.components(separatedBy: "extension Schema {")
            if parts.count > 1 { table += parts[1...].joined() }
            for match in parts[0].matches(of: #/static let (\w+) = (Key|method|principals|procedure)\b/#) {
                declared.append(String(match.output.1))
            }
        }
        #expect(declared.count > 100)
        for name in declared { #expect(table.contains(try Regex("\\.\(name)(?![A-Za-z0-9_])")), "\(name)") }
    }
}

extension Shape {
    fileprivate func isMet(by value: Tree) -> Bool {
        Checker.check(value, Row("x", self, "A value."), path: "x").isEmpty
    }
}
