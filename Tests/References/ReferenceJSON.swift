/// A slow and obvious JSON parser by the letter of RFC 8259, to compare the scanner with.
package struct ReferenceJSON {
    package indirect enum Tree {
        case scalar
        case list([Tree])
        case dictionary([Tree])

        package var depth: Int {
            switch self {
            case .scalar: 0
            case .list(let items), .dictionary(let items): 1 + (items.map(\.depth).max() ?? 0)
            }
        }
    }

    private struct Malformed: Error {}

    /// Deeper than any reader goes; what is nested more deeply is taken for no JSON, so that a thread's stack suffices.
    private static let deepest = 400

    private var characters: [UInt32]
    private var index = 0
    private var depth = 0

    /// The tree of a JSON text, or `nil` when it is none.
    package static func parse(_ bytes: [UInt8]) -> Tree? {
        guard let string = String(validating: bytes, as: UTF8.self) else { return nil }
        var parser = ReferenceJSON(characters: string.unicodeScalars.map(\.value))
        guard let tree = try? parser.value() else { return nil }
        return parser.index == parser.characters.count ? tree : nil
    }

    private init(characters: [UInt32]) {
        self.characters = characters
    }

    private var next: Character? {
        index < characters.count ? UnicodeScalar(characters[index]).map(Character.init) : nil
    }

    private mutating func take(_ character: Character) -> Bool {
        guard next == character else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ character: Character) throws {
        if !take(character) { throw Malformed() }
    }

    private mutating func space() {
        while take(" ") || take("\n") || take("\r") || take("\t") {}
    }

    private mutating func value() throws -> Tree {
        space()
        defer { space() }
        switch next {
        case "[":
            return .list(try members("[", "]") { parser in try parser.value() })
        case "{":
            return .dictionary(
                try members("{", "}") { parser in
                    parser.space()
                    try parser.string()
                    parser.space()
                    try parser.expect(":")
                    return try parser.value()
                })
        case "\"": try string()
        case "t": for character in "true" { try expect(character) }
        case "f": for character in "false" { try expect(character) }
        case "n": for character in "null" { try expect(character) }
        default: try number()
        }
        return .scalar
    }

    private mutating func members(
        _ open: Character, _ close: Character, _ member: (inout ReferenceJSON) throws -> Tree
    ) throws -> [Tree] {
        depth += 1
        defer { depth -= 1 }
        guard depth <= ReferenceJSON.deepest else { throw Malformed() }
        try expect(open)
        space()
        if take(close) { return [] }
        var members: [Tree] = []
        repeat { members.append(try member(&self)) } while take(",")
        try expect(close)
        return members
    }

    private mutating func string() throws {
        try expect("\"")
        while true {
            guard index < characters.count else { throw Malformed() }
            let character = characters[index]
            index += 1
            if character == 0x22 { return }
            if character < 0x20 { throw Malformed() }
            if character == 0x5c {
                guard let kind = next else { throw Malformed() }
                index += 1
                if kind == "u" {
                    for _ in 0..<4 {
                        guard let digit = next, digit.isASCII, digit.isHexDigit else { throw Malformed() }
                        index += 1
                    }
                } else if !"\"\\/bfnrt".contains(kind) {
                    throw Malformed()
                }
            }
        }
    }

    private mutating func number() throws {
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
    }

    private mutating func digits() throws {
        var count = 0
        while let digit = next, digit.isASCII, digit.isNumber {
            index += 1
            count += 1
        }
        if count == 0 { throw Malformed() }
    }
}
