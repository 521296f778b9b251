package import RennbahnBytes

package func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

package func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// The octets that pairs of hexadecimal digits are; what is no digit may stand between them.
package func hex(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    precondition(digits.count % 2 == 0, "half an octet in \(text)")
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

// The expansion of `#expect` takes no spans, so that tests compare copies.
extension ByteBuffer {
    package var bytes: [UInt8] { span.copied() }
    package var text: String { span.text() }
}
