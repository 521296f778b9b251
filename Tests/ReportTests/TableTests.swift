import Testing

@testable import RennbahnReport

@Suite("Tables and numbers")
struct TableTests {
    @Test("columns are as wide as their widest cell, and lines end without spaces")
    func alignment() {
        var table = TerminalTable(columns: [
            .init("name", alignment: .left), .init("rate", "/s"), .init("note", alignment: .left),
        ])
        table.addRow(["a", "1.5", "first"])
        table.addSeparator()
        table.addRow(["longer", "12"])
        #expect(
            table.render(isTerminal: false) == """
                name    rate  note
                          /s
                ──────  ────  ─────
                a        1.5  first
                ──────  ────  ─────
                longer    12

                """)
    }

    @Test("wide characters take two columns, marks none")
    func unicode() {
        #expect("µs".displayWidth == 2)
        #expect("競馬場".displayWidth == 6)
        #expect("🏁".displayWidth == 2)
        #expect("e\u{301}".displayWidth == 1)
        var table = TerminalTable(columns: [.init("x", alignment: .left), .init("y")])
        table.addRow(["競馬場", "1"])
        table.addRow(["abc", "2"])
        #expect(table.render(isTerminal: false).hasSuffix("競馬場  1\nabc     2\n"))
    }

    @Test("colours are for terminals, and do not count as width")
    func colours() {
        var table = TerminalTable(columns: [.init("a"), .init("b")])
        table.addRow([.init("1", style: .red), "22"])
        #expect(!table.render(isTerminal: false).contains("\u{1B}"))
        #expect(table.render(isTerminal: true).contains("\u{1B}[31m1\u{1B}[0m  22\n"))
    }

    @Test("control characters of foreign text do not reach the terminal")
    func controls() {
        var table = TerminalTable(columns: [.init("a")])
        table.addRow([.init("x\u{1B}[2Jy\nz")])
        #expect(table.render(isTerminal: true).contains("x�[2Jy�z"))
    }

    @Test("text is cut by columns, with an ellipsis")
    func truncation() {
        #expect("abcdef".truncated(toColumns: 6) == "abcdef")
        #expect("abcdef".truncated(toColumns: 4) == "abc…")
        #expect("競馬場".truncated(toColumns: 4) == "競…")
        #expect("abc".truncated(toColumns: 0) == "")
    }

    @Test("numbers keep three digits and take the unit that fits")
    func numbers() {
        #expect([0, 1, 950, 999.4].map(HumanNumber.count) == ["0", "1", "950", "999"])
        #expect([999.6, 1000, 1234, 12_345].map(HumanNumber.count) == ["1.00 k", "1.00 k", "1.23 k", "12.3 k"])
        #expect([999_600, 1_230_000, 4e9, 5e15].map(HumanNumber.count) == ["1.00 M", "1.23 M", "4.00 G", "5000 T"])
        #expect(HumanNumber.count(2.5) == "2.50")
        // Rounded before it is decided how many digits are behind the point: never four significant ones.
        #expect([9.994, 9.996, 99.94, 99.97].map(HumanNumber.plain) == ["9.99", "10.0", "99.9", "100"])
        #expect(HumanNumber.rate(1_230_000) == "1.23 M/s" && HumanNumber.rate(12) == "12 /s")
        #expect([512, 1024, 1229, 5_000_000].map(HumanNumber.bytes) == ["512 B", "1.00 KiB", "1.20 KiB", "4.77 MiB"])
        #expect(HumanNumber.bytes(-2048) == "-2.00 KiB")
        let times = [640, 4800, 12_000_000, 999_600_000, 1.5e9, 61e9].map { HumanNumber.duration(nanoseconds: $0) }
        #expect(times == ["640 ns", "4.80 µs", "12.0 ms", "1.00 s", "1.50 s", "61.0 s"])
        #expect([0.874, 1].map(HumanNumber.percent) == ["87 %", "100 %"])
        #expect([0.824, 1, 12.34].map(HumanNumber.ratio) == ["0.82×", "1.00×", "12.3×"])
    }

    @Test("what is not a number shows as absent")
    func notNumbers() {
        #expect(HumanNumber.count(.nan) == "–" && HumanNumber.ratio(.infinity) == "–")
        #expect(HumanNumber.duration(nanoseconds: .infinity) == "–" && HumanNumber.percent(.nan) == "–")
        #expect(HumanNumber.rate(.nan) == "–" && HumanNumber.bytes(.infinity) == "–")
    }

    @Test("a terminal shows one line that is rewritten")
    func terminalProgress() {
        var written: [String] = []
        var progress = Progress(isTerminal: true, columns: 10) { written.append($0) }
        progress.update("connecting 12/2000")
        progress.update("ok")
        progress.milestone("done")
        progress.clear()
        #expect(
            written == ["\rconnecti…\u{1B}[K", "\rok\u{1B}[K", "\r\u{1B}[K", "done\n"])
    }

    @Test("a log holds milestones alone")
    func plainProgress() {
        var written: [String] = []
        var progress = Progress(isTerminal: false) { written.append($0) }
        progress.milestone("pubsub 32 B json")
        for share in 0..<50 { progress.update("\(share) %") }
        progress.clear()
        progress.milestone("done")
        #expect(written == ["pubsub 32 B json\n", "done\n"])
    }
}
