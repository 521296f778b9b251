import Benchmark
import RennbahnBytes
import RennbahnReactor

/// One thread to another through the ring that connects two shards, both of them spinning.
func ringBenchmarks() {
    for count in [64, 1024] {
        Benchmark("ring: to another thread, \(sizeName(count))", configuration: wide) { benchmark in
            let record = [UInt8](repeating: 0x61, count: count)
            let total = benchmark.scaledIterations.count
            var ends = Ring.make(capacity: 256 * 1024)
            var producer = ends.takeProducer()
            let consumer = ends.takeConsumer()
            let thread = try Thread.spawn(name: "consumer", state: consumer) { consumer in
                var consumer = consumer
                var taken = 0
                while taken < total {
                    if consumer.pop({ blackHole($0.count) }) != nil { taken += 1 } else { Thread.yield() }
                }
            }
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations {
                while !producer.push(record.span) { Thread.yield() }
            }
            thread.join()
            benchmark.stopMeasurement()
        }
    }
    Benchmark("ring: in and out on one thread, 64 B") { benchmark in
        let record = [UInt8](repeating: 0x61, count: 64)
        var ends = Ring.make(capacity: 64 * 1024)
        var producer = ends.takeProducer()
        var consumer = ends.takeConsumer()
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            _ = producer.push(record.span)
            blackHole(consumer.pop { $0.count })
        }
        benchmark.stopMeasurement()
    }
}

/// So many records that the thread's start does not show.
private var wide: Benchmark.Configuration {
    Benchmark.Configuration(scalingFactor: .mega, maxDuration: .seconds(3), maxIterations: 100)
}
