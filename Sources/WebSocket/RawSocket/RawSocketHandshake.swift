package import RennbahnBytes

/// The opening handshake of WAMP over RawSocket (WAMP specification, "RawSocket Transport"): four octets each way.
///
/// ```
/// │ 0x7f │ LLLL SSSS │ 0 │ 0 │     request, and the answer that accepts it
/// │ 0x7f │ EEEE 0000 │ 0 │ 0 │     the answer that refuses it
/// ```
/// L: who sends it takes messages of up to 2^(9+L) octets. S: the serializer, never 0. E: the error.
package struct RawSocketHandshake: Sendable, Equatable {
    /// The first octet, which no HTTP request begins with.
    package static let magic: UInt8 = 0x7f
    /// Octets of a handshake.
    package static let count = 4
    /// The powers of two that a limit may be.
    package static let exponents = 9...24

    /// Whoever sends it takes messages of up to 2^`exponent` octets.
    package let exponent: Int
    /// 1…15: the number of a WAMP serializer.
    package let serializer: UInt8

    package init(exponent: Int, serializer: UInt8) {
        precondition(RawSocketHandshake.exponents.contains(exponent) && (1...15).contains(serializer))
        self.exponent = exponent
        self.serializer = serializer
    }

    package var maxMessageSize: Int { 1 << exponent }

    /// The largest limit that can be announced and is not above `size`.
    package static func exponent(below size: Int) -> Int {
        precondition(size >= 1 << exponents.lowerBound)
        return min(exponents.upperBound, Int.bitWidth - 1 - size.leadingZeroBitCount)
    }

    package func append(to output: inout ByteBuffer) {
        output.append(RawSocketHandshake.magic)
        output.append(UInt8(exponent - RawSocketHandshake.exponents.lowerBound) << 4 | serializer)
        output.append(bigEndian: UInt16(0))
    }

    /// What became of the octets that came.
    package enum Request: Sendable, Equatable {
        /// The first octets of a handshake.
        case incomplete
        case complete(RawSocketHandshake)
        /// To be answered with the error.
        case refused(RawSocketError)
        /// Another protocol: nothing is answered.
        case foreign
    }

    /// Reads a client's handshake at the beginning of `bytes`.
    package static func request(_ bytes: Span<UInt8>) -> Request {
        guard bytes.count > 0 else { return .incomplete }
        guard bytes[0] == magic else { return .foreign }
        guard bytes.count >= count else { return .incomplete }
        guard bytes[2] == 0, bytes[3] == 0 else { return .refused(.reservedBits) }
        guard bytes[1] & 0xf != 0 else { return .refused(.serializerUnsupported) }
        return .complete(RawSocketHandshake(octet: bytes[1]))
    }

    /// What a router answered.
    package enum Answer: Sendable, Equatable {
        case incomplete
        case accepted(RawSocketHandshake)
        case refused(RawSocketError)
        /// No answer to our request: another protocol, reserved bits, or a serializer that we did not ask for.
        case foreign
    }

    /// Reads a router's answer to a request for `serializer`.
    package static func answer(_ bytes: Span<UInt8>, serializer: UInt8) -> Answer {
        guard bytes.count > 0 else { return .incomplete }
        guard bytes[0] == magic else { return .foreign }
        guard bytes.count >= count else { return .incomplete }
        guard bytes[2] == 0, bytes[3] == 0 else { return .foreign }
        if bytes[1] & 0xf == 0 { return .refused(RawSocketError(rawValue: bytes[1] >> 4)) }
        return bytes[1] & 0xf == serializer ? .accepted(RawSocketHandshake(octet: bytes[1])) : .foreign
    }

    private init(octet: UInt8) {
        exponent = Int(octet >> 4) + RawSocketHandshake.exponents.lowerBound
        serializer = octet & 0xf
    }
}

/// Why a router refuses a handshake: four bits, of which these have a meaning.
package struct RawSocketError: Error, Sendable, Equatable, CustomStringConvertible {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        precondition(rawValue < 16)
        self.rawValue = rawValue
    }

    package static let serializerUnsupported = RawSocketError(rawValue: 1)
    package static let lengthUnacceptable = RawSocketError(rawValue: 2)
    package static let reservedBits = RawSocketError(rawValue: 3)
    package static let tooManyConnections = RawSocketError(rawValue: 4)

    package func append(to output: inout ByteBuffer) {
        output.append(RawSocketHandshake.magic)
        output.append(rawValue << 4)
        output.append(bigEndian: UInt16(0))
    }

    package var description: String {
        switch self {
        case .serializerUnsupported: "serializer unsupported"
        case .lengthUnacceptable: "maximum message length unacceptable"
        case .reservedBits: "use of reserved bits"
        case .tooManyConnections: "maximum connection count reached"
        case _: "error \(rawValue)"
        }
    }
}
