/// What arrived. The ranges lie in the buffer that was given to ``MessageReader/next(in:window:)``.
package enum Inbound: Sendable, Equatable {
    case message(MessageKind, compressed: Bool, MessagePlace)
    case ping(Range<Int>)
    case pong(Range<Int>)
    /// A message of a connection that is traced.
    case traced(MessageKind, compressed: Bool, MessagePlace)
    /// A frame, of a connection that is traced or counted: it begins the unread bytes, its head is complete and keeps the
    /// rules, and nothing of it is consumed yet.
    case frame
    /// The peer's Close frame; without a code the reason is empty.
    case close(CloseCode?, reason: Range<Int>)
}

/// Where the payload of a message lies, unmasked.
package enum MessagePlace: Sendable, Equatable {
    /// In the receive buffer: the message came in one frame and was complete.
    case buffer(Range<Int>)
    /// In the reader, until ``MessageReader/exchangeAssembly(with:)`` takes it or the next message is collected.
    case assembly
}
