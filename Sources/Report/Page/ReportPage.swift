import RennbahnMeasurement

/// Results as one HTML file: no script, nothing from elsewhere, in the reader's choice of light or dark.
package enum ReportPage {
    /// Octets of a page.
    package static let largest = 500_000
    /// Results of a page.
    package static let mostResults = 64

    package static func render(_ sources: [PageSource]) -> String {
        var html = HTML()
        html.element("html", ["lang": "en"]) { html in
            html.newLine()
            html.element("head") { head(sources, into: &$0) }
            html.newLine()
            html.element("body") { body(sources, into: &$0) }
            html.newLine()
        }
        return "<!DOCTYPE html>\n" + html.markup + "\n"
    }

    private static func head(_ sources: [PageSource], into head: inout HTML) {
        head.void("meta", ["charset": "utf-8"])
        head.void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        head.void("meta", ["name": "color-scheme", "content": "light dark"])
        // Nothing is fetched, whatever a file has in it.
        head.void(
            "meta",
            ["http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"])
        let title = sources.count == 1 ? "\(sources[0].verdict.word): \(sources[0].title)" : sources.count.of("result")
        head.element("title", "Rennbahn: \(title)")
        head.element("style") { $0.say(own: PageStyle.sheet) }
    }

    private static func body(_ sources: [PageSource], into body: inout HTML) {
        if sources.count > 1 {
            body.element("h1", sources.count.of("result"))
            index(sources, into: &body)
            comparisons(sources, into: &body)
        }
        var glossary = HTML()
        Glossary.add(to: &glossary)
        for (index, source) in sources.enumerated() {
            var section = HTML()
            add(source, index, into: &section)
            let size = body.markup.utf8.count + section.markup.utf8.count + glossary.markup.utf8.count
            if size <= largest - reserve * (sources.count - index) {
                body.append(section)
                continue
            }
            body.element("section", ["id": "r\(index)"]) { section in
                banner(source, hasReasons: false, into: &section)
                section.facts(
                    "The rest is left out: the page would be larger than 500 kB. A page of this file alone may have it."
                )
            }
        }
        body.append(glossary)
    }

    /// Octets that are kept for what follows: a banner for each section, and the head.
    private static let reserve = 6000

    private static func index(_ sources: [PageSource], into body: inout HTML) {
        body.element("nav") { nav in
            nav.element("ol") { list in
                for (index, source) in sources.enumerated() {
                    list.element("li") { item in
                        item.element("a", ["href": "#r\(index)"], short(source.name))
                        item.say(" \(short(source.title)), \(source.verdict.word)")
                    }
                }
            }
        }
        body.newLine()
    }

    /// The first with each of the others that it can be compared with.
    private static func comparisons(_ sources: [PageSource], into body: inout HTML) {
        var told = HTML()
        for other in sources.dropFirst() {
            guard let comparison = try? Comparison(sources[0], other) else { continue }
            told.element("h3", "\(short(comparison.other)) to \(short(comparison.base))")
            told.list(comparison.warnings.map { "Warning: \($0)" }, style: "open")
            let rows = comparison.rows.prefix(60).map { row in
                [PageCell("\(row.subject), \(row.metric)")] + row.texts.map { PageCell($0) }
            }
            told.table(["figure", "first", "other", "ratio", "interval of 95 %"], rows)
            if told.markup.utf8.count > 80_000 { break }
        }
        // Texts of a file may be long and all of characters that are escaped.
        guard !told.markup.isEmpty, told.markup.utf8.count < largest / 3 else { return }
        body.element("h2", "Compared")
        body.facts(Comparison.explanation)
        body.append(told)
    }

    private static func add(_ source: PageSource, _ index: Int, into html: inout HTML) {
        html.element("section", ["id": "r\(index)"]) { section in
            banner(source, into: &section)
            switch source.results {
            case .run(let document): RunSection(document).add(to: &section)
            case .trials(let document): TrialSection(document, source.advice).add(to: &section)
            }
            whereAndWith(source.environment, into: &section)
        }
        html.newLine()
    }

    private static func banner(_ source: PageSource, hasReasons: Bool = true, into section: inout HTML) {
        section.element("header") { header in
            header.element("h2", ["class": source.verdict.style], source.verdict.word.uppercased())
            header.element("p", source.title)
            header.element("p", ["class": "facts"], source.name)
        }
        if hasReasons { section.list(source.verdict.reasons) }
    }

    private static func whereAndWith(_ environment: RunEnvironment, into section: inout HTML) {
        section.element("h3", "Where and with what")
        var rows: [[PageCell]] = [
            ["processor", PageCell("\(environment.cpuModel), \(environment.cores.of("core"))")],
            ["system", PageCell("\(environment.operatingSystem), Linux \(environment.kernel)")],
            ["program", PageCell("\(environment.version ?? HumanNumber.absent), commit \(environment.shortCommit)")],
            ["build", PageCell("\(environment.toolchain), \(environment.buildConfiguration)")],
            ["date", PageCell(environment.date)],
            ["load before", PageCell(environment.loadAverage.map { HumanNumber.plain($0) }.joined(separator: ", "))],
            ["seed", PageCell("\(environment.seed)")],
        ]
        for (name, pins) in [("router on", environment.routerPins), ("generator on", environment.generatorPins)] {
            if let pins { rows.append([PageCell(name), PageCell(pins.map { "\($0)" }.joined(separator: ", "))]) }
        }
        section.table(["what", "is"], rows)
        section.element("p", ["class": "facts"]) { line in
            line.element("code", environment.commandLine.joined(separator: " "))
        }
        section.newLine()
    }

    /// For lists and headings.
    private static func short(_ text: String) -> String { text.truncated(toColumns: 80) }
}
