package import RennbahnBytes

/// A message to a server that speaks no WAMP: the user's octets, in which placeholders stand for what differs from message to
/// message.
///
/// A placeholder is a name in braces: `{stamp}`, `{sequence}`, `{client}`. Other braces, such as those of JSON, are themselves.
package struct MessageTemplate: Equatable, Sendable {
    /// What stands in a place of the message.
    enum Piece: Equatable, Sendable {
        /// Octets as they are: a range of ``octets``.
        case literal(Range<Int>)
        /// The 32 characters of a ``Stamp``, whose checksum covers itself alone.
        case stamp
        /// The number of the client's message, decimal, from 0.
        case sequence
        /// The number of the client in the fleet, decimal, from 0.
        case client
    }

    let octets: [UInt8]
    let pieces: [Piece]
    /// Whether it is sent as a binary message.
    package let isBinary: Bool

    package static let maximumOctets = WorkloadParameters.maximumPayloadBytes - 1024
    static let placeholders: [(name: String, piece: Piece)] = [
        ("stamp", .stamp), ("sequence", .sequence), ("client", .client),
    ]

    /// Reads a template; of a text message it is UTF-8.
    package init(parsing octets: [UInt8], isBinary: Bool) throws(MessageTemplateProblem) {
        guard !octets.isEmpty else { throw .empty }
        guard octets.count <= MessageTemplate.maximumOctets else { throw .tooLarge(octets.count) }
        guard isBinary || MessageTemplate.isText(octets) else { throw .notUTF8 }
        var pieces: [Piece] = []
        var start = 0
        var place = 0
        while place < octets.count {
            guard let name = MessageTemplate.name(in: octets, at: place) else {
                place += 1
                continue
            }
            guard let piece = MessageTemplate.placeholders.first(where: { $0.name == name })?.piece else {
                throw .unknown(name)
            }
            if start < place { pieces.append(.literal(start..<place)) }
            pieces.append(piece)
            place += name.utf8.count + 2
            start = place
        }
        if start < octets.count { pieces.append(.literal(start..<octets.count)) }
        self.octets = octets
        self.pieces = pieces
        self.isBinary = isBinary
    }

    /// The name in braces that begins here: lower-case letters alone, which no text of JSON has there.
    private static func name(in octets: [UInt8], at place: Int) -> String? {
        guard octets[place] == UInt8(ascii: "{") else { return nil }
        let letters = octets[(place + 1)...].prefix(32).prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        guard !letters.isEmpty, letters.endIndex < octets.count, octets[letters.endIndex] == UInt8(ascii: "}") else {
            return nil
        }
        return String(decoding: letters, as: UTF8.self)
    }

    private static func isText(_ octets: [UInt8]) -> Bool {
        var validator = UTF8Validator()
        return validator.consume(octets.span) && validator.isComplete
    }

    package var hasStamp: Bool { pieces.contains(.stamp) }

    /// Size of a client's first message.
    package var nominalOctets: Int {
        pieces.reduce(0) { sum, piece in
            switch piece {
            case .literal(let range): sum + range.count
            case .stamp: sum + Stamp.byteCount
            case .sequence, .client: sum + 1
            }
        }
    }

    /// Size that no message goes beyond.
    package var largestOctets: Int { octets.count + pieces.count * Stamp.byteCount }
}

/// Why something is no template.
package enum MessageTemplateProblem: Error, Equatable, Sendable, CustomStringConvertible {
    case empty
    /// Octets that it has.
    case tooLarge(Int)
    case notUTF8
    /// The name in the braces.
    case unknown(String)

    package var description: String {
        switch self {
        case .empty: return "is empty"
        case .tooLarge(let count): return "has \(count) octets, and may have \(MessageTemplate.maximumOctets)"
        case .notUTF8: return "is not UTF-8, which a text message must be; --binary sends other octets"
        case .unknown(let name):
            let known = MessageTemplate.placeholders.map { "{\($0.name)}" }.joined(separator: ", ")
            return "{\(name)} is not one of \(known)"
        }
    }
}

/// What makes a message the answer to one of a client's.
package enum ReplyCheck: String, Sendable, CaseIterable {
    /// It is that message, octet for octet, and answers come in the order of the messages.
    case same
    /// It has the message's stamp somewhere. What has none is not looked at.
    case stamped
    /// It comes: the first answers the oldest message without an answer. Nothing is verified but their number.
    case any
}

/// Writes the messages of a template, and finds in answers what they answer. No allocation for a message.
package struct MessageTemplateWriter: ~Copyable {
    private let form: Form
    private let run: UInt64
    /// Where the stamp stood in the answer before.
    private var lastPlace = 0
    private var expected = ByteBuffer()

    private struct Form: ~Copyable {
        let template: MessageTemplate
        let stamps: PayloadWriter

        func write(_ stamp: Stamp, into buffer: inout ByteBuffer) {
            for index in template.pieces.indices {
                switch template.pieces[index] {
                case .literal(let range): buffer.append(template.octets.span.extracting(range))
                case .stamp: stamps.write(stamp, into: &buffer)
                case .sequence: buffer.append(decimal: stamp.sequence)
                case .client: buffer.append(decimal: UInt64(truncatingIfNeeded: stamp.sender))
                }
            }
        }
    }

    /// - Parameter run: the number of the run, of which a stamp has the low 24 bits.
    package init(_ template: MessageTemplate, run: UInt64) {
        form = Form(
            template: template,
            stamps: PayloadWriter(payloadBytes: Stamp.byteCount, filler: .text, run: run, seed: 0))
        self.run = run
    }

    package func write(_ stamp: Stamp, into buffer: inout ByteBuffer) {
        form.write(stamp, into: &buffer)
    }

    /// Whether an answer is the message of this stamp.
    package mutating func matches(_ stamp: Stamp, _ answer: Span<UInt8>) -> Bool {
        expected.removeAll(keepingCapacity: true)
        form.write(stamp, into: &expected)
        return answer.equals(expected.span)
    }

    /// The first sound stamp of this run in an answer: where it stood in the answer before, or else wherever it is.
    package mutating func stamp(in answer: Span<UInt8>) -> Stamp? {
        guard answer.count >= Stamp.byteCount else { return nil }
        if lastPlace <= answer.count - Stamp.byteCount, let stamp = stamp(in: answer, at: lastPlace) { return stamp }
        for place in 0...(answer.count - Stamp.byteCount) {
            if let stamp = stamp(in: answer, at: place) {
                lastPlace = place
                return stamp
            }
        }
        return nil
    }

    private func stamp(in answer: Span<UInt8>, at place: Int) -> Stamp? {
        try? Stamp.verify(answer.extracting(place..<(place &+ Stamp.byteCount)), run: run)
    }
}
