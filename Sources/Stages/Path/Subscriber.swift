import RennbahnBytes
import RennbahnWAMP
import RennbahnWebSocket

/// Reads what the path makes, as a client does, and finds in it what was published.
final class Subscriber {
    private let serializer: Serializer
    private let arguments: [[UInt8]]
    private var reader: MessageReader
    private var codec: PooledInflater?
    private var scanner = EnvelopeScanner()

    init(_ input: StageInput, _ agreement: Agreement?) {
        serializer = input.serializer
        arguments = input.payloads
        reader = MessageReader(
            role: .client, maxMessageSize: StageInput.maxMessageSize, compression: agreement != nil,
            validatesText: false)
        if let agreement { codec = PooledInflater(.client, agreement) }
    }

    /// - Parameter index: of the message in the stream.
    func receive(_ index: Int, _ frame: Span<UInt8>) throws(StageFailure) {
        var received = ByteBuffer()
        received.append(frame)
        var window = 0..<received.count
        guard let inbound = try? reader.next(in: &received, window: &window),
            case .message(_, let isCompressed, .buffer(let payload)) = inbound, window.isEmpty
        else { throw .wrongOutcome(.build) }
        var message = ByteBuffer()
        if isCompressed {
            do throws(StageFailure) {
                try codec?.inflate(received.span.extracting(payload), into: &message)
            } catch {
                throw .wrongOutcome(.deflate)
            }
        } else {
            message.append(received.span.extracting(payload))
        }
        let expected = arguments[index % arguments.count]
        guard let scanned = try? scanner.scanRouterMessage(message.span, serializer: serializer),
            case .event = scanned.message,
            message.span.extracting(scanned.payloadRange).equals(expected.span)
        else { throw .wrongOutcome(isCompressed ? .deflate : .build) }
    }
}
