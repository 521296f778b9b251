import Benchmark
import RennbahnBytes

/// Validation of text payloads.
func utf8Benchmarks() {
    let texts = [("ASCII", "The quick brown fox "), ("German", "Größenänderung über Köln "), ("Chinese", "中文字符串测试")]
    for (name, text) in texts {
        for count in [32, 1024, 16 * 1024] {
            Benchmark("utf-8: \(name), \(sizeName(count))") { benchmark in
                var bytes = Array(String(repeating: text, count: count / text.utf8.count + 1).utf8)
                while bytes.count > count || !UTF8Validator.isValid(bytes.span) { bytes.removeLast() }
                benchmark.startMeasurement()
                for _ in benchmark.scaledIterations { blackHole(UTF8Validator.isValid(bytes.span)) }
                benchmark.stopMeasurement()
            }
        }
    }
}
