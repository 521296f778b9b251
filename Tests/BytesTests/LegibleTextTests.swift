import RennbahnBytes
import Testing

/// Text of strangers in a line for people.
struct LegibleTextTests {
    @Test(arguments: [
        ("", ""), ("joe", "joe"), ("Jörg 🚲", "Jörg 🚲"), ("a\nb", #"a\u{a}b"#), ("\u{1B}[2J", #"\u{1b}[2J"#),
        ("\0", #"\u{0}"#),
        ("\u{85}", #"\u{85}"#), ("\u{2028}", #"\u{2028}"#), ("\u{202E}x", #"\u{202e}x"#), (#"" x="1"#, #"\" x=\"1"#),
        (#"\"#, #"\\"#),
    ])
    func `It stays one quotation in one line`(text: String, expected: String) {
        #expect(text.legible(upTo: 100) == expected)
    }

    @Test func `What is too long is cut, and says so`() {
        #expect("abcdef".legible(upTo: 6) == "abcdef")
        #expect("abcdefg".legible(upTo: 6) == "abcdef…")
        #expect(String(repeating: "\n", count: 1_000_000).legible(upTo: 64).utf8.count < 64 * 8)
    }
}
