import RennbahnMeasurement
import Testing

@testable import RennbahnReport

struct OpenMetricsExportTests {
    private static let labels = #"scenario="pubsub",serializer="json",compression="none",payload="32 B""#

    private func read(_ document: ResultsDocument) throws -> OpenMetricsReader {
        try OpenMetricsReader(try ExportFormat.openmetrics.text(of: .run(document)))
    }

    private func value(_ reader: OpenMetricsReader, _ family: String, _ series: String) -> String? {
        reader.families["rennbahn_load_" + family]?.samples.first { $0.series == "rennbahn_load_" + series }?.value
    }

    @Test func `A family has its help, type and unit, and then its samples`() {
        var text = OpenMetricsText()
        text.add(
            "a_seconds", .counter, unit: "seconds", help: "One \\ \"two\"\nthree.",
            [.init(suffix: "_total", value: "1")])
        text.add("b", .gauge, help: "Nothing.", [])
        text.add("c", .gauge, help: "C.", [.init(labels: [("x", "\"\\\n|"), ("y", "")], value: "0.5")])
        #expect(
            text.text == #"""
                # HELP a_seconds One \\ \"two\"\nthree.
                # TYPE a_seconds counter
                # UNIT a_seconds seconds
                a_seconds_total 1
                # HELP c C.
                # TYPE c gauge
                c{x="\"\\\n|",y=""} 0.5
                # EOF

                """#)
        #expect(OpenMetricsText.number(1e-5) == "1e-05" && OpenMetricsText.number(.infinity) == "+Inf")
        #expect(OpenMetricsText.number(-.infinity) == "-Inf" && OpenMetricsText.number(.nan) == "NaN")
    }

    @Test func `Figures of a run are counters and gauges, with labels that say of what`() throws {
        let reader = try read(ExportSamples.run)
        let labels = Self.labels
        #expect(value(reader, "messages", "messages_total{\(labels)}") == "500000")
        #expect(value(reader, "window_seconds", "window_seconds{\(labels)}") == "2.0")
        #expect(value(reader, "wire_bytes", "wire_bytes_total{\(labels),direction=\"to_router\"}") == "1000000")
        #expect(value(reader, "wire_bytes", "wire_bytes_total{\(labels),direction=\"from_router\"}") == "39000000")
        #expect(value(reader, "cpu_seconds", "cpu_seconds_total{\(labels),side=\"router\"}") == "1.8")
        #expect(value(reader, "resident_bytes", "resident_bytes{\(labels),side=\"generator\"}") == "\(50 << 20)")
        #expect(value(reader, "verdict", "verdict{\(labels),rennbahn_load_verdict=\"valid\"}") == "1")
        #expect(value(reader, "verdict", "verdict{\(labels),rennbahn_load_verdict=\"invalid\"}") == "0")
        #expect(reader.families["rennbahn_load"]?.samples[0].series.contains("commit=\"1a2b3c4\"") == true)
        // What was not measured is absent.
        for name in ["unanswered", "lost_connections", "peak_resident_bytes", "service_seconds", "condition"] {
            #expect(reader.families["rennbahn_load_" + name] == nil, "\(name)")
        }
        #expect(reader.families["rennbahn_load_cpu_ratio"]?.unit == "ratio")
    }

    @Test func `Latencies are histograms, with as many as there are below each bound, and quantiles`() throws {
        var run = ExportSamples.run
        run.cells[0].measurements.latency.response = ExportSamples.latency(9000, 1_000_000, 1_000_000, 70_000_000_000)
        let reader = try read(run)
        let family = try #require(reader.families["rennbahn_load_response_seconds"])
        #expect(family.type == "histogram" && family.unit == "seconds")
        let buckets = family.samples.filter { $0.series.contains("_bucket{") }
        #expect(buckets.count == 22)
        #expect(buckets.first?.series.hasSuffix(",le=\"1e-05\"}") == true && buckets.first?.value == "1")
        #expect(buckets.last?.series.hasSuffix(",le=\"+Inf\"}") == true && buckets.last?.value == "4")
        #expect(buckets.first { $0.series.contains("le=\"0.0025\"") }?.value == "3")
        #expect(buckets.first { $0.series.contains("le=\"1.0\"") }?.value == "3")
        #expect(value(reader, "response_seconds", "response_seconds_count{\(Self.labels)}") == "4")
        let median = "response_quantile_seconds{\(Self.labels),quantile=\"0.5\"}"
        let seconds = try #require(value(reader, "response_quantile_seconds", median).flatMap(Double.init))
        #expect(abs(seconds - 0.001) < 0.000_001)
        #expect(reader.families["rennbahn_load_last_subscriber_seconds"]?.samples.isEmpty == false)
    }

    @Test func `What was required is a state, and what was wrong is counted`() throws {
        let reader = try read(ExportSamples.failedRun)
        let labels = Self.labels.replacing("json", with: "msgpack")
        func state(_ number: Int, _ condition: String, _ verdict: String) -> String? {
            value(
                reader, "condition",
                "condition{\(labels),number=\"\(number)\",condition=\"\(condition)\",rennbahn_load_condition=\"\(verdict)\"}"
            )
        }
        #expect(state(1, "messages>0", "holds") == "1" && state(1, "messages>0", "broken") == "0")
        #expect(state(2, "loss==0", "broken") == "1" && state(3, "p99(lag)<1ms", "untold") == "1")
        #expect(value(reader, "faulty_messages", "faulty_messages_total{\(labels),fault=\"lost\"}") == "3")
    }

    @Test func `Cells of one file are told apart by their number`() throws {
        let reader = try read(Samples.document)
        let series = try #require(reader.families["rennbahn_load_messages"]).samples.map(\.series)
        #expect(series.count == 4 && series[2].hasPrefix("rennbahn_load_messages_total{cell=\"3\","))
    }
}
