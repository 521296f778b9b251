import RennbahnBytes
import RennbahnWAMP
import RennbahnWorkload

/// Builds the payload of every message: a list of one string, which is the stamped payload.
///
/// ```
/// JSON     ["              payload  "]
/// MsgPack  0x91 str header payload          │◄─ prefix, written once ─►│
/// ```
final class Arguments {
    private let writer: PayloadWriter
    private let prefixCount: Int
    private let serializer: Serializer
    private let buffer = Box(ByteBuffer())

    init(_ workload: WorkloadParameters, serializer: Serializer, run: UInt64) {
        writer = PayloadWriter(
            payloadBytes: workload.payloadBytes, filler: workload.filler, run: run, seed: workload.seed)
        self.serializer = serializer
        switch serializer {
        case .json:
            buffer.value.append("[\"")
        case .msgpack:
            buffer.value.append(0x91)
            Arguments.appendTextHeader(workload.payloadBytes, to: &buffer.value)
        }
        prefixCount = buffer.value.count
    }

    /// The header of a MsgPack string.
    private static func appendTextHeader(_ count: Int, to buffer: inout ByteBuffer) {
        switch count {
        case ..<0x20: buffer.append(0xa0 | UInt8(count))
        case ..<0x100:
            buffer.append(0xd9)
            buffer.append(bigEndian: UInt8(count))
        case ..<0x10000:
            buffer.append(0xda)
            buffer.append(bigEndian: UInt16(count))
        default:
            buffer.append(0xdb)
            buffer.append(bigEndian: UInt32(count))
        }
    }

    var payload: Payload { Payload(serializer: serializer, elements: 1) }

    func write(_ stamp: Stamp) {
        buffer.value.truncate(to: prefixCount)
        writer.write(stamp, into: &buffer.value)
        if serializer == .json { buffer.value.append("\"]") }
    }

    /// What ``write(_:)`` wrote last.
    var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { unsafe _overrideLifetime(buffer.unboundSpan, borrowing: self) }
    }
}
