package import RennbahnReactor
package import RennbahnWebSocket

/// Which way something passes, as the traces of a server mark it.
package enum TraceDirection: Sendable, Equatable {
    case received
    case sent
}

/// Who is told what passes on the connections of a transport, for its key `debug`. Called on the threads of the loops, for
/// each frame: connections of a transport without a tracer have nothing of it on their path.
package protocol LinkTracer: Sendable {
    func accepted(_ link: LinkID, from peer: SocketAddress?)
    /// The head of the opening handshake's request or response, with all its secrets.
    func handshake(_ direction: TraceDirection, _ link: LinkID, _ head: Span<UInt8>)
    func frame(_ direction: TraceDirection, _ link: LinkID, _ header: FrameHeader)
    /// A whole message, unmasked and inflated.
    func message(
        _ direction: TraceDirection, _ link: LinkID, _ kind: MessageKind, subprotocol: String?, _ bytes: Span<UInt8>)
    func ended(_ link: LinkID, _ end: LinkEnd)
}
