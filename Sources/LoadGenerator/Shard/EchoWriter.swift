import RennbahnBytes
import RennbahnWAMP
import RennbahnWorkload

/// Builds the messages for a bare echo, which are as long as the PUBLISH would be that carries the same payload, so that floor
/// and router are compared at equal sizes: a stamped text and nothing around it, or where there are documents the PUBLISH itself.
struct EchoWriter: ~Copyable {
    private let writer: PayloadWriter
    private let stampedBytes: Int
    /// What stands before the stamp.
    private let head: ByteBuffer
    private let continuations: Continuations

    init(_ workload: WorkloadParameters, serializer: Serializer, run: UInt64) {
        let content = workload.payload
        let publish = EchoWriter.publish(workload, serializer: serializer, run: run)
        var head = ByteBuffer()
        var stampedBytes = publish.count
        if let documents = content.documents {
            stampedBytes = content.stampedBytes
            let continuations = Continuations(documents, serializer: serializer, closing: "]]")
            let behind = stampedBytes + EchoWriter.octetsBehindStamp(continuations)
            head.append(publish.span.extracting(0..<publish.count - behind))
            self.continuations = continuations
        } else {
            continuations = Continuations()
        }
        self.head = head
        self.stampedBytes = stampedBytes
        writer = PayloadWriter(payloadBytes: stampedBytes, filler: content.filler, run: run, seed: workload.seed)
    }

    func write(_ stamp: Stamp, into buffer: inout ByteBuffer) {
        buffer.append(head.span)
        writer.write(stamp, into: &buffer)
        continuations.append(of: stamp, to: &buffer)
    }

    /// The stamp of a message that has come back as it was; `nil`: it has not.
    func verify(_ bytes: Span<UInt8>, run: UInt64) -> Stamp? {
        let end = head.count &+ stampedBytes
        guard bytes.count >= end, bytes.extracting(0..<head.count).equals(head.span),
            let stamp = try? Stamp.verify(bytes.extracting(head.count..<end), run: run),
            continuations.matches(stamp, bytes.extracting(end..<bytes.count))
        else { return nil }
        return stamp
    }

    private static let first = Stamp(sender: 0, sequence: 0, sentAt: 0)

    private static func octetsBehindStamp(_ continuations: borrowing Continuations) -> Int {
        var buffer = ByteBuffer()
        continuations.append(of: first, to: &buffer)
        return buffer.count
    }

    private static func publish(_ workload: WorkloadParameters, serializer: Serializer, run: UInt64) -> ByteBuffer {
        let arguments = Arguments(workload, serializer: serializer, run: run)
        arguments.write(first)
        let topic = Array("rennbahn.run_000000.topic_00".utf8)
        var message = ByteBuffer()
        MessageWriter.publish(
            serializer, request: 10_000, acknowledge: false, topic: topic.span, payload: arguments.payload,
            arguments.bytes, into: &message)
        return message
    }
}
