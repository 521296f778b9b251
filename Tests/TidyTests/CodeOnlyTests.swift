import Testing

struct CodeOnlyTests {
    @Test(arguments: [
        ("let a = 1", "let a = 1"),
        ("a // b\nc", "a     \nc"),
        ("a /* b /* c */ d */ e", "a                   e"),
        ("/* a\nb */c", "    \n    c"),
        (#"f("print(x)")"#, #"f("        ")"#),
        (#"f("\"a")b"#, #"f("   ")b"#),
        (#""a\(b("c", (d)))e""#, #"" (b(" ", (d))) ""#.replacing("\" (", with: "\"  (")),
        (##"#"a"b\(c)"#d"##, ##"#"       "#d"##),
        ("\"\"\"\na \"b\" c\n\"\"\"d", "\"\"\"\n       \n\"\"\"d"),
        (#""//"a"#, #""  "a"#),
    ])
    func `Comments and the text of literals are blanked, code stays where it is`(source: String, code: String) {
        #expect(codeOnly(source) == code)
    }

    @Test func `Places name the file and the line`() {
        let file = SourceFile(path: "Sources/A/B.swift", text: "// try!\nlet a = \"try!\"\nlet b = try! c()\n")
        #expect(file.places(matching: /try!/) == ["Sources/A/B.swift:3"])
        #expect(file.target == "A")
        #expect(file.lineCount == 3)
    }
}
