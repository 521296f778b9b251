import Benchmark
import Bytes
import WAMP

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
    Benchmark(name) { benchmark in
        var scanner = EnvelopeScanner()
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            let scanned = try scanner.scanClientMessage(message.span, serializer: serializer)
            blackHole(scanned.payloadRange.count)
        }
        benchmark.stopMeasurement()
    }
}
