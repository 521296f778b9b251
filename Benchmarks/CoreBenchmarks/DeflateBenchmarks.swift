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
        inflateWithContext(count)
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

/// Sixty-four messages of a stream, over and over: the first refers to nothing, each later one to those before it, so the
/// stream can begin again without a reset.
private func inflateWithContext(_ count: Int) {
    Benchmark("inflate: context kept, \(sizeName(count))", configuration: fewer) { benchmark in
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: true)
        var stream: [[UInt8]] = []
        for _ in 0..<64 {
            var compressed = ByteBuffer()
            deflater.compress(Samples.publish(.json, count).span, into: &compressed)
            stream.append(compressed.span.copied())
        }
        var inflater = Inflater(windowBits: 15, contextTakeover: true)
        var output = ByteBuffer(capacity: count + 256)
        for message in stream {
            output.removeAll(keepingCapacity: true)
            try inflater.inflate(message.span, into: &output, limit: 1 << 20)
        }
        var next = 0
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            output.removeAll(keepingCapacity: true)
            let message = stream[next & 63]
            try inflater.inflate(message.span, into: &output, limit: 1 << 20)
            next += 1
        }
        benchmark.stopMeasurement()
        blackHole(output.count)
    }
}

/// zlib takes microseconds a message: fewer messages an iteration.
private var fewer: Benchmark.Configuration {
    Benchmark.Configuration(scalingFactor: .one, maxDuration: .seconds(1), maxIterations: 20_000)
}
