/// The status code of a Close frame (RFC 6455, section 7.4, and the IANA registry). Those that are used have names.
package struct CloseCode: RawRepresentable, Sendable, Hashable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package static let normalClosure = CloseCode(rawValue: 1000)
    package static let goingAway = CloseCode(rawValue: 1001)
    package static let protocolError = CloseCode(rawValue: 1002)
    /// Never on the wire: a Close frame without a code arrived.
    package static let noStatusReceived = CloseCode(rawValue: 1005)
    /// Never on the wire: the transport ended without a Close frame.
    package static let invalidPayload = CloseCode(rawValue: 1007)
    package static let policyViolation = CloseCode(rawValue: 1008)
    package static let messageTooBig = CloseCode(rawValue: 1009)
    package static let internalError = CloseCode(rawValue: 1011)
    /// From the IANA registry: the peer may come back.
    package static let tryAgainLater = CloseCode(rawValue: 1013)

    /// Whether a Close frame may carry the code, in either direction: registered codes that are meant for the wire,
    /// and the ranges of libraries (3000…3999) and applications (4000…4999).
    package var mayBeOnTheWire: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
