import RennbahnMeasurement

/// A run as OpenMetrics text, which Prometheus reads: what was counted in the window, what both sides used, and the distributions
/// of latencies. Without times: they are those of when it is read.
struct OpenMetricsExport {
    private typealias Sample = OpenMetricsText.Sample
    private typealias Labels = [(name: String, value: String)]
    /// What a sample says of a cell; nil: there is nothing to say.
    private typealias Figure = (ResultCell) -> String?

    private var text = OpenMetricsText()
    /// With what tells each of them from the others.
    private let cells: [(cell: ResultCell, labels: Labels)]

    static func text(of document: ResultsDocument) throws(ExportRefusal) -> String {
        var export = OpenMetricsExport(document)
        export.addInfo(document.environment)
        export.addJudgement()
        export.addCounts()
        export.addResources()
        try export.addLatencies()
        return export.text.text
    }

    private init(_ document: ResultsDocument) {
        var cells: [(cell: ResultCell, labels: Labels)] = []
        for (index, cell) in document.cells.enumerated() {
            let parameters = cell.parameters
            var labels: Labels = document.cells.count > 1 ? [(name: "cell", value: "\(index + 1)")] : []
            if let router = parameters.router { labels.append((name: "router", value: router)) }
            labels += [
                (name: "scenario", value: parameters.scenario), (name: "serializer", value: parameters.serializer),
                (name: "compression", value: parameters.compression), (name: "payload", value: parameters.payloadName),
            ]
            cells.append((cell: cell, labels: labels))
        }
        self.cells = cells
    }

    // MARK: Families

    /// A sample for each cell that has a figure.
    private mutating func add(
        _ name: String, _ kind: OpenMetricsText.Kind, unit: String? = nil, help: String,
        _ figure: @escaping Figure
    ) {
        add(name, kind, unit: unit, help: help, by: "", of: [("", figure)])
    }

    /// A sample for each cell and each of the values of a label.
    private mutating func add(
        _ name: String, _ kind: OpenMetricsText.Kind, unit: String? = nil, help: String, by label: String,
        of values: [(String, Figure)]
    ) {
        var samples: [Sample] = []
        for (cell, labels) in cells {
            for (value, figure) in values {
                guard let told = figure(cell) else { continue }
                let own: Labels = label.isEmpty ? [] : [(name: label, value: value)]
                samples.append(Sample(suffix: kind == .counter ? "_total" : "", labels: labels + own, value: told))
            }
        }
        text.add("rennbahn_load_" + name, kind, unit: unit, help: help, samples)
    }

    private mutating func addInfo(_ environment: RunEnvironment) {
        let labels: Labels = [
            (name: "version", value: environment.version ?? ""), (name: "commit", value: environment.shortCommit),
            (name: "date", value: environment.date), (name: "cpu_model", value: environment.cpuModel),
            (name: "kernel", value: environment.kernel),
        ]
        text.add(
            "rennbahn_load", .info, help: "With what, where and when the run was made.",
            [Sample(suffix: "_info", labels: labels, value: "1")])
    }

    private mutating func addJudgement() {
        var verdicts: [(String, Figure)] = []
        for verdict in [Verdict.valid, .invalid([]), .verificationFailed(alsoInvalid: [])] {
            let outcome = verdict.outcome
            verdicts.append((outcome, { $0.verdict.outcome == outcome ? "1" : "0" }))
        }
        add(
            "verdict", .stateset, help: "Whether the figures may be used.", by: "rennbahn_load_verdict", of: verdicts)
        var samples: [Sample] = []
        for (cell, labels) in cells {
            for (index, condition) in (cell.conditions ?? []).enumerated() {
                for verdict in ConditionOutcome.Verdict.allCases {
                    let own: Labels = [
                        (name: "number", value: "\(index + 1)"), (name: "condition", value: condition.condition),
                        (name: "rennbahn_load_condition", value: verdict.rawValue),
                    ]
                    samples.append(Sample(labels: labels + own, value: condition.verdict == verdict ? "1" : "0"))
                }
            }
        }
        text.add("rennbahn_load_condition", .stateset, help: "Whether what was required holds.", samples)
    }

    private mutating func addCounts() {
        add("window_seconds", .gauge, unit: "seconds", help: "Length of the measured window.") {
            OpenMetricsText.number($0.measurements.seconds)
        }
        add("messages", .counter, help: "Units of work completed in the window.") { "\($0.measurements.messages)" }
        add("operations", .counter, help: "Operations sent in the window.") { "\($0.measurements.operations)" }
        add(
            "wire_bytes", .counter, unit: "bytes", help: "Octets of frames in the window.", by: "direction",
            of: [
                ("to_router", { "\($0.measurements.wire.bytesIn)" }),
                ("from_router", { "\($0.measurements.wire.bytesOut)" }),
            ])
        add("expected_messages", .counter, help: "Messages of the whole run that should have arrived.") {
            "\($0.measurements.verification.expected)"
        }
        add("received_messages", .counter, help: "Messages of the whole run that arrived.") {
            "\($0.measurements.verification.received)"
        }
        add(
            "faulty_messages", .counter, help: "Messages of the whole run that were not as they should be.",
            by: "fault",
            of: [
                ("lost", { "\($0.measurements.verification.lost)" }),
                ("duplicated", { "\($0.measurements.verification.duplicated)" }),
                ("reordered", { "\($0.measurements.verification.reordered)" }),
                ("corrupted", { "\($0.measurements.verification.corrupted)" }),
                ("unexpected", { "\($0.measurements.verification.unexpected)" }),
            ])
        add("lost_connections", .counter, help: "Connections that ended before they were asked to.") {
            $0.measurements.connections.map { "\($0.lost)" }
        }
        add("unopened_sessions", .counter, help: "Sessions that could not be opened.") {
            $0.measurements.connections.map { "\($0.unopenedSessions)" }
        }
        add("unanswered", .counter, help: "Units of work that nobody answered.") {
            $0.measurements.latency.unanswered.map { "\($0.count)" }
        }
    }

    private mutating func addResources() {
        /// Of both sides.
        func sides(_ figure: @escaping (ProcessFigures) -> String?) -> [(String, Figure)] {
            [
                ("router", { $0.measurements.router.flatMap(figure) }),
                ("generator", { figure($0.measurements.generator) }),
            ]
        }
        add(
            "cpu_seconds", .counter, unit: "seconds", help: "CPU time used in the window.", by: "side",
            of: sides { OpenMetricsText.number($0.cpu.total) })
        add(
            "cpu_ratio", .gauge, unit: "ratio", help: "Busy share of the cores that a side may use.", by: "side",
            of: sides { OpenMetricsText.number($0.cpuShare) })
        add(
            "resident_bytes", .gauge, unit: "bytes", help: "Resident memory at the end of the window.", by: "side",
            of: sides { "\($0.residentBytes)" })
        add(
            "peak_resident_bytes", .gauge, unit: "bytes", help: "The most memory that ever was resident.", by: "side",
            of: sides { $0.peakResidentBytes.map { "\($0)" } })
        add(
            "run_queue_ratio", .gauge, unit: "ratio",
            help: "Share of the window in which the thread that fared worst waited for a processor.", by: "side",
            of: sides { $0.runQueueShare.map { OpenMetricsText.number($0) } })
    }

    // MARK: Latencies

    /// Upper ends of the histograms' buckets, in nanoseconds: from 10 µs to 60 s.
    private static let bounds: [UInt64] = [
        10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
        50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000,
        30_000_000_000, 60_000_000_000,
    ]

    private static let latencies: [(name: String, help: String)] = [
        ("response", "From the intended send to receipt."), ("service", "From the hand-over to the socket to receipt."),
        ("lag", "From the intended send to the hand-over to the socket."),
        ("last-subscriber", "From the intended send to receipt by the last subscriber."),
    ]

    private mutating func addLatencies() throws(ExportRefusal) {
        var known: [(latencies: [NamedLatency], labels: Labels)] = []
        for (cell, labels) in cells { known.append((latencies: try cell.latencies(), labels: labels)) }
        for (name, help) in OpenMetricsExport.latencies {
            var (buckets, quantiles): ([Sample], [Sample]) = ([], [])
            for (latencies, labels) in known {
                guard let latency = latencies.first(where: { $0.name == name }) else { continue }
                let ends = OpenMetricsExport.ends(of: latency, labels)
                buckets += OpenMetricsExport.buckets(of: latency.recorder, labels) + ends
                quantiles += OpenMetricsExport.quantiles(of: latency.figure.summary, labels) + ends
            }
            let family = "rennbahn_load_" + (name == "last-subscriber" ? "last_subscriber" : name)
            text.add("\(family)_seconds", .histogram, unit: "seconds", help: help, buckets)
            text.add("\(family)_quantile_seconds", .summary, unit: "seconds", help: help, quantiles)
        }
    }

    private static func buckets(of recorder: LatencyRecorder, _ labels: Labels) -> [Sample] {
        let ends = bounds.map(seconds) + ["+Inf"]
        let counts = recorder.counts(upTo: bounds) + [recorder.count]
        return zip(ends, counts).map { end, count in
            Sample(suffix: "_bucket", labels: labels + [(name: "le", value: end)], value: "\(count)")
        }
    }

    private static func quantiles(of summary: LatencySummary, _ labels: Labels) -> [Sample] {
        let all: [(String, UInt64)] = [
            ("0.0", summary.min), ("0.5", summary.p50), ("0.9", summary.p90), ("0.99", summary.p99),
            ("0.999", summary.p999), ("0.9999", summary.p9999), ("1.0", summary.max),
        ]
        return all.map { quantile, value in
            Sample(labels: labels + [(name: "quantile", value: quantile)], value: seconds(value))
        }
    }

    /// What a histogram and a summary end with. The count is that of the last bucket.
    private static func ends(of latency: NamedLatency, _ labels: Labels) -> [Sample] {
        let count = latency.recorder.count
        let sum = latency.figure.summary.mean * Double(count) / 1_000_000_000
        return [
            Sample(suffix: "_count", labels: labels, value: "\(count)"),
            Sample(suffix: "_sum", labels: labels, value: OpenMetricsText.number(sum)),
        ]
    }

    private static func seconds(_ nanoseconds: UInt64) -> String {
        OpenMetricsText.number(Double(nanoseconds) / 1_000_000_000)
    }
}
