import Benchmark
import RennbahnBytes

/// The small steps between the large ones: hashing a URI, queueing output, sharing a block.
func bytesBenchmarks() {
    Benchmark("hash: a topic of \(Samples.topic.count) B") { benchmark in
        let topic = Samples.topic
        let hash = ByteHash(seed: 0x5eed)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(hash(topic.span)) }
        benchmark.stopMeasurement()
    }
    for count in [128, 1024] {
        Benchmark("output: copy into a queue and drain, \(sizeName(count))") { benchmark in
            var pool = ChunkPool()
            var queues = [OutputQueue](repeating: OutputQueue(), count: 100)
            let frame = [UInt8](repeating: 0x61, count: count)
            // The chunks that all queues need at once are taken from the system before the clock starts.
            for index in queues.indices { pool.append(frame.span, to: &queues[index]) }
            for index in queues.indices { pool.clear(&queues[index]) }
            benchmark.startMeasurement()
            for number in benchmark.scaledIterations {
                let index = number % 100
                // Four frames leave together, as they do at the end of a loop turn.
                pool.append(frame.span, to: &queues[index])
                if queues[index].count >= 4 * count { pool.clear(&queues[index]) }
            }
            benchmark.stopMeasurement()
            blackHole(pool.queuedBytes)
        }
    }
    Benchmark("output: share a block of 64 KiB and drain") { benchmark in
        var pool = ChunkPool()
        var queues = [OutputQueue](repeating: OutputQueue(), count: 100)
        let bytes = [UInt8](repeating: 0x61, count: 64 * 1024)
        let shared = pool.share(bytes.span)
        benchmark.startMeasurement()
        for number in benchmark.scaledIterations {
            let index = number % 100
            pool.append(shared, to: &queues[index])
            pool.clear(&queues[index])
        }
        benchmark.stopMeasurement()
        pool.release(shared)
    }
    Benchmark("output: share a frame of 60 B among 100 and drain") { benchmark in
        var pool = ChunkPool()
        var queues = [OutputQueue](repeating: OutputQueue(), count: 100)
        let bytes = [UInt8](repeating: 0x61, count: 60)
        benchmark.startMeasurement()
        for number in benchmark.scaledIterations {
            let shared = pool.share(bytes.span)
            for index in queues.indices { pool.append(shared, to: &queues[index]) }
            guard number % 16 == 15 else { continue }
            for index in queues.indices { pool.clear(&queues[index]) }
            pool.endTurn()
        }
        benchmark.stopMeasurement()
        for index in queues.indices { pool.clear(&queues[index]) }
    }
}
