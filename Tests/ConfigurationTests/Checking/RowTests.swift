import RennbahnConfiguration
import Testing

/// Every row of the table: a good value and each kind of bad value, told alike by the checker and by the JSON Schema.
@Suite struct RowTests {
    static let rows: [(Section, Row)] = Schema.sections.flatMap { section in section.keys.map { (section, $0) } }
    private let validator = SchemaValidator(SchemaDocument.text)

    @Test func `checker and schema agree on every row, whatever the value`() throws {
        for (section, key) in RowTests.rows {
            let schema = SchemaDocument.key(key)
            for value in Samples.of(key) {
                let found = Checker.check(value, key, path: "x")
                let isValid = validator.accepts(value, schema)
                #expect(
                    found.isEmpty == isValid, "\(section.name).\(key.name): \(value.value): \(found.map(\.message))")
            }
        }
    }

    @Test func `every row has a good value, or says why it has none`() {
        for (section, key) in RowTests.rows {
            let good = Samples.of(key).filter { Checker.check($0, key, path: "x").isEmpty }
            if case .none(let why) = key.support {
                #expect(good.isEmpty && !why.isEmpty, "\(section.name).\(key.name)")
            } else {
                #expect(!good.isEmpty, "\(section.name).\(key.name)")
            }
        }
    }

    @Test func `every bad value is told with its path, what was found and what is allowed`() {
        for (section, key) in RowTests.rows {
            for value in Samples.of(key) {
                for problem in Checker.check(value, key, path: "here") {
                    #expect(problem.path.hasPrefix("here"), "\(section.name).\(key.name)")
                    switch problem.kind {
                    case .invalid:
                        #expect(
                            problem.message.hasPrefix("found ") && problem.message.contains("; allowed: ")
                                || problem.message.hasPrefix("missing; expected"), "\(problem.message)")
                    case .unsupported:
                        #expect(
                            problem.message.contains("supported") || problem.message.contains("legal in Crossbar.io"),
                            "\(problem.message)")
                    case .unknown: #expect(problem.message.hasPrefix("unknown key"))
                    case .syntax: Issue.record("\(problem)")
                    }
                }
            }
        }
    }

    @Test func `a boolean is no integer, a text no number, nothing no mapping`() throws {
        let key = try #require(Schema.section("websocket")["max_connections"])
        #expect(
            Checker.check(tree(.boolean(true)), key, path: "x").map(\.message) == [
                "found true; allowed: an integer from 1 to 10000000"
            ])
        #expect(
            Checker.check(tree(.text("5")), key, path: "x").map(\.message) == [
                "found \"5\"; allowed: an integer from 1 to 10000000"
            ])
        #expect(
            Checker.check(tree(.null), key, path: "x").map(\.message) == [
                "found nothing; allowed: an integer from 1 to 10000000"
            ])
    }
}
