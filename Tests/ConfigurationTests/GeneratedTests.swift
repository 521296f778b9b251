import Foundation
import RennbahnConfiguration
import Testing

/// With RENNBAHN_WRITE_CONFIGURATION set, which `make configuration` does, the files are written instead of compared.
@Suite struct GeneratedTests {
    private let writes = ProcessInfo.processInfo.environment["RENNBAHN_WRITE_CONFIGURATION"] != nil

    @Test func `the JSON Schema in the repository is that of the table`() throws {
        let file = repository.appending(path: "docs/configuration.schema.json")
        if writes { try SchemaDocument.text.write(to: file, atomically: true, encoding: .utf8) }
        #expect(try String(contentsOf: file, encoding: .utf8) == SchemaDocument.text, "run make configuration")
    }

    @Test func `the tables of the documentation are those of the table`() throws {
        let file = repository.appending(path: "docs/configuration.md")
        let page = try String(contentsOf: file, encoding: .utf8)
        let renewed = try #require(TableDocument.renewing(page))
        if writes { try renewed.write(to: file, atomically: true, encoding: .utf8) }
        #expect(try String(contentsOf: file, encoding: .utf8) == renewed, "run make configuration")
    }

    @Test func `every key has a row with its name`() {
        let text = TableDocument.text
        for section in Schema.sections {
            for key in section.keys { #expect(text.contains("| `\(key.name)` |"), "\(section.name).\(key.name)") }
        }
    }

    @Test func `every pattern of the table compiles`() throws {
        for form in TextForm.allCases {
            if let pattern = form.pattern { _ = try Regex(pattern) }
        }
    }
}

/// The folder of the package.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
