import Benchmark
import RennbahnBytes
import RennbahnWAMP

/// Validating a whole PUBLISH and finding its parts.
func scanBenchmarks() {
    for serializer in Serializer.allCases {
        for count in [100, 1024, 16 * 1024] {
            scan("scan: \(serializer.name) records, \(sizeName(count))", serializer, Samples.publish(serializer, count))
        }
    }
    scan("scan: json ASCII text, 16 KiB", .json, Samples.textPublish(16 * 1024, of: "The quick brown fox "))
    scan("scan: json German text, 16 KiB", .json, Samples.textPublish(16 * 1024, of: "Größenänderung über Köln "))
}

private func scan(_ name: String, _ serializer: Serializer, _ message: [UInt8]) {
    // How long the message is exactly goes with the result, for who reckons octets per second.
    let octets = BenchmarkMetric.custom("octets", polarity: .prefersLarger, useScalingFactor: false)
    Benchmark(name, configuration: Benchmark.Configuration(metrics: [.wallClock, .throughput, octets])) { benchmark in
        var scanner = EnvelopeScanner()
        benchmark.measurement(octets, message.count)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            let scanned = try scanner.scanClientMessage(message.span, serializer: serializer)
            blackHole(scanned.payloadRange.count)
        }
        benchmark.stopMeasurement()
    }
}
