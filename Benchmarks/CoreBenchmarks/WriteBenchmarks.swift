import Benchmark
import RennbahnBytes
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket

/// Building an EVENT around a payload that is already there, and the frame's head in front, as the router does it.
func writeBenchmarks() {
    for serializer in Serializer.allCases {
        for count in [100, 1024, 16 * 1024] {
            Benchmark("event: \(serializer.name), \(sizeName(count)) of payload") { benchmark in
                let args = Samples.args(serializer, count)
                let payload = Payload(serializer: serializer, elements: 1)
                var message = OutgoingMessage()
                benchmark.startMeasurement()
                for number in benchmark.scaledIterations {
                    message.begin(serializer.isBinary ? .binary : .text)
                    MessageWriter.event(
                        serializer, subscription: 5_512_315_355,
                        publication: PublicationID(4_429_313_566 &+ UInt64(number)),
                        payload: payload, args.span, into: &message.payload)
                    message.finishPlain()
                }
                benchmark.stopMeasurement()
                blackHole(message.plainFrame.count)
            }
        }
    }
}
