import Benchmark
import Bytes
import WebSocket

/// Reading masked frames out of a receive buffer, and writing frames.
func frameBenchmarks() {
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
