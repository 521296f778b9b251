import Testing

@testable import RennbahnReport

/// Lines that are drawn again over those before.
struct LiveScreenTests {
    private func line(_ text: String) -> DrawnLine { DrawnLine(text: text, width: text.count) }

    @Test func `The first lines are written where the cursor is, the next over them`() {
        var screen = LiveScreen()
        #expect(screen.draw([line("one"), line("two")], columns: 80) == "one\u{1B}[K\ntwo\u{1B}[K\n")
        #expect(screen.draw([line("three")], columns: 80) == "\r\u{1B}[2Athree\u{1B}[K\n\u{1B}[J")
        #expect(screen.draw([line("four")], columns: 80) == "\r\u{1B}[1Afour\u{1B}[K\n\u{1B}[J")
    }

    @Test func `Lines that a narrower terminal has wrapped take more rows`() {
        var screen = LiveScreen()
        _ = screen.draw([line("123456789"), line(""), line("12345")], columns: 10)
        #expect(screen.draw([], columns: 5) == "\r\u{1B}[4A\u{1B}[J")
        var other = LiveScreen()
        _ = other.draw([line("123456789")], columns: 10)
        #expect(other.clear(columns: 4) == "\r\u{1B}[3A\u{1B}[J")
    }

    @Test func `What is cleared is gone, once`() {
        var screen = LiveScreen()
        #expect(screen.clear(columns: 80) == "")
        _ = screen.draw([line("one")], columns: 80)
        #expect(screen.clear(columns: 80) == "\r\u{1B}[1A\u{1B}[J")
        #expect(screen.clear(columns: 80) == "")
        #expect(screen.draw([line("one")], columns: 80) == "one\u{1B}[K\n")
    }
}
