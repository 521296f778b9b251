import RennbahnBytes
import RennbahnWAMP
import RennbahnWebSocket

/// What a client sends, made before anything is measured: a stream of PUBLISHes that can be sent over and over.
///
/// With context takeover it is longer than the largest window, and was compressed behind its own end. So when it comes again,
/// each message refers to the very octets that it referred to when it was compressed.
struct ClientStream: ~Copyable {
    /// The largest window of deflate.
    static let window = 1 << 15
    /// What a message has besides its arguments, at least: an EVENT in MsgPack.
    static let leastEnvelope = 13
    /// Request ids of six digits, as of a connection that has been there for a while.
    private static let firstRequest: UInt64 = 100_000

    let count: Int
    let publishes: Messages
    /// Where their parts are.
    let scans: [ScannedClientMessage]
    var wire: ClientFrames

    init(_ input: StageInput, _ agreement: Agreement?) throws(StageFailure) {
        guard !input.payloads.isEmpty else { throw .noPayloads }
        let octets = input.payloads.reduce(0) { $0 + $1.count + ClientStream.leastEnvelope }
        let needed = agreement?.hasTakeover == true ? ClientStream.window : 1
        let count = input.payloads.count * ((needed + octets - 1) / octets)
        var publishes = Messages()
        var scans: [ScannedClientMessage] = []
        var scanner = EnvelopeScanner()
        var message = ByteBuffer()
        for index in 0..<count {
            let request = RequestID(ClientStream.firstRequest + UInt64(index))
            let number = index % input.payloads.count
            scans.append(try ClientStream.publish(input, number, request, &scanner, into: &message))
            publishes.append(message.span)
        }
        var wire = ClientFrames(input.serializer, agreement)
        if agreement?.hasTakeover == true {
            for index in ClientStream.lastOfWindow(publishes, count)..<count { wire.sendBefore(publishes[index]) }
        }
        for index in 0..<count { wire.send(publishes[index]) }
        self.count = count
        self.publishes = publishes
        self.scans = scans
        self.wire = wire
    }

    /// Writes a PUBLISH and finds its parts.
    private static func publish(
        _ input: StageInput, _ number: Int, _ request: RequestID, _ scanner: inout EnvelopeScanner,
        into message: inout ByteBuffer
    ) throws(StageFailure) -> ScannedClientMessage {
        let (arguments, topic) = (input.payloads[number], SubscribedRouter.topic)
        // How many elements the arguments are, the scanner finds out.
        for elements in arguments.isEmpty ? [0] : [1, 2] as [UInt8] {
            message.removeAll(keepingCapacity: true)
            MessageWriter.publish(
                input.serializer, request: request, acknowledge: false, topic: topic.span,
                payload: Payload(serializer: input.serializer, elements: elements), arguments.span, into: &message)
            guard message.count <= StageInput.maxMessageSize else { throw .tooLarge(number) }
            guard let scanned = try? scanner.scanClientMessage(message.span, serializer: input.serializer),
                message.span.extracting(scanned.payloadRange).equals(arguments.span)
            else { continue }
            return scanned
        }
        throw .wrongArguments(number, input.serializer)
    }

    /// Where the messages begin that fill a window, up to the end.
    private static func lastOfWindow(_ publishes: borrowing Messages, _ count: Int) -> Int {
        var (index, octets) = (count, 0)
        while index > 0, octets < window {
            index -= 1
            octets += publishes[index].count
        }
        return index
    }
}
