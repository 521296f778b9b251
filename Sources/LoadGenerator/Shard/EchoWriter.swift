import RennbahnBytes
import RennbahnWAMP
import RennbahnWorkload

/// Builds the messages for a server that speaks no WAMP, and reads its answers: the user's own (``MessageTemplateWriter``), or those for
/// a bare echo, which are as long as the PUBLISH would be that carries the same payload, so that floor
/// and router are compared at equal sizes: a stamped text and nothing around it, or where there are documents the PUBLISH itself.
struct EchoWriter: ~Copyable {
    private let writer: PayloadWriter
    private let stampedBytes: Int
    /// What stands before the stamp.
    private let head: ByteBuffer
    private let continuations: Continuations
    private let reply: ReplyCheck
    private var own: MessageTemplateWriter?

    /// What came.
    enum Reply: Equatable {
        /// The message with this stamp, or what answers it.
        case answer(Stamp)
        /// Something else than the answer to this message, which is the next to be answered.
        case other(than: Stamp)
        /// Nobody can tell what it answers.
        case damaged
        /// Nothing is waited for.
        case unasked
        /// It is none of those that are looked at.
        case passedOver
    }

    init(_ workload: WorkloadParameters, serializer: Serializer, run: UInt64) {
        let content = workload.payload
        reply = workload.reply
        own = content.message.map { MessageTemplateWriter($0, run: run) }
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
        if own?.write(stamp, into: &buffer) != nil { return }
        buffer.append(head.span)
        writer.write(stamp, into: &buffer)
        continuations.append(of: stamp, to: &buffer)
    }

    /// - Parameter next: of the message whose answer is next, where answers come in order; `nil`: there is none.
    mutating func read(_ bytes: Span<UInt8>, run: UInt64, next: Stamp?) -> Reply {
        switch reply {
        case .any: return next.map { .answer($0) } ?? .passedOver
        case .stamped: return own?.stamp(in: bytes).map { .answer($0) } ?? .passedOver
        case .same: break
        }
        guard own != nil else { return verify(bytes, run: run).map { .answer($0) } ?? .damaged }
        if let next, own?.matches(next, bytes) == true { return .answer(next) }
        // One that was sent, but out of its turn, is told as that.
        if let stamp = own?.stamp(in: bytes), own?.matches(stamp, bytes) == true { return .answer(stamp) }
        return next.map { .other(than: $0) } ?? .unasked
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
