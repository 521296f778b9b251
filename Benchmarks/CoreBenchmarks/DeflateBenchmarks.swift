import Benchmark
import RennbahnBytes
import RennbahnWAMP
import RennbahnWebSocketDeflate

/// permessage-deflate on a JSON PUBLISH, at zlib's default level.
func deflateBenchmarks() {
    for count in [100, 1024, 16 * 1024] { parkedRoundTrip(count) }
    for takeover in [true, false] {
        let context = takeover ? "context kept" : "no context takeover"
        for count in [100, 1024, 16 * 1024] {
            Benchmark("deflate: \(context), \(sizeName(count))", configuration: fewer) { benchmark in
                let message = Samples.publish(.json, count)
                var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: takeover)
                var pool = CodecPool(limits: live)
                var output = ByteBuffer(capacity: count + 256)
                _ = deflater.compress(message.span, into: &output, pool: &pool)
                benchmark.startMeasurement()
                for _ in benchmark.scaledIterations {
                    output.removeAll(keepingCapacity: true)
                    _ = deflater.compress(message.span, into: &output, pool: &pool)
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
            var pool = CodecPool(limits: live)
            var compressed = ByteBuffer()
            _ = deflater.compress(message.span, into: &compressed, pool: &pool)
            var inflater = Inflater(windowBits: 15, contextTakeover: false)
            var output = ByteBuffer(capacity: count + 256)
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations {
                output.removeAll(keepingCapacity: true)
                try inflater.inflate(compressed.span, into: &output, limit: 1 << 20, pool: &pool)
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
        var pool = CodecPool(limits: live)
        var stream: [[UInt8]] = []
        for _ in 0..<64 {
            var compressed = ByteBuffer()
            _ = deflater.compress(Samples.publish(.json, count).span, into: &compressed, pool: &pool)
            stream.append(compressed.span.copied())
        }
        var inflater = Inflater(windowBits: 15, contextTakeover: true)
        var output = ByteBuffer(capacity: count + 256)
        for message in stream {
            output.removeAll(keepingCapacity: true)
            try inflater.inflate(message.span, into: &output, limit: 1 << 20, pool: &pool)
        }
        var next = 0
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            output.removeAll(keepingCapacity: true)
            let message = stream[next & 63]
            try inflater.inflate(message.span, into: &output, limit: 1 << 20, pool: &pool)
            next += 1
        }
        benchmark.stopMeasurement()
        blackHole(output.count)
    }
}

/// Both codecs borrow their states for each message, as those of a connection do which has few.
private func parkedRoundTrip(_ count: Int) {
    Benchmark("deflate and inflate: context kept, parked in between, \(sizeName(count))", configuration: fewer) {
        benchmark in
        var limits = CodecLimits()
        limits.maxLive = 0
        var pool = CodecPool(limits: limits)
        let message = Samples.publish(.json, count)
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: true)
        var inflater = Inflater(windowBits: 15, contextTakeover: true)
        var compressed = ByteBuffer(capacity: count + 256)
        var output = ByteBuffer(capacity: count + 256)
        for _ in benchmark.scaledIterations {
            compressed.removeAll(keepingCapacity: true)
            _ = deflater.compress(message.span, into: &compressed, pool: &pool)
            output.removeAll(keepingCapacity: true)
            try inflater.inflate(compressed.span, into: &output, limit: 1 << 20, pool: &pool)
        }
        blackHole(output.count)
    }
}

/// Codecs with states of their own from the first message on.
private var live: CodecLimits {
    var limits = CodecLimits()
    limits.messagesToLive = 1
    return limits
}

/// zlib takes microseconds a message: fewer messages an iteration.
private var fewer: Benchmark.Configuration {
    Benchmark.Configuration(scalingFactor: .one, maxDuration: .seconds(1), maxIterations: 20_000)
}
