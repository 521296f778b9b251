package import RennbahnBytes

/// How changes stand in a file: appended one after the other, each with a checksum.
///
/// ```
/// │ RBCOOK1\n │ record │ record │ …
/// record:  │ length, 32 bits │ CRC-32 of the payload │ payload: kind, value, … │      big-endian
/// ```
package enum CookieLog {
    package static let magic: StaticString = "RBCOOK1\n"
    private static let headCount = 8
    /// Octets of a payload: a kind, a value and the four texts of an identity.
    private static let longestPayload = 1 + 1 + 64 + 4 * (2 + CookieIdentity.longestText)

    private enum Kind: UInt8 {
        case issued = 1
        case identified = 2
        case forgotten = 3
        case deleted = 4
    }

    package static func append(_ change: CookieChange, to output: inout ByteBuffer) {
        var payload = ByteBuffer(capacity: 128)
        switch change {
        case .issued(let value, let created):
            begin(.issued, value, &payload)
            payload.append(bigEndian: created)
        case .identified(let value, let identity):
            begin(.identified, value, &payload)
            for text in [identity.authID, identity.authRole, identity.authMethod, identity.realm] {
                payload.append(bigEndian: UInt16(text.utf8.count))
                payload.append(utf8: text)
            }
        case .forgotten(let value): begin(.forgotten, value, &payload)
        case .deleted(let value): begin(.deleted, value, &payload)
        }
        output.append(bigEndian: UInt32(payload.count))
        output.append(bigEndian: CRC32.checksum(payload.span))
        output.append(payload.span)
    }

    private static func begin(_ kind: Kind, _ value: String, _ payload: inout ByteBuffer) {
        precondition((1...CookiePolicy.lengths.upperBound).contains(value.utf8.count))
        payload.append(kind.rawValue)
        payload.append(UInt8(value.utf8.count))
        payload.append(utf8: value)
    }

    /// What a file holds.
    package struct Contents: Sendable, Equatable {
        package var changes: [CookieChange] = []
        /// Octets from the start of the file behind which to append; what is beyond is torn.
        package var soundCount = 0
        /// Records stand behind something that is none. It may have been a deletion, so that cookies from before it stand
        /// for nobody any more.
        package var isDamaged = false
    }

    /// Why a file is not read at all.
    package struct Foreign: Error, Sendable, Equatable, CustomStringConvertible {
        package var description: String { "no file of cookies" }
    }

    /// Reads a file as it was found, perhaps torn at its end by the end of the process or of the machine.
    package static func contents(of bytes: Span<UInt8>) throws(Foreign) -> Contents {
        var contents = Contents()
        let magic = magic.utf8Bytes
        guard bytes.count >= magic.count else {
            // Torn at birth, or empty.
            for index in bytes.indices where bytes[index] != magic[index] { throw Foreign() }
            return contents
        }
        guard bytes.extracting(0..<magic.count).equals(magic) else { throw Foreign() }
        var position = magic.count
        contents.soundCount = position
        while position < bytes.count {
            guard let (change, end) = record(bytes, at: position) else {
                position += 1
                continue
            }
            if position != contents.soundCount {
                contents.isDamaged = true
                contents.changes = contents.changes.filter { change in
                    if case .identified = change { false } else { true }
                }
            }
            contents.changes.append(change)
            position = end
            contents.soundCount = end
        }
        return contents
    }

    /// The record that begins at `start`, and where it ends; `nil` if none does.
    private static func record(_ bytes: Span<UInt8>, at start: Int) -> (CookieChange, end: Int)? {
        guard bytes.count - start >= headCount else { return nil }
        let length = Int(bytes.bigEndian(UInt32.self, at: start))
        let end = start + headCount + length
        guard length > 0, length <= longestPayload, end <= bytes.count else { return nil }
        let payload = bytes.extracting((start + headCount)..<end)
        guard CRC32.checksum(payload) == bytes.bigEndian(UInt32.self, at: start + 4) else { return nil }
        var reader = PayloadReader(payload)
        guard let change = change(&reader), reader.isAtEnd else { return nil }
        return (change, end)
    }

    private static func change(_ reader: inout PayloadReader) -> CookieChange? {
        guard let kind = reader.byte().flatMap(Kind.init), let length = reader.byte(),
            let value = reader.text(Int(length)), (1...CookiePolicy.lengths.upperBound).contains(value.utf8.count)
        else { return nil }
        switch kind {
        case .issued: return reader.word().map { .issued(value, at: $0) }
        case .identified:
            guard let authID = reader.prefixedText(), let authRole = reader.prefixedText(),
                let authMethod = reader.prefixedText(), let realm = reader.prefixedText()
            else { return nil }
            return .identified(
                value, CookieIdentity(authID: authID, authRole: authRole, authMethod: authMethod, realm: realm))
        case .forgotten: return .forgotten(value)
        case .deleted: return .deleted(value)
        }
    }
}

private struct PayloadReader: ~Escapable {
    private let bytes: Span<UInt8>
    private var position = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    @_lifetime(self: copy self)
    mutating func byte() -> UInt8? {
        guard position < bytes.count else { return nil }
        position += 1
        return bytes[position - 1]
    }

    @_lifetime(self: copy self)
    mutating func word() -> UInt64? {
        guard bytes.count - position >= 8 else { return nil }
        position += 8
        return bytes.bigEndian(UInt64.self, at: position - 8)
    }

    /// Text that is not UTF-8 was not written here.
    @_lifetime(self: copy self)
    mutating func text(_ count: Int) -> String? {
        guard bytes.count - position >= count else { return nil }
        let span = bytes.extracting(position..<(position + count))
        guard UTF8Validator.isValid(span) else { return nil }
        position += count
        return span.text()
    }

    @_lifetime(self: copy self)
    mutating func prefixedText() -> String? {
        guard let high = byte(), let low = byte() else { return nil }
        return text(Int(high) << 8 | Int(low))
    }
}
