/// What a frame carries (RFC 6455, section 5.2). The opcodes 3…7 and 11…15 are reserved and refused.
package enum Opcode: UInt8, Sendable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xa

    /// Control frames may stand between the fragments of a message and are never fragmented themselves.
    @inlinable
    package var isControl: Bool { rawValue & 0x8 != 0 }
}

/// The two kinds of messages (RFC 6455, section 5.6).
package enum MessageKind: Sendable {
    case text
    case binary

    @inlinable
    package var opcode: Opcode {
        switch self {
        case .text: .text
        case .binary: .binary
        }
    }
}
