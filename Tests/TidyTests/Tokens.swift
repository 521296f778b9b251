/// A word of code (a name in backticks with them), or one mark.
struct Token {
    let text: String
    let line: Int

    /// What a name is called elsewhere: without backticks.
    var name: String { text.hasPrefix("`") ? String(text.dropFirst().dropLast()) : text }

    var isWord: Bool { text.utf8.first.map(isOfWord) ?? false || text.hasPrefix("`") }
}

private func isOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), 0x80...: true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
}

/// The words and marks of lines of code without comments and text, as `codeOnly` leaves them.
func tokens(of code: [Substring]) -> [Token] {
    var found: [Token] = []
    for (index, line) in code.enumerated() {
        let bytes = Array(line.utf8)
        var at = 0
        while at < bytes.count {
            let first = at
            if bytes[at] == UInt8(ascii: "`") {
                repeat { at += 1 } while at < bytes.count && bytes[at] != UInt8(ascii: "`")
                at += 1
            } else if isOfWord(bytes[at]) {
                repeat { at += 1 } while at < bytes.count && isOfWord(bytes[at])
            } else {
                at += 1
                if bytes[first] == UInt8(ascii: " ") { continue }
            }
            let end = min(at, bytes.count)
            found.append(Token(text: String(decoding: bytes[first..<end], as: UTF8.self), line: index + 1))
        }
    }
    return found
}
