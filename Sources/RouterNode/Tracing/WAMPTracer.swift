package import Logging
import RennbahnBytes
package import RennbahnReactor
package import RennbahnTransport
import RennbahnWAMP
package import RennbahnWebSocket

/// Writes what passes on a transport with `debug: true` to a log, a line for each frame and each message, without secrets:
/// ```
/// main 0.3.1 < frame TEXT fin masked, 46 octets
/// main 0.3.1 < [1,"realm1",{"roles":{…},"authextra":"***"}]
/// ```
/// The name of the transport, then shard, slot and generation of the connection; `<` was received, `>` sent.
package struct WAMPTracer: LinkTracer {
    /// Characters of a message that are written.
    static let longest = 4096

    let transport: String
    let shard: Int
    let logger: Logger

    package init(transport: String, shard: Int, logger: Logger) {
        self.transport = transport
        self.shard = shard
        self.logger = logger
    }

    package func accepted(_ link: LinkID, from peer: SocketAddress?) {
        write(link, "connection" + (peer.map { " from \($0)" } ?? ""))
    }

    package func handshake(_ direction: TraceDirection, _ link: LinkID, _ head: Span<UInt8>) {
        for line in TraceRedaction.head(String(decoding: head.copied(), as: UTF8.self)) {
            write(link, "\(direction.mark) \(line)")
        }
    }

    package func frame(_ direction: TraceDirection, _ link: LinkID, _ header: FrameHeader) {
        var words = [direction.mark, "frame", "\(header.opcode)".uppercased()]
        if header.isFinal { words.append("fin") }
        if header.isCompressed { words.append("compressed") }
        if header.maskKey != nil { words.append("masked") }
        write(link, words.joined(separator: " ") + ", \(header.payloadCount) octets")
    }

    package func message(
        _ direction: TraceDirection, _ link: LinkID, _ kind: MessageKind, subprotocol: String?, _ bytes: Span<UInt8>
    ) {
        let serializer = Serializer.allCases.first { $0.subprotocol == subprotocol } ?? .json
        guard let value = try? WAMPValue.decode(bytes, serializer: serializer) else {
            return write(link, "\(direction.mark) no WAMP message, \(bytes.count) octets")
        }
        var text = ByteBuffer()
        TraceRedaction.message(value).encode(.json, into: &text)
        let line = String(decoding: text.span.copied(), as: UTF8.self)
        let rest = line.count > WAMPTracer.longest ? " … (\(bytes.count) octets)" : ""
        write(link, "\(direction.mark) \(line.prefix(WAMPTracer.longest))\(rest)")
    }

    package func ended(_ link: LinkID, _ end: LinkEnd) {
        write(link, "ended: \(end)")
    }

    private func write(_ link: LinkID, _ text: String) {
        // What the peer chose must not look like a line of its own.
        let line = text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "·" : String($0) }.joined()
        logger.debug("\(transport) \(shard).\(link.index).\(link.generation) \(line)")
    }
}

extension TraceDirection {
    fileprivate var mark: String {
        switch self {
        case .received: "<"
        case .sent: ">"
        }
    }
}
