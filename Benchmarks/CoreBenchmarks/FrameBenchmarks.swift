import Benchmark
import Bytes
import WebSocket

/// Reading masked frames out of a receive buffer, and writing frames.
func frameBenchmarks() {
    for count in [32, 80, 256, 1024, 4096, 64 * 1024] { maskBenchmarks(count) }
    for count in [32, 1024, 64 * 1024] {
        Benchmark("frame: parse and unmask, \(sizeName(count))") { benchmark in
            // As much as a receive buffer holds. A second pass over the same bytes masks them again: the same work.
            let frames = max(1, 256 * 1024 / (count + 14))
            var buffer = ByteBuffer()
            let payload = [UInt8](repeating: 0x61, count: count)
            for number in 0..<frames {
                FrameWriter.append(
                    opcode: .binary, payload: payload.span, maskKey: 0x1234_5678 &+ UInt32(number), to: &buffer)
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
            var buffer = ByteBuffer(capacity: count + 64)
            benchmark.startMeasurement()
            for number in benchmark.scaledIterations {
                buffer.removeAll(keepingCapacity: true)
                FrameWriter.append(
                    opcode: .binary, payload: payload.span, maskKey: UInt32(truncatingIfNeeded: number), to: &buffer)
            }
            benchmark.stopMeasurement()
            blackHole(buffer.count)
        }
    }
}

/// Masking in place against `memcpy` of as many octets: each reads and writes them once.
///
/// The payloads lie behind each other with a head between them, as in a receive buffer, so that they meet every alignment
/// and no store is waited for by the next load.
private func maskBenchmarks(_ count: Int) {
    let stride = count + 6
    let payloads = max(1, 16 * 1024 / stride)
    Benchmark("mask: in place, \(sizeName(count))") { benchmark in
        let area = Area(payloads * stride)
        benchmark.startMeasurement()
        for number in benchmark.scaledIterations {
            var mask = XORMask(bigEndianKey: UInt32(truncatingIfNeeded: number))
            mask.apply(to: area.start + number % payloads * stride + 6, count: count)
        }
        benchmark.stopMeasurement()
    }
    Benchmark("mask: memcpy of as much, \(sizeName(count))") { benchmark in
        let area = Area(payloads * stride)
        let copies = Area(payloads * stride)
        benchmark.startMeasurement()
        for number in benchmark.scaledIterations {
            let place = number % payloads * stride
            (copies.start + place).copyMemory(from: area.start + place + 6, byteCount: count)
        }
        benchmark.stopMeasurement()
    }
}

/// Memory as a receive buffer has it.
private final class Area {
    let start: UnsafeMutableRawPointer

    init(_ count: Int) {
        start = .allocate(byteCount: count, alignment: 64)
        start.initializeMemory(as: UInt8.self, repeating: 0x61, count: count)
    }

    deinit { start.deallocate() }
}
