/// The forms in which Prometheus reads metrics.
package enum MetricsFormat: Sendable, Equatable, CaseIterable {
    /// The text format 0.0.4.
    case prometheus
    /// OpenMetrics 1.0.
    case openMetrics

    package var contentType: String {
        switch self {
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }
}

/// Writes families of metrics as text.
///
/// ```
///     Prometheus                                            OpenMetrics
/// # HELP rennbahn_router_events_total EVENTs …           # HELP rennbahn_router_events EVENTs …
/// # TYPE rennbahn_router_events_total counter            # TYPE rennbahn_router_events counter
/// rennbahn_router_events_total 5                         rennbahn_router_events_total 5
///                                                        # EOF
/// ```
package struct MetricsText: Sendable {
    package let format: MetricsFormat
    private var lines = ""

    package init(_ format: MetricsFormat) {
        self.format = format
    }

    /// All of it, with the line that ends it.
    package var text: String {
        switch format {
        case .prometheus: lines
        case .openMetrics: lines + "# EOF\n"
        }
    }

    /// Adds a family that is no histogram; one without samples is known, but has none now.
    package mutating func add(_ family: MetricFamily, _ samples: [MetricSample]) {
        precondition(family.kind != .histogram)
        begin(family)
        for sample in samples { add(family.sampleName, family, sample.labels, [], sample.value.text) }
    }

    package mutating func add(_ family: MetricFamily, _ value: MetricNumber) {
        add(family, [MetricSample([], value)])
    }

    package mutating func add(_ family: MetricFamily, count: some BinaryInteger) {
        add(family, .count(UInt64(clamping: count)))
    }

    package mutating func add(_ family: MetricFamily, _ buckets: MetricBuckets) {
        precondition(family.kind == .histogram)
        begin(family)
        let ends = buckets.bounds.map { MetricNumber.real($0).text } + ["+Inf"]
        for (end, count) in zip(ends, buckets.counts + [buckets.count]) {
            add(family.name + "_bucket", family, [], [(name: "le", value: end)], "\(count)")
        }
        add(family.name + "_count", family, [], [], "\(buckets.count)")
        add(family.name + "_sum", family, [], [], MetricNumber.real(buckets.sum).text)
    }

    private mutating func begin(_ family: MetricFamily) {
        switch format {
        case .prometheus:
            // Its types are those of samples, and it has none for what always is 1.
            let kind = family.kind == .info ? "gauge" : family.kind.rawValue
            let help = MetricsText.escaped(family.help, quotes: false)
            lines += "# HELP \(family.sampleName) \(help)\n# TYPE \(family.sampleName) \(kind)\n"
        case .openMetrics:
            let help = MetricsText.escaped(family.help, quotes: true)
            lines += "# HELP \(family.name) \(help)\n# TYPE \(family.name) \(family.kind.rawValue)\n"
            if let unit = family.unit { lines += "# UNIT \(family.name) \(unit)\n" }
        }
    }

    private mutating func add(
        _ name: String, _ family: MetricFamily, _ values: [String], _ own: [(name: String, value: String)],
        _ value: String
    ) {
        precondition(values.count == family.labels.count)
        let labels = zip(family.labels, values).map { (name: $0, value: $1) } + own
        let set = labels.map { "\($0.name)=\"\(MetricsText.escaped($0.value, quotes: true))\"" }
        lines += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(set.joined(separator: ","))} \(value)\n"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var safe = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": safe += "\\\\"
            case "\"": safe += quotes ? "\\\"" : "\""
            case "\n": safe += "\\n"
            case _: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }
}
