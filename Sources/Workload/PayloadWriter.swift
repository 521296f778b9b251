package import RennbahnBytes

/// What fills a payload behind its stamp.
package enum Filler: String, Sendable, CaseIterable {
    /// Words of English-like frequency: compresses about as log lines and chat do.
    case text
    /// Characters drawn evenly: six bits of entropy in each, which is nearly incompressible text.
    case random
}

/// Writes stamped payloads of one size, at the cost of one copy and one checksum.
///
/// The filler of a payload is a piece of a seeded corpus that starts where sender and sequence say. The corpus is twice
/// as long as the window of DEFLATE, so a compressor that keeps its context cannot refer back to the message before.
package struct PayloadWriter: ~Copyable {
    private let corpus: ByteBuffer
    private let payloadBytes: Int
    private let run: UInt64

    static let corpusBytes = 65_536

    /// - Parameters:
    ///   - payloadBytes: at least ``Stamp/byteCount``.
    ///   - run: number of the run; its low 24 bits tell payloads of this run from those of others.
    ///   - seed: of the filler.
    package init(payloadBytes: Int, filler: Filler, run: UInt64, seed: UInt64) {
        precondition(payloadBytes >= Stamp.byteCount)
        self.payloadBytes = payloadBytes
        self.run = run & 0xff_ffff
        let fillerBytes = payloadBytes - Stamp.byteCount
        corpus = fillerBytes == 0 ? ByteBuffer() : filler.corpus(byteCount: fillerBytes + Self.corpusBytes, seed: seed)
    }

    /// Appends one payload, exactly as long as was asked for.
    package func write(_ stamp: Stamp, into buffer: inout ByteBuffer) {
        let start = buffer.count
        buffer.reserve(payloadBytes)
        buffer.append(bigEndian: UInt64(0))
        buffer.append(bigEndian: SixBit.pack(stamp.sequence))
        buffer.append(bigEndian: SixBit.pack(stamp.sentAt))
        buffer.append(bigEndian: SixBit.pack(UInt64(truncatingIfNeeded: stamp.sender) << 24 | run))
        let fillerBytes = payloadBytes &- Stamp.byteCount
        if fillerBytes > 0 {
            let place = SplitMix64.mix(UInt64(truncatingIfNeeded: stamp.sender) << 40 ^ stamp.sequence)
            let offset = Int(truncatingIfNeeded: place % UInt64(Self.corpusBytes))
            buffer.append(corpus.span.extracting(offset..<(offset &+ fillerBytes)))
        }
        let checksum = SixBit.pack(checksum(of: buffer, from: start &+ 8))
        for index in 0..<8 {
            buffer.set(UInt8(truncatingIfNeeded: checksum >> UInt64(56 &- 8 &* index)), at: start &+ index)
        }
    }

    private func checksum(of buffer: borrowing ByteBuffer, from offset: Int) -> UInt64 {
        Stamp.checksum(of: buffer.span.extracting(offset..<buffer.count))
    }
}

extension Filler {
    /// Filler to cut pieces from, exactly `byteCount` long.
    func corpus(byteCount: Int, seed: UInt64) -> ByteBuffer {
        var generator = SeededGenerator(seed: seed)
        var buffer = ByteBuffer(capacity: byteCount + 64)
        switch self {
        case .text:
            let vocabulary = Vocabulary(using: &generator)
            while buffer.count < byteCount {
                buffer.append(vocabulary.word(using: &generator).span)
                buffer.append(UInt8(ascii: " "))
            }
        case .random:
            while buffer.count < byteCount { buffer.append(bigEndian: SixBit.pack(generator.next())) }
        }
        buffer.truncate(to: byteCount)
        return buffer
    }
}
