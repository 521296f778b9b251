/// What an `Accept` field (RFC 9110, section 12.5.1) says of the two forms.
struct Accept {
    /// From 0 to 1000, in thousandths; 0: not wanted.
    private(set) var openMetrics = 0
    private(set) var plain = 0

    /// OpenMetrics is for those who name it and want it no less; everybody else gets what every reader takes.
    var format: MetricsFormat { openMetrics > 0 && openMetrics >= plain ? .openMetrics : .prometheus }

    /// - Parameter values: of all fields of the name.
    init(_ values: [String]) {
        for range in values.flatMap({ $0.split(separator: ",") }) { note(range) }
    }

    private mutating func note(_ range: Substring) {
        let parts = range.split(separator: ";").map { Accept.trimmed($0).lowercased() }
        guard let type = parts.first else { return }
        var weight = 1000
        var version: String?
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1).map { Accept.trimmed($0) }
            guard pair.count == 2 else { continue }
            switch pair[0] {
            case "q": weight = Accept.weight(pair[1])
            case "version": version = pair[1].filter { $0 != "\"" }
            case _: break
            }
        }
        switch (type, version) {
        case ("application/openmetrics-text", nil), ("application/openmetrics-text", "1.0.0"):
            openMetrics = max(openMetrics, weight)
        case ("text/plain", nil), ("text/plain", "0.0.4"): plain = max(plain, weight)
        case _: break
        }
    }

    /// A weight that is none counts as nothing.
    private static func weight(_ text: String) -> Int {
        guard let value = Double(text), (0...1).contains(value) else { return 0 }
        return Int(value * 1000)
    }

    private static func trimmed(_ text: Substring) -> String {
        var rest = text
        while let first = rest.first, first == " " || first == "\t" { rest = rest.dropFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest = rest.dropLast() }
        return String(rest)
    }
}
