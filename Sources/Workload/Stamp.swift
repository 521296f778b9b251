import RennbahnBytes

/// What every payload says about itself: the first 32 ASCII bytes of it.
///
/// ```
/// 0         8          16          24      28     32                    N
/// | checksum | sequence | sent at   | sender | run  | filler …           |
///   48 bits    48 bits    48 bits     24       24     N − 32 bytes
/// ```
///
/// Six bits a character, most significant first, from an alphabet that is the same bytes in JSON (nothing to escape) and
/// in MsgPack, and whose order is that of the characters (``SixBit``). The checksum covers everything behind it, so that a
/// damaged, cut, or wrongly joined payload is told from a sound one; two payloads that are both sound cannot be mixed
/// without notice.
package struct Stamp: Equatable, Sendable {
    /// Size of the stamp, and of the smallest payload.
    package static let byteCount = 32
    /// Largest number of a publisher or caller: 24 bits.
    package static let maximumSender = 0xff_ffff
    /// Largest sequence number: 48 bits.
    package static let maximumSequence: UInt64 = 0xffff_ffff_ffff
    /// Latest send time: 48 bits of nanoseconds, 78 hours.
    package static let maximumTime: UInt64 = 0xffff_ffff_ffff

    /// Number of the publisher or caller in the fleet.
    package var sender: Int
    /// From 0, without gaps, per sender, through all phases.
    package var sequence: UInt64
    /// Intended send time, in nanoseconds since the start of the run.
    package var sentAt: UInt64

    package init(sender: Int, sequence: UInt64, sentAt: UInt64) {
        self.sender = sender
        self.sequence = sequence
        self.sentAt = sentAt
    }

    /// Why a payload was refused.
    package enum Fault: Error, Equatable, Sendable, CustomStringConvertible {
        /// Too short, a character that is not of the alphabet, or the checksum does not match.
        case corrupted
        /// Sound, but of another run: something else publishes here.
        case otherRun

        package var description: String {
            switch self {
            case .corrupted: "damaged"
            case .otherRun: "of another run"
            }
        }
    }

    /// Reads and checks a payload.
    ///
    /// - Parameter run: the number of this run, as given to ``PayloadWriter``; its low 24 bits count.
    package static func verify(_ payload: Span<UInt8>, run: UInt64) throws(Fault) -> Stamp {
        guard payload.count >= byteCount,
            let checksum = SixBit.unpack(payload.bigEndian(UInt64.self, at: 0)),
            let sequence = SixBit.unpack(payload.bigEndian(UInt64.self, at: 8)),
            let sentAt = SixBit.unpack(payload.bigEndian(UInt64.self, at: 16)),
            let origin = SixBit.unpack(payload.bigEndian(UInt64.self, at: 24)),
            checksum == self.checksum(of: payload.extracting(8..<payload.count))
        else { throw .corrupted }
        guard origin & 0xff_ffff == run & 0xff_ffff else { throw .otherRun }
        return Stamp(sender: Int(truncatingIfNeeded: origin >> 24), sequence: sequence, sentAt: sentAt)
    }

    /// The low 48 bits of a keyed hash: one damaged payload in 2⁴⁸ goes unseen.
    static func checksum(of bytes: Span<UInt8>) -> UInt64 {
        ByteHash(seed: 0x5265_6e6e_6261_686e)(bytes) & 0xffff_ffff_ffff
    }
}
