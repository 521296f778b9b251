import Testing

@testable import RennbahnMetrics

@Suite struct MetricsTextTests {
    private static let counter = MetricFamily(
        "a_bytes", .counter, unit: "bytes", labels: ["kind"], "Octets \"a\\b\"\nof it.")
    private static let info = MetricFamily("a_build", .info, labels: ["version"], "What it is.")
    private static let histogram = MetricFamily("a_seconds", .histogram, unit: "seconds", "How long.")

    private func text(_ format: MetricsFormat) -> String {
        var text = MetricsText(format)
        text.add(Self.counter, [MetricSample(["a\"b\\c\nd"], .count(.max)), MetricSample([""], .real(0.5))])
        text.add(Self.info, [MetricSample(["1"], .count(1))])
        text.add(Self.histogram, MetricBuckets(bounds: [0.00001, 1], counts: [1, 3], count: 4, sum: 2.5))
        return text.text
    }

    @Test func `The text format of Prometheus names the samples`() {
        #expect(
            text(.prometheus) == #"""
                # HELP a_bytes_total Octets "a\\b"\nof it.
                # TYPE a_bytes_total counter
                a_bytes_total{kind="a\"b\\c\nd"} 18446744073709551615
                a_bytes_total{kind=""} 0.5
                # HELP a_build_info What it is.
                # TYPE a_build_info gauge
                a_build_info{version="1"} 1
                # HELP a_seconds How long.
                # TYPE a_seconds histogram
                a_seconds_bucket{le="1e-05"} 1
                a_seconds_bucket{le="1.0"} 3
                a_seconds_bucket{le="+Inf"} 4
                a_seconds_count 4
                a_seconds_sum 2.5

                """#)
    }

    @Test func `OpenMetrics names the families, tells units, and has an end`() {
        #expect(
            text(.openMetrics) == #"""
                # HELP a_bytes Octets \"a\\b\"\nof it.
                # TYPE a_bytes counter
                # UNIT a_bytes bytes
                a_bytes_total{kind="a\"b\\c\nd"} 18446744073709551615
                a_bytes_total{kind=""} 0.5
                # HELP a_build What it is.
                # TYPE a_build info
                a_build_info{version="1"} 1
                # HELP a_seconds How long.
                # TYPE a_seconds histogram
                # UNIT a_seconds seconds
                a_seconds_bucket{le="1e-05"} 1
                a_seconds_bucket{le="1.0"} 3
                a_seconds_bucket{le="+Inf"} 4
                a_seconds_count 4
                a_seconds_sum 2.5
                # EOF

                """#)
    }

    @Test func `A number that is none, or has no end, is written as both formats have it`() {
        let numbers: [MetricNumber] = [.real(.nan), .real(.infinity), .real(-.infinity), .real(0), .count(0)]
        #expect(numbers.map(\.text) == ["NaN", "+Inf", "-Inf", "0.0", "0"])
    }

    @Test(arguments: [RouterFamilies.all, LoadFamilies.all])
    func `Families are named as Prometheus has it: base units at the end, no total, no name twice`(
        families: [MetricFamily]
    ) {
        #expect(Set(families.flatMap(\.sampleNames)).count == families.flatMap(\.sampleNames).count)
        for family in families {
            #expect(family.name.wholeMatch(of: /(rennbahn|process)(_[a-z]+)+/) != nil, "\(family.name)")
            let last = family.name.split(separator: "_").last.map(String.init) ?? ""
            #expect(!["total", "info", "count", "sum", "bucket", "created"].contains(last), "\(family.name)")
            #expect(family.unit == (["bytes", "seconds"].contains(last) ? last : nil), "\(family.name)")
            #expect(family.help.hasSuffix("."), "\(family.name)")
            #expect(!family.help.contains("\n") && !family.help.contains("|"), "\(family.name)")
        }
    }
}
