import Benchmark
import RennbahnBytes
import RennbahnWAMP

/// Rewriting a payload for receivers that speak the other serializer.
func transcodeBenchmarks() {
    for serializer in Serializer.allCases {
        let other: Serializer = serializer == .json ? .msgpack : .json
        for count in [100, 1024, 16 * 1024] {
            Benchmark("transcode: \(serializer.name) to \(other.name), \(sizeName(count))") { benchmark in
                let args = Samples.args(serializer, count)
                let payload = Payload(serializer: serializer, elements: 1)
                var output = ByteBuffer(capacity: 2 * count + 256)
                benchmark.startMeasurement()
                for _ in benchmark.scaledIterations {
                    output.removeAll(keepingCapacity: true)
                    try Transcoder.transcode(payload, args.span, to: other, into: &output)
                }
                benchmark.stopMeasurement()
                blackHole(output.count)
            }
        }
    }
}
