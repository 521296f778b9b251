import RennbahnBytes
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket

extension Farewell {
    /// GOODBYE, by subprotocol: what a client is told before its connection is ended for what it does not take. Without a
    /// subprotocol it is JSON.
    static let goodbyes: [String: Farewell] = {
        var goodbyes = Dictionary(
            uniqueKeysWithValues: Serializer.allCases.map { ($0.subprotocol, Farewell.goodbye($0)) })
        goodbyes[""] = .goodbye(.json)
        return goodbyes
    }()

    private static func goodbye(_ serializer: Serializer) -> Farewell {
        var message = ByteBuffer()
        MessageWriter.goodbye(
            serializer, reason: PredefinedURI.unavailable.text, message: "the client does not take what it is sent",
            into: &message)
        return Farewell(serializer == .json ? .text : .binary, message.span.copied())
    }
}
