import Foundation
import Testing

@testable import RennbahnMetrics

extension MetricFamily {
    /// The names of all samples.
    var sampleNames: [String] {
        kind == .histogram ? ["_bucket", "_count", "_sum"].map { name + $0 } : [sampleName]
    }
}

/// What `docs` says of metrics. With RENNBAHN_WRITE_SNAPSHOTS set, which `make snapshots` does, the tables are written anew.
@Suite struct DocumentTests {
    private static let writes = ProcessInfo.processInfo.environment["RENNBAHN_WRITE_SNAPSHOTS"] != nil

    private static let documents = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs")

    private static let tables: [(name: String, families: [MetricFamily])] = [
        ("router", own(RouterFamilies.all)), ("load", own(LoadFamilies.all)), ("process", ProcessFamilies.all),
    ]

    private static func own(_ families: [MetricFamily]) -> [MetricFamily] {
        families.filter { !ProcessFamilies.all.contains($0) }
    }

    private static func table(_ families: [MetricFamily]) -> String {
        let rows = families.map { family in
            let labels = family.labels.map { "`\($0)`" }.joined(separator: ", ")
            return "| `\(family.sampleName)` | \(family.kind.rawValue) | \(labels) | \(family.help) |"
        }
        return (["| metric | kind | labels | what it tells |", "| --- | --- | --- | --- |"] + rows)
            .joined(separator: "\n")
    }

    @Test func `The tables of the documentation are those that the code writes by`() throws {
        let place = Self.documents.appending(path: "metrics.md")
        let kept = try String(contentsOf: place, encoding: .utf8)
        var renewed = kept
        for (name, families) in Self.tables {
            let (begin, end) = ("<!-- table: \(name) -->\n", "\n<!-- end -->")
            let start = try #require(renewed.range(of: begin), "\(name)")
            let rest = try #require(renewed[start.upperBound...].range(of: end), "\(name)")
            renewed.replaceSubrange(start.upperBound..<rest.lowerBound, with: Self.table(families))
        }
        if Self.writes { try renewed.write(to: place, atomically: true, encoding: .utf8) }
        #expect(kept == renewed || Self.writes, "run make snapshots if this is meant")
    }

    private struct Dashboard: Decodable {
        let title: String
        let panels: [Panel]

        struct Panel: Decodable {
            let title: String
            let type: String
            let targets: [Target]?
        }

        struct Target: Decodable {
            let expr: String
        }
    }

    @Test func `The dashboard names metrics that there are, and labels that they have`() throws {
        let data = try Data(contentsOf: Self.documents.appending(path: "grafana.json"))
        let dashboard = try JSONDecoder().decode(Dashboard.self, from: data)
        let families = RouterFamilies.all + LoadFamilies.all
        var named: Set<String> = []
        for panel in dashboard.panels where panel.type != "row" {
            let targets = try #require(panel.targets, "\(panel.title)")
            #expect(!targets.isEmpty, "\(panel.title)")
            for target in targets {
                let names = target.expr.matches(of: /\b(?:rennbahn|process)_[a-z_]+/).map { String($0.output) }
                #expect(!names.isEmpty, "\(target.expr)")
                let known = names.flatMap { name in families.filter { $0.sampleNames.contains(name) } }
                #expect(Set(known.flatMap(\.sampleNames)).isSuperset(of: names), "\(target.expr)")
                let labels = Set(known.flatMap(\.labels)).union(["job", "instance", "le"])
                let grouped = target.expr.matches(of: /by \(([a-z_, ]+)\)/).flatMap {
                    $0.output.1.split(separator: ",")
                }
                for label in grouped.map({ $0.trimmingCharacters(in: .whitespaces) }) {
                    #expect(labels.contains(label), "\(target.expr)")
                }
                named.formUnion(names)
            }
        }
        // Of both programs something is shown.
        #expect(
            named.contains { $0.hasPrefix("rennbahn_router_") } && named.contains { $0.hasPrefix("rennbahn_load_") })
    }
}
