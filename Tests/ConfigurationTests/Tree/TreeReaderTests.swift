import Testing

@testable import RennbahnConfiguration

@Suite struct TreeReaderTests {
    @Test func `YAML and JSON give the same tree`() throws {
        let yaml = """
            # a comment
            version: 2
            flag: on
            none: ~
            ratio: 2.5
            names: [a, "b", 'c']
            nested:
              - key: -5
                text: "8080"
            """
        let json = """
            {"version": 2, "flag": true, "none": null, "ratio": 2.5, "names": ["a", "b", "c"],
             "nested": [{"key": -5, "text": "8080"}]}
            """
        let tree = try TreeReader.read(yaml)
        #expect(try tree == TreeReader.read(json))
        #expect(tree["nested"]?.elements.first?["key"]?.integer == -5)
        #expect(tree["nested"]?.elements.first?["text"]?.text == "8080")
    }

    @Test(arguments: [
        ("2", Tree.Value.integer(2)), ("-0", .integer(0)), ("0x1F", .integer(31)), ("007", .text("007")),
        ("9223372036854775808", .number(9223372036854775808)), ("1e3", .number(1000)), ("1.5", .number(1.5)),
        ("yes", .boolean(true)), ("OFF", .boolean(false)), ("~", .null), ("\"yes\"", .text("yes")),
        ("!!str 12", .text("12")), ("2026-01-01", .text("2026-01-01")), ("127.0.0.1", .text("127.0.0.1")),
        ("12:30", .text("12:30")), ("--5", .text("--5")), ("\"*\"", .text("*")), ("\"a*b\"", .text("a*b")),
        ("\"\\/\\u00e4\"", .text("/ä")), ("+", .text("+")), ("-", .list([tree(.null)])),
    ])
    func `a scalar means what it looks like`(text: String, value: Tree.Value) throws {
        #expect(try TreeReader.read(text).value == value)
    }

    @Test func `every value and key knows its line and column`() throws {
        let tree = try TreeReader.read("a: 1\n\"ä\": [x,   y]\nb:\n  - c: true\n")
        #expect(
            tree.entries.map(\.place) == [
                Place(line: 1, column: 1), Place(line: 2, column: 1), Place(line: 3, column: 1),
            ])
        #expect(tree["ä"]?.elements.map(\.place) == [Place(line: 2, column: 7), Place(line: 2, column: 12)])
        #expect(tree["b"]?.elements.first?["c"]?.place == Place(line: 4, column: 8))
        let json = try TreeReader.read("{\n\t\"a\": {\n\t\t\"b\": -5\n\t}\n}")
        #expect(json["a"]?["b"]?.place == Place(line: 3, column: 8))
    }

    @Test func `a byte order mark at the beginning is none of the text`() throws {
        for text in ["a: 1\nb:\n  - c\n", "{\"a\": 1,\n \"b\": [\"c\"]}", "# d\na: 1\nb: [c]", "---\na: 1\nb: [c]"] {
            let (plain, marked) = (try TreeReader.read(text), try TreeReader.read("\u{feff}" + text))
            #expect(marked == plain && plain["b"]?.elements.map(\.text) == ["c"], "\(text)")
            #expect(marked.entries.map(\.place) == plain.entries.map(\.place), "\(text)")
        }
        #expect(readProblems("\u{feff}").map(\.message) == ["the file is empty"])
    }

    @Test func `an alias stands for its anchor, at its own place`() throws {
        let tree = try TreeReader.read("a: &one {x: 1}\nb: *one\nc: [&two \"*\", *two]")
        #expect(tree["b"] == tree["a"])
        #expect(tree["b"]?.place == Place(line: 2, column: 4))
        #expect(tree["c"]?.elements.map(\.text) == ["*", "*"])
    }

    @Test(arguments: [
        ("a: *none", "1:4", "alias of nothing"), ("a: *", "1:4", "needs quotes"), ("", "1:1", "empty"),
        ("a: 1\na: 2", "1:1", "twice"), ("{\"a\": 1,\n \"a\": 2}", "1:2", "twice"), ("a: [1\n", "2:1", "flow sequence"),
        ("? [a]\n: 1", "1:3", "must be a text"), ("a: !mine 1", "1:4", "tag"), ("a: !mine [1]", "1:4", "tag"),
        ("--- 1\n--- 2", "2:1", "document"), ("a: &x 1\n<<: *x", "2:1", "<<"), ("a\u{e000}", "1:1", "U+E000"),
        ("&a [*a]", "1:5", "alias of nothing"), ("a: \u{1}", "1:4", "control"),
        ("a: &x 1\n*x : 1\n1: 2", "3:1", "twice"), ("a: &x 1\nb: *\u{301}x", "2:4", "alias of nothing"),
        ("\"\\uD83D\\uDE00\"", "1:4", "escape"), ("%YAML 9.9\n---\na", "1:1", "incompatible"), ("]", "1:1", "node"),
    ])
    func `what cannot be read is told with its place`(text: String, place: String, message: String) {
        let found = readProblems(text)
        #expect(found.count == 1)
        #expect(found.first.map { "\($0.place.line):\($0.place.column)" } == place, "\(found)")
        #expect(found.first?.message.contains(message) == true, "\(found)")
        #expect(found.first?.kind == .syntax)
    }

    @Test func `aliases of aliases are counted, not followed for ever`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            let list = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(list)]\n"
        }
        #expect(readProblems(text).first?.message == "more than 100000 values")
        // As a key, which the parser would hash.
        #expect(readProblems(text + "? *a12\n: 1\n").first?.message == "more than 100000 values")
    }

    @Test func `depth and size are bounded`() {
        #expect(
            readProblems(String(repeating: "[", count: 66) + String(repeating: "]", count: 66)).first?.message.contains(
                "64 levels") == true)
        #expect(!readProblems(String(repeating: "[", count: 200_000)).isEmpty)
        #expect(!readProblems(String(repeating: "- ", count: 200_000)).isEmpty)
        #expect(!readProblems(String(repeating: "? ", count: 200_000)).isEmpty)
        #expect(!readProblems(String(repeating: "{a: ", count: 900)).isEmpty)
        #expect(readProblems(String(repeating: "#", count: 1024 * 1024 + 1)).first?.message.contains("larger") == true)
        #expect(
            readProblems("[" + String(repeating: "1,", count: 100_001) + "]").first?.message
                == "more than 100000 values")
    }

    @Test func `no cut and no changed octet of a file traps`() {
        let octets = Array("a: &x [1, \"t\\n\", {b: *x}]\nc: |\n  text\nd: !!str 'q'\n? e\n: -1.5e3\n".utf8)
        for end in 0...octets.count { _ = readProblems(String(decoding: octets[..<end], as: UTF8.self)) }
        for index in octets.indices {
            for octet in "*&!{}[]:?-,#'\"\\\n\t\u{0} ".utf8 {
                var changed = octets
                changed[index] = octet
                _ = readProblems(String(decoding: changed, as: UTF8.self))
            }
        }
    }
}
