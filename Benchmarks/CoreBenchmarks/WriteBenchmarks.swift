import Benchmark
import RennbahnBytes
import RennbahnWAMP
import RennbahnWebSocket

/// Building an EVENT around a payload that is already there, with the frame's head in front.
func writeBenchmarks() {
    for serializer in Serializer.allCases {
        for count in [100, 1024, 16 * 1024] {
            Benchmark("event: \(serializer.name), \(sizeName(count)) of payload") { benchmark in
                let args = Samples.args(serializer, count)
                let payload = Payload(serializer: serializer, elements: 1)
                let opcode: Opcode = serializer.isBinary ? .binary : .text
                var message = ByteBuffer(capacity: count + 256)
                var frame = ByteBuffer(capacity: count + 256)
                benchmark.startMeasurement()
                for number in benchmark.scaledIterations {
                    message.removeAll(keepingCapacity: true)
                    frame.removeAll(keepingCapacity: true)
                    MessageWriter.event(
                        serializer, subscription: 5_512_315_355,
                        publication: PublicationID(4_429_313_566 &+ UInt64(number)),
                        payload: payload, args.span, into: &message)
                    FrameHeader.appendServerHeader(
                        opcode: opcode, compressed: false, payloadCount: message.count, to: &frame)
                    frame.append(message.span)
                }
                benchmark.stopMeasurement()
                blackHole(frame.count)
            }
        }
    }
}
