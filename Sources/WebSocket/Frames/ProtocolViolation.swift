/// Why an endpoint fails the WebSocket connection: one case for each rule that a peer can break.
package enum ProtocolViolation: Error, Sendable, Equatable, CaseIterable, CustomStringConvertible {
    /// RSV2 or RSV3 is set; no extension that we know uses them (section 5.2).
    case reservedBits
    /// RSV1 is set although no compression was agreed on (section 5.2).
    case compressionNotNegotiated
    /// RSV1 is set on a control frame (RFC 7692, section 6.1).
    case compressedControlFrame
    /// RSV1 is set on a fragment after the first (RFC 7692, section 6.1).
    case compressedContinuation
    /// The opcode is 3…7 or 11…15 (section 5.2).
    case reservedOpcode
    /// A control frame without FIN (section 5.5).
    case fragmentedControlFrame
    /// A control frame with more than 125 octets of payload (section 5.5).
    case oversizedControlFrame
    /// The payload length is not written in the shortest form (section 5.2).
    case lengthNotMinimal
    /// The payload length is 2^63 or more (section 5.2).
    case lengthTooLarge
    /// A client's frame without a mask (section 5.1).
    case unmaskedClientFrame
    /// A server's frame with a mask (section 5.1).
    case maskedServerFrame
    /// A continuation frame where no message is open (section 5.4).
    case unexpectedContinuation
    /// A new message begins before the last fragment of the one before (section 5.4).
    case interruptedMessage
    /// A Close frame with one octet of payload (section 5.5.1).
    case truncatedClosePayload
    /// A Close frame with a code that may not be sent (section 7.4).
    case invalidCloseCode
    /// The reason in a Close frame is not UTF-8 (section 5.5.1).
    case invalidCloseReason
    /// A text message is not UTF-8 (section 8.1).
    case invalidText
    /// One frame is larger than our limit (section 10.4).
    case frameTooBig
    /// A message is larger than our limit (section 10.4).
    case messageTooBig

    /// The code of the Close frame that answers the violation.
    package var closeCode: CloseCode {
        switch self {
        case .invalidCloseReason, .invalidText:
            .invalidPayload
        case .frameTooBig, .messageTooBig:
            .messageTooBig
        case .reservedBits, .compressionNotNegotiated, .compressedControlFrame, .compressedContinuation,
            .reservedOpcode, .fragmentedControlFrame, .oversizedControlFrame, .lengthNotMinimal, .lengthTooLarge,
            .unmaskedClientFrame, .maskedServerFrame, .unexpectedContinuation, .interruptedMessage,
            .truncatedClosePayload, .invalidCloseCode:
            .protocolError
        }
    }

    package var description: String { reason.description }

    /// The reason for the Close frame and the log; at most 123 octets.
    package var reason: StaticString {
        switch self {
        case .reservedBits: "RSV2 or RSV3 is set"
        case .compressionNotNegotiated: "RSV1 is set without a negotiated extension"
        case .compressedControlFrame: "control frame is compressed"
        case .compressedContinuation: "RSV1 is set on a continuation frame"
        case .reservedOpcode: "reserved opcode"
        case .fragmentedControlFrame: "control frame is fragmented"
        case .oversizedControlFrame: "control frame is longer than 125 octets"
        case .lengthNotMinimal: "payload length is not minimally encoded"
        case .lengthTooLarge: "payload length exceeds 63 bits"
        case .unmaskedClientFrame: "client frame is not masked"
        case .maskedServerFrame: "server frame is masked"
        case .unexpectedContinuation: "continuation frame outside of a message"
        case .interruptedMessage: "new message inside of a fragmented message"
        case .truncatedClosePayload: "close frame with one octet of payload"
        case .invalidCloseCode: "invalid close code"
        case .invalidCloseReason: "close reason is not UTF-8"
        case .invalidText: "text message is not UTF-8"
        case .frameTooBig: "frame is too big"
        case .messageTooBig: "message is too big"
        }
    }
}
