import Testing

/// Fields of comma-separated values by row, as RFC 4180 has them.
enum CSVReader {
    static func rows(_ text: String) throws -> [[String]] {
        var rows: [[String]] = []
        var (row, field, isQuoted): ([String], String, Bool) = ([], "", false)
        var rest = Array(text.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            switch (scalar, isQuoted) {
            case ("\"", true) where rest.first == "\"":
                rest.removeFirst()
                field += "\""
            case ("\"", _): isQuoted.toggle()
            case (",", false):
                row.append(field)
                field = ""
            case ("\r", false):
                let next = rest.popFirst()
                try #require(next == "\n")
                rows.append(row + [field])
                (row, field) = ([], "")
            default: field.unicodeScalars.append(scalar)
            }
        }
        try #require(row.isEmpty && field.isEmpty && !isQuoted, "the last line has no end")
        return rows
    }
}

/// Tables of Markdown.
enum MarkdownReader {
    /// Of each table, how many bars each of its lines has that end a cell.
    static func tables(_ text: String) -> [[Int]] {
        var tables: [[Int]] = []
        var isWithin = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isRow = line.hasPrefix("|")
            if isRow, !isWithin { tables.append([]) }
            if isRow { tables[tables.count - 1].append(bars(line)) }
            isWithin = isRow
        }
        return tables
    }

    private static func bars(_ line: Substring) -> Int {
        var (count, isEscaped) = (0, false)
        for scalar in line.unicodeScalars {
            if scalar == "|", !isEscaped { count += 1 }
            isEscaped = scalar == "\\" && !isEscaped
        }
        return count
    }
}

/// Families of OpenMetrics text, whose rules are checked on the way.
struct OpenMetricsReader {
    struct Family {
        var type: String
        var unit: String?
        /// By name and labels, as they are written.
        var samples: [(series: String, value: String)] = []
    }

    private(set) var families: [String: Family] = [:]

    /// What samples of a type may have behind the family's name.
    private static let suffixes: [String: [String]] = [
        "counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_count", "_sum"],
        "summary": ["", "_count", "_sum"], "info": ["_info"], "stateset": [""],
    ]

    init(_ text: String) throws {
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        let (end, mark) = (lines.popLast(), lines.popLast())
        try #require(end == "" && mark == "# EOF", "the last line has no end, or is another one")
        var name = ""
        for line in lines {
            let words = line.split(separator: " ", maxSplits: 3).map(String.init)
            guard line.hasPrefix("#") else {
                try add(line, to: name)
                continue
            }
            try #require(words.count == 4, "\(line)")
            switch words[1] {
            case "HELP":
                name = words[2]
                try #require(families[name] == nil, "\(name) comes twice")
            case "TYPE":
                try #require(words[2] == name && Self.suffixes[words[3]] != nil, "\(line)")
                families[name] = Family(type: words[3])
            case "UNIT":
                try #require(words[2] == name && name.hasSuffix("_" + words[3]), "\(line)")
                families[name]?.unit = words[3]
            default: Issue.record("\(line)")
            }
        }
        for (name, family) in families { check(family, name) }
    }

    private mutating func add(_ line: String, to name: String) throws {
        let space = try #require(line.lastIndex(of: " "))
        let series = String(line[..<space])
        let metric = String(series.prefix { $0 != "{" })
        let type = try #require(families[name]?.type)
        try #require(metric.hasPrefix(name), "\(line)")
        #expect(Self.suffixes[type]?.contains(String(metric.dropFirst(name.count))) == true, "\(line)")
        families[name]?.samples.append((series, String(line[line.index(after: space)...])))
    }

    private func check(_ family: Family, _ name: String) {
        #expect(!family.samples.isEmpty, "\(name)")
        #expect(Set(family.samples.map(\.series)).count == family.samples.count, "\(name) has a series twice")
        #expect(family.samples.allSatisfy { Double($0.value) != nil }, "\(name)")
        guard family.type == "histogram" else { return }
        var last = 0.0
        for (series, text) in family.samples {
            let value = Double(text) ?? -1
            if series.contains("_bucket{") {
                #expect(value >= last, "\(series)")
                last = value
            } else if series.contains("_count{") {
                #expect(value == last, "\(series)")
            } else {
                last = 0
            }
        }
    }
}
