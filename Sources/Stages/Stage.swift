/// What a router does with one message, in the order of its path.
package enum Stage: String, Codable, CodingKeyRepresentable, CaseIterable, Sendable {
    /// Finding the client's frame in what was received, and taking its mask off.
    case frame
    case inflate
    case scan
    /// Who gets the message.
    case route
    /// Writing it for the receiver; also its frame's head, unless it is compressed.
    case build
    /// Compressing it, with the frame's head.
    case deflate
}
