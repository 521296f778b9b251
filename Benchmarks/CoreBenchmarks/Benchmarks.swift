import Benchmark

/// Every suite, one file each. Times are per message: each measured iteration does a thousand of them.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .throughput],
        warmupIterations: 20,
        scalingFactor: .kilo,
        maxDuration: .seconds(1),
        maxIterations: 2000)
    frameBenchmarks()
    utf8Benchmarks()
    bytesBenchmarks()
    scanBenchmarks()
    writeBenchmarks()
    transcodeBenchmarks()
    deflateBenchmarks()
    ringBenchmarks()
    patternBenchmarks()
    routeBenchmarks()
    peerBenchmarks()
}

/// The sizes in a benchmark's name.
func sizeName(_ count: Int) -> String {
    count < 1024 ? "\(count) B" : "\(count / 1024) KiB"
}
