import Benchmark
import Bytes
import WAMP
import WebSocketDeflate

/// permessage-deflate on a JSON PUBLISH, at zlib's default level.
func deflateBenchmarks() {
    for takeover in [true, false] {
        let context = takeover ? "context kept" : "no context takeover"
        for count in [100, 1024, 16 * 1024] {
            Benchmark("deflate: \(context), \(sizeName(count))", configuration: fewer) { benchmark in
                let message = Samples.publish(.json, count)
                var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: takeover)
                var output = ByteBuffer(capacity: count + 256)
                deflater.compress(message.span, into: &output)
                benchmark.startMeasurement()
                for _ in benchmark.scaledIterations {
                    output.removeAll(keepingCapacity: true)
                    deflater.compress(message.span, into: &output)
                }
                benchmark.stopMeasurement()
                blackHole(output.count)
            }
        }
    }
    for count in [100, 1024, 16 * 1024] {
        Benchmark("inflate: no context takeover, \(sizeName(count))", configuration: fewer) { benchmark in
            let message = Samples.publish(.json, count)
            var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: false)
            var compressed = ByteBuffer()
            deflater.compress(message.span, into: &compressed)
            var inflater = Inflater(windowBits: 15, contextTakeover: false)
            var output = ByteBuffer(capacity: count + 256)
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations {
                output.removeAll(keepingCapacity: true)
                try inflater.inflate(compressed.span, into: &output, limit: 1 << 20)
            }
            benchmark.stopMeasurement()
            blackHole(output.count)
        }
    }
}

/// zlib takes microseconds a message: fewer messages an iteration.
private var fewer: Benchmark.Configuration {
    Benchmark.Configuration(scalingFactor: .one, maxDuration: .seconds(1), maxIterations: 20_000)
}
