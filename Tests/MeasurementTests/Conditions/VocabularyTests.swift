import Foundation
import Testing

@testable import RennbahnMeasurement

struct VocabularyTests {
    @Test func `The tables of the documentation are the code's`() throws {
        let page = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "../../../docs/conditions.md"),
            encoding: .utf8)
        func rows(_ section: String) throws -> [Substring] {
            let part = try #require(page.split(separator: "\n## ").first { $0.hasPrefix(section) })
            return part.split(separator: "\n").filter { $0.hasPrefix("| `") }
        }
        let figures = Figure.allCases.map { "| `\($0.rawValue)` | \(Self.asked($0.kind)) | \($0.meaning) |" }
        #expect(try rows("Figures").map(String.init) == figures)
        let units = QuantityUnit.allCases.filter { !$0.rawValue.isEmpty }.map { "| `\($0.rawValue)` |" }
        #expect(try rows("Quantities").map { "| \($0.split(separator: " ")[1]) |" } == units)
    }

    private static func asked(_ kind: Figure.Kind) -> String {
        switch kind {
        case .distribution: "p…, min, max, mean, count"
        case .counter: "itself, count, rate"
        case .fault: "itself, count"
        case .value: "itself"
        }
    }
}
