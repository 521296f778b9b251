/// Families of metrics in the text format of OpenMetrics 1.0.
///
/// ```
/// # HELP rennbahn_load_messages Units of work completed in the window.
/// # TYPE rennbahn_load_messages counter
/// rennbahn_load_messages_total{scenario="rpc"} 500000
/// # EOF
/// ```
struct OpenMetricsText {
    enum Kind: String {
        case counter, gauge, histogram, summary, info, stateset
    }

    struct Sample {
        /// Behind the family's name: `_bucket`.
        var suffix = ""
        var labels: [(name: String, value: String)] = []
        var value: String
    }

    private var lines = ""

    /// All of it, with the line that ends it.
    var text: String { lines + "# EOF\n" }

    /// Adds a family; one without samples is left out.
    ///
    /// - Parameters:
    ///   - name: with its unit at its end, and without what samples have behind it.
    ///   - unit: `seconds`, `bytes`, `ratio`; nil for numbers of things.
    mutating func add(_ name: String, _ kind: Kind, unit: String? = nil, help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        precondition(unit.map { name.hasSuffix("_" + $0) } ?? true)
        lines += "# HELP \(name) \(OpenMetricsText.escaped(help))\n# TYPE \(name) \(kind.rawValue)\n"
        if let unit { lines += "# UNIT \(name) \(unit)\n" }
        for sample in samples {
            let labels = sample.labels.map { "\($0.name)=\"\(OpenMetricsText.escaped($0.value))\"" }
            let set = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
            lines += "\(name)\(sample.suffix)\(set) \(sample.value)\n"
        }
    }

    /// As the format writes numbers.
    static func number(_ value: Double) -> String {
        guard !value.isNaN else { return "NaN" }
        guard value.isFinite else { return value > 0 ? "+Inf" : "-Inf" }
        return "\(value)"
    }

    private static func escaped(_ text: String) -> String {
        var safe = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": safe += "\\\\"
            case "\"": safe += "\\\""
            case "\n": safe += "\\n"
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }
}
