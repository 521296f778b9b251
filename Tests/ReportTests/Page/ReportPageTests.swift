import Foundation
import RennbahnMeasurement
import RennbahnTrial
import Testing

@testable import RennbahnReport

struct ReportPageTests {
    private static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Results that are committed and that a page can be made of.
    static let committed: [String] = {
        let folder = repository.appending(path: "results").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().map { "\(folder)/\($0)" }
    }()

    static func named(_ sources: [ExportSource]) -> [PageSource] {
        sources.enumerated().map { PageSource("results-\($0).json", $1) }
    }

    /// Elements that a page may have: none that loads or does anything.
    private static let allowed: Set<String> = [
        "html", "head", "meta", "title", "style", "body", "header", "nav", "section", "h1", "h2", "h3", "p", "a",
        "code",
        "ul", "ol", "li", "dl", "dt", "dd", "div", "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption",
        "span",
        "svg", "rect", "line", "polyline", "circle", "text",
    ]

    @discardableResult
    private func check(_ page: String) throws -> XMLElements {
        let elements = try #require(XMLElements.read(page))
        for (name, attributes) in elements.elements {
            #expect(Self.allowed.contains(name), "\(name)")
            for (key, value) in attributes {
                #expect(!["src", "srcset", "style"].contains(key) && !key.hasPrefix("on"), "\(name) \(key)")
                if key == "href" { #expect(value.hasPrefix("#r")) }
            }
        }
        #expect(page.utf8.count <= ReportPage.largest)
        #expect(!page.contains("url(") && !page.contains("@import"))
        for word in ["NaN", "nan,", ",nan", "inf ", "Optional("] { #expect(!page.contains(word), "\(word)") }
        return elements
    }

    @Test(arguments: ExportSamples.sources.indices)
    func `A page is well-formed, loads nothing and does nothing`(index: Int) throws {
        try check(ReportPage.render(Self.named([ExportSamples.sources[index]])))
    }

    @Test func `Several results have an index, a section each and a comparison`() throws {
        let elements = try check(ReportPage.render(Self.named(ExportSamples.sources)))
        let ids = elements.all("section").compactMap { $0["id"] }
        #expect(ids == ExportSamples.sources.indices.map { "r\($0)" } + ["glossary"])
        #expect(elements.all("a").map { $0["href"] } == ExportSamples.sources.indices.map { "#r\($0)" })
        #expect(elements.text.contains("Compared"))
    }

    @Test func `Committed results become pages, and what is none is told by name`() throws {
        let (sources, problems) = PageSource.readAll(Self.committed)
        #expect(sources.count >= 10 && !problems.isEmpty)
        // The last of each kind: they come in the order of their dates.
        var last: [String: PageSource] = [:]
        for source in sources { last[String(source.name.split(separator: "-").last ?? "")] = source }
        #expect(last.count >= 3)
        for source in last.values { try check(ReportPage.render([source])) }
        try check(ReportPage.render(Array(last.values)))
        for problem in problems { #expect(problem.contains("/results/") && problem.contains(".json: is ")) }
        let (none, both) = PageSource.readAll(["/nowhere/a.json", "/nowhere/b.json"])
        #expect(none.isEmpty && both.map { String($0.prefix(15)) } == ["/nowhere/a.json", "/nowhere/b.json"])
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'; </style><!--",
        "\u{0}\u{1B}[2J\u{85}\u{FFFF}",
        String(repeating: "<&\"", count: 10_000),
    ])
    func `What files hold is text wherever it stands`(hostile: String) throws {
        var run = ExportSamples.hostileRun
        run.cells.removeLast()
        run.cells[0].measurements.violations = [hostile]
        run.cells[0].parameters.document = hostile
        run.cells[0].parameters.router = hostile
        run.cells[0].warnings = [RunWarning(.nagleStalls, hostile)]
        run.incompleteReason = hostile
        run.environment.commandLine = [hostile, hostile]
        run.environment.kernel = hostile
        run.intervals = ExportSamples.run.intervals
        run.intervals?[0].phase = hostile
        var trials = ExportSamples.trials(hostile)
        trials.command = hostile
        trials.trials[0].work = hostile
        trials.trials[0].remarks = [hostile]
        for results in [.run(run), .trials(trials)] as [ExportSource] {
            let page = ReportPage.render([PageSource(hostile, results, advice: [hostile])])
            try check(page)
            #expect(!page.contains("<script") && !page.contains("<img"))
        }
    }

    @Test func `The largest series that a file has is drawn below the limit, and what was merged is said`() throws {
        var document = ExportSamples.run
        document.intervals = (0..<IntervalSeries.limit).map { index in
            var interval = RunInterval(
                at: Double(index + 1) * 1.0071, seconds: 1.0071, phase: index < 10 ? "warming-up" : "measuring",
                connections: 7, messages: UInt64(123_456 + index * 31 % 977))
            interval.latency = ExportSamples.latency(UInt64(1000 + index), 9_999_999)
            interval.resources = (0..<4).map { Samples.resources(at: Double(index) + Double($0) / 4) }
            return interval
        }
        let page = ReportPage.render(Self.named([.run(document)]))
        let elements = try check(page)
        #expect(elements.text.contains("at most 240 points"))
        let most = elements.all("polyline").compactMap { $0["points"]?.split(separator: " ").count }.max()
        #expect((most ?? 0) > 200 && (most ?? 0) <= 240)
        #expect(elements.all("rect").count == 2 * 4)
    }

    @Test func `What would make a page too large is left out, and said to be`() throws {
        var document = ExportSamples.trials(String(repeating: "<", count: 400))
        document.trials = Array(repeating: document.trials[0], count: 300)
        for index in document.trials.indices {
            document.trials[index].sides += Array(repeating: document.trials[index].sides[1], count: 20)
        }
        let page = ReportPage.render(Self.named(Array(repeating: .trials(document), count: 3)))
        #expect(try check(page).text.contains("The rest is left out"))
    }

    @Test func `The verdict stands first, and says the worst`() {
        func word(_ document: ResultsDocument) -> String { PageVerdict(document).word }
        var document = ExportSamples.run
        #expect(word(document) == "valid")
        document.cells[0].conditions = ExportSamples.failedRun.cells[0].conditions
        #expect(word(document) == "valid, and a threshold is missed")
        document.cells[0].verdict = .invalid([InvalidReason(.interrupted, measured: 1, limit: 0)])
        #expect(word(document) == "invalid")
        document.complete = false
        #expect(word(document) == "interrupted")
        document.cells[0].verdict = .verificationFailed(alsoInvalid: [])
        #expect(word(document) == "failed")
        #expect(PageVerdict(ExportSamples.trials()).word == "a goal is missed")
    }
}
