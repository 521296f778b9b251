/// Swift source with the text of comments and string literals replaced by spaces; lines stay where they are.
/// Code inside an interpolation stays. Regex literals are not known to it.
func codeOnly(_ source: String) -> String {
    var blanker = Blanker(bytes: Array(source.utf8))
    blanker.code(until: nil)
    return String(decoding: blanker.output, as: UTF8.self)
}

private struct Blanker {
    let bytes: [UInt8]
    var at = 0
    var output: [UInt8] = []

    init(bytes: [UInt8]) {
        self.bytes = bytes
        output.reserveCapacity(bytes.count)
    }

    func looking(at text: StaticString, _ hashes: Int = 0) -> Bool {
        let length = text.utf8CodeUnitCount
        guard at + length + hashes <= bytes.count else { return false }
        let wanted = text.withUTF8Buffer { Array($0) }
        return bytes[at..<at + length].elementsEqual(wanted)
            && bytes[at + length..<at + length + hashes].allSatisfy { $0 == UInt8(ascii: "#") }
    }

    mutating func keep(_ count: Int = 1) {
        output += bytes[at..<min(at + count, bytes.count)]
        at += count
    }

    mutating func blank(_ count: Int = 1) {
        for _ in 0..<min(count, bytes.count - at) {
            output.append(bytes[at] == UInt8(ascii: "\n") ? bytes[at] : UInt8(ascii: " "))
            at += 1
        }
    }

    /// Copies code; with an `end`, up to that byte where no parenthesis is open.
    mutating func code(until end: UInt8?) {
        var depth = 0
        while at < bytes.count {
            if depth == 0, bytes[at] == end { return }
            switch bytes[at] {
            case UInt8(ascii: "/") where looking(at: "//"):
                while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { blank() }
            case UInt8(ascii: "/") where looking(at: "/*"): blockComment()
            case UInt8(ascii: "\""), UInt8(ascii: "#"):
                if let hashes = stringOpens() { string(hashes) } else { keep() }
            case let byte:
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") { depth -= 1 }
                output.append(byte)
                at += 1
            }
        }
    }

    mutating func blockComment() {
        var depth = 0
        repeat {
            if looking(at: "/*") {
                depth += 1
                blank(2)
            } else if looking(at: "*/") {
                depth -= 1
                blank(2)
            } else {
                blank()
            }
        } while depth > 0 && at < bytes.count
    }

    /// The number of `#` before the quote of a literal that begins here; nil if none begins.
    func stringOpens() -> Int? {
        let hashes = bytes[at...].prefix { $0 == UInt8(ascii: "#") }.count
        return at + hashes < bytes.count && bytes[at + hashes] == UInt8(ascii: "\"") ? hashes : nil
    }

    mutating func string(_ hashes: Int) {
        keep(hashes)
        let isMultiline = looking(at: "\"\"\"")
        keep(isMultiline ? 3 : 1)
        while at < bytes.count {
            guard bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "\\") else {
                blank()
                continue
            }
            if isMultiline ? looking(at: "\"\"\"", hashes) : looking(at: "\"", hashes) {
                return keep((isMultiline ? 3 : 1) + hashes)
            }
            if looking(at: "\\", hashes), at + 1 + hashes < bytes.count {
                blank(1 + hashes)
                guard at < bytes.count, bytes[at] == UInt8(ascii: "(") else {
                    blank()
                    continue
                }
                keep()
                code(until: UInt8(ascii: ")"))
                keep()
            } else {
                blank()
            }
        }
    }
}
