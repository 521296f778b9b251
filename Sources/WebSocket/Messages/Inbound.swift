/// What arrived. The ranges lie in the buffer that was given to ``MessageReader/next(in:window:)``.
package enum Inbound: Sendable, Equatable {
    case message(MessageKind, compressed: Bool, MessagePlace)
    case ping(Range<Int>)
    case pong(Range<Int>)
    /// The peer's Close frame; without a code the reason is empty.
    case close(CloseCode?, reason: Range<Int>)
}

/// Where the payload of a message lies, unmasked.
package enum MessagePlace: Sendable, Equatable {
    /// In the receive buffer: the message came in one frame and was complete.
    case buffer(Range<Int>)
    /// In ``MessageReader/assembly``, until ``MessageReader/releaseAssembly()`` or the next read.
    case assembly
}
