import RennbahnConfiguration
import Testing

@Suite struct QuotedTextTests {
    @Test(arguments: [
        ("", "\"\""), ("plain text, ä €", #""plain text, ä €""#), (#"say "hi""#, #""say \"hi\"""#),
        (#"C:\x"#, #""C:\\x""#),
        ("a\nb\rc\td", #""a\nb\rc\td""#), ("a\r\nb", #""a\r\nb""#), ("\u{1b}[2J", #""\u{1b}[2J""#),
        ("\u{0}\u{7f}\u{9b}", #""\u{0}\u{7f}\u{9b}""#), ("\u{2028}\u{2029}\u{85}", #""\u{2028}\u{2029}\u{85}""#),
        ("\u{202e}x\u{feff}", #""\u{202e}x\u{feff}""#),
    ])
    func `a message quotes a text on one line, in which nothing is hidden`(text: String, quoted: String) {
        #expect(text.quoted == quoted)
        #expect(Tree(.text(text), at: Place(line: 1, column: 1)).quoted == quoted)
        #expect(!text.quoted.contains { $0.isNewline })
    }

    @Test func `a long text is cut`() {
        let text = String(repeating: "ä", count: 60)
        #expect(text.quoted == "\"\(text)\"")
        #expect((text + "b").quoted == "\"\(text)…\"")
    }

    @Test func `every message that quotes what a file holds quotes it so`() throws {
        func messages(_ text: String) -> [String] {
            do throws(Problems) {
                return Checker.check(try TreeReader.read(text)).map { "\($0.path): \($0.message)" }
            } catch {
                return error.all.map(\.message)
            }
        }
        for text in [
            #"{"version": "\u001b[2J"}"#, #"{"version": 2, "\u001b[2J": 1}"#, #"{"\u001b[2J": 1, "\u001b[2J": 1}"#,
            #"{"version": 2, "workers": [{"type": "\u001b[2J"}]}"#,
        ] {
            let found = messages(text)
            #expect(!found.isEmpty && found.allSatisfy { !$0.contains("\u{1b}") }, "\(found)")
            #expect(found.contains { $0.contains(#"\u{1b}[2J"#) }, "\(found)")
        }
    }
}
