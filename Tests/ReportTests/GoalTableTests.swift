import RennbahnMeasurement
import Testing

@testable import RennbahnReport

struct GoalTableTests {
    private let goals = [
        GoalOutcome(
            "pubsub 1000 × 1→1, 1 in flight, msgpack", .atMost, 1.1, "× C echo", figure: 1.31, lower: 1.31 / 1.004,
            upper: 1.31 * 1.004, saturated: .neither, note: "10.6 µs to 8.081 µs; C relay: 13.8 µs"),
        GoalOutcome(
            "pubsub 1000 × 1→1, 64 in flight, msgpack", .atLeast, 3_000_000, "events/core second", figure: 2_700_000,
            lower: 2_700_000 / 1.25, upper: 2_700_000 * 1.25, saturated: .generator),
        GoalOutcome(
            "set-up to WELCOME, TLS 1.3 resumed", .atLeast, 20_000, "sessions/core second", figure: 26_700),
        GoalOutcome("rpc 100→100, 1 in flight", .atMost, 1.1, "× two C echoes", figure: nil, note: "needs --c-floor"),
    ]

    private func lines(_ width: Int?) -> [String] {
        GoalTable(isStyled: false, width: width).rows(goals).split(separator: "\n").map(String.init)
    }

    @Test func `A row has the goal, the figure with half its interval, the verdict and what is known besides`() {
        let lines = lines(nil)
        #expect(lines.count == 6)
        #expect(
            lines[2].hasSuffix(
                "≤ 1.10    1.310 ±0.4%  × C echo              missed     neither    10.6 µs to 8.081 µs; C relay: 13.8 µs"
            ))
        #expect(lines[3].contains("≥ 3.00 M  2.70 M ±25%  events/core second    undecided  generator"))
        #expect(lines[4].contains("≥ 20.0 k  26.7 k       sessions/core second  reached    –"))
        #expect(lines[5].contains("≤ 1.10    –            × two C echoes        not shown  –"))
    }

    @Test(arguments: [100, 80])
    func `A table fits, and keeps goals, figures and verdicts`(width: Int) {
        let lines = lines(width)
        #expect(lines.count == 6)
        for line in lines { #expect(line.count <= width, "\(line)") }
        #expect(lines[3].hasPrefix("pubsub 1000 × 1→1, 64 in flight, msgpack  ≥ 3.00 M  2.70 M ±25%"))
        #expect(lines[3].hasSuffix("undecided"))
        #expect(lines.contains { $0.contains("events/core second") } == (width == 100))
        #expect(!lines.contains { $0.contains("C relay") })
    }

    @Test func `Why a goal is not shown, and what undecided means, stand below`() {
        let table = GoalTable(isStyled: false, width: nil)
        #expect(
            table.notes(goals) == """
                not shown  rpc 100→100, 1 in flight: needs --c-floor
                undecided  the limit lies within the interval of 95 %: more starts (--starts) may tell

                """)
        #expect(!table.rows(goals).contains("--c-floor"))
        #expect(table.notes([goals[0], goals[2]]).isEmpty)
    }

    @Test func `Verdicts have their colours, which change nothing else`() {
        let styled = GoalTable(isStyled: true, width: nil)
        #expect(styled.rows(goals).replacing(/\u{1B}\[[0-9]+m/, with: "") == lines(nil).joined(separator: "\n") + "\n")
        for text in ["\u{1B}[31mmissed", "\u{1B}[33mundecided", "\u{1B}[32mreached", "\u{1B}[33mnot shown"] {
            #expect(styled.rows(goals).contains(text))
        }
    }

    @Test func `A goal is one line of progress`() {
        #expect(
            GoalTable.line(goals[0]) == "pubsub 1000 × 1→1, 1 in flight, msgpack: 1.310 ±0.4% × C echo, missed")
        #expect(GoalTable.line(goals[3]) == "rpc 100→100, 1 in flight: – × two C echoes, not shown")
    }
}
