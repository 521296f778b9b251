package import RennbahnBytes

/// The head of a frame (RFC 6455, section 5.2).
///
/// ```
///  octet 0              octet 1            then
/// +-+-+-+-+-------+    +-+-------------+  +----------------------+ +----------------+
/// |F|R|R|R| opcode|    |M| length (7)  |  | length, 16 or 64 bit | | mask key (32)  |
/// |I|S|S|S|  (4)  |    |A| 126: 16 bit |  | network byte order,  | | if MASK is set |
/// |N|V|V|V|       |    |S| 127: 64 bit |  | only if 126 or 127   | |                |
/// | |1|2|3|       |    |K|             |  |                      | |                |
/// +-+-+-+-+-------+    +-+-------------+  +----------------------+ +----------------+
/// ```
package struct FrameHeader: Sendable, Equatable {
    /// The longest head: two octets, a 64-bit length, a mask key.
    package static let longest = 14
    /// The most octets that a control frame carries (section 5.5).
    package static let controlPayloadLimit = 125

    package var opcode: Opcode
    package var isFinal: Bool
    /// RSV1: the message is compressed (RFC 7692, section 6).
    package var isCompressed: Bool
    /// The octets in wire order as a big-endian integer; `nil` on an unmasked frame.
    package var maskKey: UInt32?
    /// Octets of payload, below 2^63.
    package var payloadCount: Int

    package init(
        opcode: Opcode, isFinal: Bool = true, isCompressed: Bool = false, maskKey: UInt32? = nil, payloadCount: Int
    ) {
        precondition(payloadCount >= 0)
        self.opcode = opcode
        self.isFinal = isFinal
        self.isCompressed = isCompressed
        self.maskKey = maskKey
        self.payloadCount = payloadCount
    }

    /// Octets of the head on the wire.
    package var encodedCount: Int {
        FrameHeader.lengthFieldCount(payloadCount) &+ (maskKey == nil ? 2 : 6)
    }

    private static func lengthFieldCount(_ payloadCount: Int) -> Int {
        payloadCount < 126 ? 0 : payloadCount <= 0xffff ? 2 : 8
    }

    // MARK: Reading

    /// Reads the head that begins at `window.lowerBound`, or returns `nil` when it is not complete.
    ///
    /// Checks every rule that needs no knowledge of the connection, the first two octets as soon as they are there.
    package static func parse(
        _ bytes: Span<UInt8>, in window: Range<Int>
    ) throws(ProtocolViolation) -> FrameHeader? {
        let available = window.count
        guard available >= 2 else { return nil }
        let start = window.lowerBound
        let first = bytes[start]
        let second = bytes[start &+ 1]
        guard first & 0x30 == 0 else { throw .reservedBits }
        guard let opcode = Opcode(rawValue: first & 0xf) else { throw .reservedOpcode }
        let isFinal = first & 0x80 != 0
        let isCompressed = first & 0x40 != 0
        let isMasked = second & 0x80 != 0
        let shortLength = second & 0x7f
        if opcode.isControl {
            guard isFinal else { throw .fragmentedControlFrame }
            guard shortLength <= controlPayloadLimit else { throw .oversizedControlFrame }
            guard !isCompressed else { throw .compressedControlFrame }
        } else if isCompressed, opcode == .continuation {
            throw .compressedContinuation
        }

        var headCount = 2
        var payloadCount = Int(shortLength)
        if shortLength == 126 {
            guard available >= 4 else { return nil }
            payloadCount = Int(bytes.bigEndian(UInt16.self, at: start &+ 2))
            guard payloadCount >= 126 else { throw .lengthNotMinimal }
            headCount = 4
        } else if shortLength == 127 {
            guard available >= 10 else { return nil }
            let long = bytes.bigEndian(UInt64.self, at: start &+ 2)
            guard long >> 63 == 0 else { throw .lengthTooLarge }
            guard long > 0xffff else { throw .lengthNotMinimal }
            payloadCount = Int(long)
            headCount = 10
        }
        var maskKey: UInt32?
        if isMasked {
            guard available >= headCount &+ 4 else { return nil }
            maskKey = bytes.bigEndian(UInt32.self, at: start &+ headCount)
        }
        return FrameHeader(
            opcode: opcode, isFinal: isFinal, isCompressed: isCompressed, maskKey: maskKey, payloadCount: payloadCount)
    }

    // MARK: Writing

    /// Appends the head, its length in the shortest form.
    package func append(to buffer: inout ByteBuffer) {
        buffer.reserve(FrameHeader.longest)
        let first = opcode.rawValue | (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0)
        let maskBit: UInt8 = maskKey == nil ? 0 : 0x80
        switch FrameHeader.lengthFieldCount(payloadCount) {
        case 0:
            buffer.append(bigEndian: UInt16(first) << 8 | UInt16(maskBit | UInt8(truncatingIfNeeded: payloadCount)))
        case 2:
            buffer.append(bigEndian: UInt16(first) << 8 | UInt16(maskBit | 126))
            buffer.append(bigEndian: UInt16(truncatingIfNeeded: payloadCount))
        case _:
            buffer.append(bigEndian: UInt16(first) << 8 | UInt16(maskBit | 127))
            buffer.append(bigEndian: UInt64(payloadCount))
        }
        if let maskKey { buffer.append(bigEndian: maskKey) }
    }

    /// Appends the head of a whole message (or control frame) from a server.
    package static func appendServerHeader(
        opcode: Opcode, compressed: Bool, payloadCount: Int, to buffer: inout ByteBuffer
    ) {
        let first = opcode.rawValue | (compressed ? 0xc0 : 0x80)
        if (0..<126).contains(payloadCount) {
            buffer.append(bigEndian: UInt16(first) << 8 | UInt16(truncatingIfNeeded: payloadCount))
        } else if (126...0xffff).contains(payloadCount) {
            buffer.append(bigEndian: UInt32(first) << 24 | 126 << 16 | UInt32(truncatingIfNeeded: payloadCount))
        } else {
            FrameHeader(opcode: opcode, isCompressed: compressed, payloadCount: payloadCount).append(to: &buffer)
        }
    }
}
