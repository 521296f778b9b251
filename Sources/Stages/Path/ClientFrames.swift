import RennbahnBytes
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket

/// Messages as a client puts them on the wire.
struct ClientFrames: ~Copyable {
    /// The payload of each frame before it is masked.
    private(set) var payloads = Messages()
    private(set) var isCompressed: [Bool] = []
    /// One behind the other, masked.
    var frames = ByteBuffer()
    /// What was compressed before them, without frames.
    private(set) var before = Messages()
    private(set) var beforeCount = 0

    private let serializer: Serializer
    private let threshold: Int
    private var codec: PooledDeflater?

    init(_ serializer: Serializer, _ agreement: Agreement?) {
        self.serializer = serializer
        threshold = agreement?.threshold ?? .max
        if let agreement { codec = PooledDeflater(.client, agreement) }
    }

    /// Compresses what came before the frames.
    mutating func sendBefore(_ message: Span<UInt8>) {
        guard message.count >= threshold else { return }
        var form = ByteBuffer()
        codec?.compress(message, into: &form)
        before.append(form.span)
        beforeCount += 1
    }

    mutating func send(_ message: Span<UInt8>) {
        let maskKey = UInt32(truncatingIfNeeded: isCompressed.count &+ 1) &* 0x9e37_79b9
        if message.count >= threshold {
            var forms = CompressedForms()
            forms.begin()
            codec?.compress(message, into: &forms.payload)
            payloads.append(forms.payloadSpan)
            isCompressed.append(true)
            forms.finish(serializer.isBinary ? .binary : .text, maskKey: maskKey)
            frames.append(forms.frame)
        } else {
            var plain = OutgoingMessage()
            plain.begin(serializer.isBinary ? .binary : .text)
            plain.payload.append(message)
            payloads.append(message)
            isCompressed.append(false)
            plain.finishMasked(key: maskKey)
            frames.append(plain.plainFrame)
        }
    }
}
