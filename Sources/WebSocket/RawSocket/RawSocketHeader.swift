package import RennbahnBytes

/// What a RawSocket frame is.
package enum RawSocketFrame: UInt8, Sendable, Equatable, CaseIterable {
    case message = 0
    case ping = 1
    case pong = 2
}

/// The head of a RawSocket frame.
///
/// ```
/// │ 0000 XTTT │ length, 24 bits, big-endian │
/// ```
/// T: the type, 3…7 are reserved. X: the length is 2^24, and the other 24 bits are 0.
package struct RawSocketHeader: Sendable, Equatable {
    /// Octets of a head.
    package static let count = 4
    /// The longest payload that a head can tell.
    package static let longestPayload = 1 << 24
    /// The longest ping or pong that is taken: so that whoever reads never keeps more of one that is incomplete. The
    /// specification has no use for longer ones.
    package static let longestControlPayload = 16 * 1024

    package let frame: RawSocketFrame
    package let payloadCount: Int

    package init(_ frame: RawSocketFrame, payloadCount: Int) {
        precondition((0...RawSocketHeader.longestPayload).contains(payloadCount))
        self.frame = frame
        self.payloadCount = payloadCount
    }

    /// The head in network byte order.
    package var word: UInt32 {
        let length =
            payloadCount == RawSocketHeader.longestPayload ? 0x0800_0000 : UInt32(truncatingIfNeeded: payloadCount)
        return UInt32(frame.rawValue) << 24 | length
    }

    /// Reads the head at the beginning of `window`; `nil` while it is incomplete.
    package static func parse(
        _ bytes: Span<UInt8>, in window: Range<Int>
    ) throws(ProtocolViolation) -> RawSocketHeader? {
        guard window.count > 0 else { return nil }
        // What is wrong with the first octet shows when it is there.
        let first = bytes[window.lowerBound]
        guard first & 0xf0 == 0 else { throw .reservedBits }
        guard let frame = RawSocketFrame(rawValue: first & 7) else { throw .reservedOpcode }
        guard window.count >= count else { return nil }
        let length = Int(bytes.bigEndian(UInt32.self, at: window.lowerBound) & 0x00ff_ffff)
        guard first & 8 != 0 else { return RawSocketHeader(frame, payloadCount: length) }
        guard length == 0 else { throw .lengthNotMinimal }
        return RawSocketHeader(frame, payloadCount: longestPayload)
    }

    package func append(to output: inout ByteBuffer) {
        output.append(bigEndian: word)
    }
}
