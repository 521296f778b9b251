import RennbahnBytes
import RennbahnTestKit
import RennbahnWAMP

func scanClient(_ bytes: [UInt8], _ serializer: Serializer) throws(WAMPViolation) -> ScannedClientMessage {
    var scanner = EnvelopeScanner()
    return try scanner.scanClientMessage(bytes.span, serializer: serializer)
}

func scanRouter(_ bytes: [UInt8], _ serializer: Serializer) throws(WAMPViolation) -> ScannedRouterMessage {
    var scanner = EnvelopeScanner()
    return try scanner.scanRouterMessage(bytes.span, serializer: serializer)
}

func clientViolation(_ bytes: [UInt8], _ serializer: Serializer = .json) -> WAMPViolation? {
    do throws(WAMPViolation) {
        _ = try scanClient(bytes, serializer)
        return nil
    } catch {
        return error
    }
}

func clientViolation(_ json: String) -> WAMPViolation? { clientViolation(utf8(json)) }

func routerViolation(_ bytes: [UInt8], _ serializer: Serializer = .json) -> WAMPViolation? {
    do throws(WAMPViolation) {
        _ = try scanRouter(bytes, serializer)
        return nil
    } catch {
        return error
    }
}

func decode(_ bytes: [UInt8], _ serializer: Serializer) throws(WAMPViolation) -> WAMPValue {
    try WAMPValue.decode(bytes.span, serializer: serializer)
}

func json(_ text: String) throws(WAMPViolation) -> WAMPValue { try decode(utf8(text), .json) }

func encode(_ value: WAMPValue, _ serializer: Serializer) -> [UInt8] {
    var output = ByteBuffer()
    value.encode(serializer, into: &output)
    return output.span.copied()
}

/// The bytes that a message given as JSON has in a serializer: the very text, or the same value packed by msgpack-c.
func message(_ json: String, _ serializer: Serializer) throws -> [UInt8] {
    switch serializer {
    case .json: utf8(json)
    case .msgpack: encode(try decode(utf8(json), .json), .msgpack)
    }
}

func written(_ body: (inout ByteBuffer) throws -> Void) rethrows -> [UInt8] {
    var output = ByteBuffer()
    try body(&output)
    return output.span.copied()
}

func transcoded(
    _ payload: [UInt8], elements: UInt8, from: Serializer, to: Serializer
) throws(WAMPViolation) -> [UInt8] {
    var output = ByteBuffer()
    try Transcoder.transcode(
        Payload(serializer: from, elements: elements), payload.span, to: to, into: &output)
    return output.span.copied()
}

extension Array where Element == UInt8 {
    func slice(_ range: Range<Int>) -> [UInt8] { Array(self[range]) }
}

extension MessageCode {
    enum Sender {
        case client, router, both
    }

    /// Who may send the message.
    var sender: Sender {
        switch self {
        case .hello, .authenticate, .publish, .subscribe, .unsubscribe, .call, .cancel, .register, .unregister, .yield:
            .client
        case .welcome, .challenge, .published, .subscribed, .unsubscribed, .event, .result, .registered,
            .unregistered, .invocation, .interrupt:
            .router
        case .abort, .goodbye, .error: .both
        }
    }
}
