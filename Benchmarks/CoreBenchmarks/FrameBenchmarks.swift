import Benchmark
import Glibc
import RennbahnBytes
import RennbahnTransport
import RennbahnWebSocket

/// Reading masked frames out of a receive buffer, and writing frames.
func frameBenchmarks() {
    for count in [32, 80, 256, 1024, 4096, 16 * 1024, 64 * 1024] { unmaskBenchmarks(count) }
    for count in [32, 1024, 64 * 1024] {
        Benchmark("frame: parse and unmask, \(sizeName(count))") { benchmark in
            // As much as a receive buffer holds. A second pass over the same bytes masks them again: the same work.
            let frames = max(1, 256 * 1024 / (count + 14))
            var buffer = ByteBuffer()
            let payload = [UInt8](repeating: 0x61, count: count)
            for number in 0..<frames {
                var message = OutgoingMessage()
                message.begin(.binary)
                message.payload.append(payload.span)
                message.finishMasked(key: 0x1234_5678 &+ UInt32(number))
                buffer.append(message.plainFrame)
            }
            var reader = MessageReader(
                role: .server, maxMessageSize: 1 << 20, compression: false, validatesText: true)
            var window = 0..<0
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations {
                if window.isEmpty { window = 0..<buffer.count }
                blackHole(try reader.next(in: &buffer, window: &window))
            }
            benchmark.stopMeasurement()
        }
    }
    for count in [32, 1024, 64 * 1024] {
        Benchmark("frame: write and mask, \(sizeName(count))") { benchmark in
            let payload = [UInt8](repeating: 0x61, count: count)
            var message = OutgoingMessage()
            benchmark.startMeasurement()
            for number in benchmark.scaledIterations {
                message.begin(.binary)
                message.payload.append(payload.span)
                message.finishMasked(key: UInt32(truncatingIfNeeded: number))
            }
            benchmark.stopMeasurement()
            blackHole(message.plainFrame.count)
        }
    }
}

/// Unmasking in place against `memcpy` of as many octets: each reads and writes them once.
///
/// The payloads lie behind each other with a head between them, as in a receive buffer, so that they meet every alignment
/// and no store is waited for by the next load.
private func unmaskBenchmarks(_ count: Int) {
    let stride = count + 6
    let payloads = max(1, 16 * 1024 / stride)
    Benchmark("unmask: in place, \(sizeName(count))", configuration: many(count)) { benchmark in
        let area = Area(payloads * stride)
        var place = 6
        benchmark.startMeasurement()
        for number in benchmark.scaledIterations {
            var mask = XORMask(bigEndianKey: UInt32(truncatingIfNeeded: number))
            mask.apply(to: area.start + place, count: count)
            place = place + stride < area.count ? place + stride : 6
        }
        benchmark.stopMeasurement()
    }
    Benchmark("peer: memcpy, \(sizeName(count))", configuration: many(count)) { benchmark in
        let area = Area(payloads * stride)
        let copies = Area(payloads * stride)
        var place = 6
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            memcpy(copies.start + place - 6, area.start + place, count)
            place = place + stride < area.count ? place + stride : 6
        }
        benchmark.stopMeasurement()
    }
}

/// What takes a few nanoseconds is done a million times an iteration, so that reading the clock does not show.
private func many(_ count: Int) -> Benchmark.Configuration {
    count > 1024
        ? Benchmark.defaultConfiguration
        : Benchmark.Configuration(
            warmupIterations: 3, scalingFactor: .mega, maxDuration: .seconds(1), maxIterations: 2000)
}

/// Memory as a receive buffer has it.
private final class Area {
    let start: UnsafeMutableRawPointer
    let count: Int

    init(_ count: Int) {
        self.count = count
        start = .allocate(byteCount: count, alignment: 64)
        start.initializeMemory(as: UInt8.self, repeating: 0x61, count: count)
    }

    deinit { start.deallocate() }
}
