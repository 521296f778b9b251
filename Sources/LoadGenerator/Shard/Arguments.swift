import RennbahnBytes
import RennbahnWAMP
import RennbahnWorkload

/// Builds the payload of every message: a list of one string, which is the stamped payload, and perhaps a document behind it.
///
/// ```
/// JSON     ["              payload  ",document]
/// MsgPack  0x92 str header payload  document
///          └───── prefix ─┘         └─ continuation, both written once
/// ```
final class Arguments {
    private let writer: PayloadWriter
    private let continuations: Continuations
    private let stampedBytes: Int
    private let documents: DocumentSet?
    private let prefixCount: Int
    private let serializer: Serializer
    private let buffer = Box(ByteBuffer())

    init(_ workload: WorkloadParameters, serializer: Serializer, run: UInt64) {
        let content = workload.payload
        stampedBytes = content.stampedBytes
        documents = content.documents
        writer = PayloadWriter(
            payloadBytes: content.stampedBytes, filler: content.filler, run: run, seed: workload.seed)
        continuations = Continuations(content.documents, serializer: serializer, closing: "]")
        self.serializer = serializer
        switch serializer {
        case .json:
            buffer.value.append("[\"")
        case .msgpack:
            buffer.value.append(documents?.variants.isEmpty ?? true ? 0x91 : 0x92)
            Arguments.appendTextHeader(stampedBytes, to: &buffer.value)
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
        continuations.append(of: stamp, to: &buffer.value)
    }

    /// Reads and checks a payload that has come.
    func verify(_ bytes: Span<UInt8>, _ payload: Payload, run: UInt64) throws(Stamp.Fault) -> Stamp {
        guard let text = PayloadStrings.firstString(in: bytes, payload: payload), text.count == stampedBytes
        else { throw .corrupted }
        let stamp = try Stamp.verify(bytes.extracting(text), run: run)
        guard isAsWritten(bytes, text, stamp) || isWrittenAnew(bytes, payload, stamp) else { throw .corrupted }
        return stamp
    }

    /// Whether what stands around the text is what was written, octet by octet.
    private func isAsWritten(_ bytes: Span<UInt8>, _ text: Range<Int>, _ stamp: Stamp) -> Bool {
        text.lowerBound == prefixCount
            && bytes.extracting(0..<prefixCount).equals(self.bytes.extracting(0..<prefixCount))
            && continuations.matches(stamp, bytes.extracting(text.upperBound..<bytes.count))
    }

    /// Whether a router that decodes and encodes has written the same values in other octets, as it may. It takes time and
    /// memory, and nothing else does.
    @inline(never)
    private func isWrittenAnew(_ bytes: Span<UInt8>, _ payload: Payload, _ stamp: Stamp) -> Bool {
        guard let values = try? PayloadValues(payload, bytes), values.keywords.isEmpty else { return false }
        let behindStamp = values.arguments.dropFirst()
        return documents?.isCarried(by: stamp, in: behindStamp) ?? behindStamp.isEmpty
    }

    /// What ``write(_:)`` wrote last.
    var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { unsafe _overrideLifetime(buffer.unboundSpan, borrowing: self) }
    }
}
