import RennbahnBytes
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket

// The parts of a router on a message's way out.

struct BuildStage: ~Copyable {
    private(set) var message = OutgoingMessage()
    private let serializer: Serializer
    /// Octets from which on a message is compressed.
    private let threshold: Int
    /// Of the EVENT of each PUBLISH.
    private var ids: [EventIDs] = []
    /// Whether it goes as it is.
    private var isPlain: [Bool] = []
    private var cycle: Cycle

    init(_ serializer: Serializer, threshold: Int, _ count: Int) {
        self.serializer = serializer
        self.threshold = threshold
        cycle = Cycle(count)
    }

    /// Takes on the EVENT of one more PUBLISH.
    mutating func append(_ ids: EventIDs, _ client: borrowing ClientStream) {
        self.ids.append(ids)
        write(self.ids.count - 1, client)
        isPlain.append(message.payloadCount < threshold)
    }

    /// - Returns: something of the outcome.
    @inline(__always)
    mutating func next(_ client: borrowing ClientStream) -> Int {
        let index = cycle.next()
        write(index, client)
        if isPlain[index] { message.finishPlain() }
        // Asking the message itself copies all of it.
        return message.payload.count
    }

    @inline(__always)
    private mutating func write(_ index: Int, _ client: borrowing ClientStream) {
        message.begin(serializer.isBinary ? .binary : .text)
        MessageWriter.event(
            serializer, subscription: ids[index].subscription, publication: ids[index].publication,
            payload: client.scans[index].payload,
            client.publishes[index].extracting(client.scans[index].payloadRange), into: &message.payload)
    }
}

struct DeflateStage: ~Copyable {
    private(set) var forms = CompressedForms()
    private let opcode: Opcode
    private let threshold: Int
    private var codec: PooledDeflater?
    private var cycle: Cycle

    init(_ serializer: Serializer, threshold: Int, _ agreement: Agreement?, _ count: Int) {
        opcode = serializer.isBinary ? .binary : .text
        self.threshold = threshold
        if let agreement { codec = PooledDeflater(.server, agreement) }
        cycle = Cycle(count)
    }

    /// - Returns: something of the outcome; 0 where there was nothing to compress.
    @inline(__always)
    mutating func next(_ events: borrowing Messages) -> Int {
        let index = cycle.next()
        guard events[index].count >= threshold else { return 0 }
        forms.begin()
        codec?.compress(events[index], into: &forms.payload)
        forms.finish(opcode, maskKey: nil)
        return forms.payload.count
    }
}
