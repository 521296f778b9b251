import RennbahnMeasurement
import Testing

@testable import RennbahnReport

/// A run that goes on, as lines for a terminal.
struct LiveViewTests {
    private func interval(_ at: Double, messages: UInt64, milliseconds: UInt64) -> RunInterval {
        var interval = RunInterval(at: at, seconds: 1, phase: "measuring", connections: 98, messages: messages)
        var recorder = LatencyRecorder()
        recorder.record(nanoseconds: milliseconds * 1_000_000)
        (interval.response, interval.latency) = (recorder.summary(), LatencyFigure(recorder))
        (interval.generatorSeconds, interval.routerSeconds, interval.outstanding) = (0.5, 0.93, 12)
        var sample = ResourceSample(at: at, seconds: 1)
        var side = SideResources()
        (side.residentBytes, side.runQueueSeconds) = (64 << 20, 0.25)
        (sample.generator, sample.router) = (side, side)
        interval.resources = [sample]
        return interval
    }

    private func state() -> LiveState {
        var state = LiveState()
        state.title = "pubsub · json · 48 B · 100 clients · ws://127.0.0.1:8080/"
        state.phases = [
            .init("connect"), .init("settle"), .init("warm-up", seconds: 1), .init("measure", seconds: 5),
            .init("drain"), .init("close"),
        ]
        (state.phase, state.secondsLeft, state.elapsedSeconds) = (3, 2.2, 63.9)
        (state.requested, state.ready, state.lost) = (100, 98, 2)
        state.failures = ["the peer closed": 2, "CALL was refused: \u{1B}[31mx": 5, "a": 1, "b": 1, "c": 1]
        (state.rate, state.rateFactor) = (1000, 1.1)
        state.keys = ["[p] pause", "[+] [-] rate", "[e] end the phase", "[q] quit"]
        for second in 1...70 {
            state.note(interval(Double(second), messages: UInt64(second) * 100, milliseconds: UInt64(second)))
        }
        return state
    }

    private func text(_ state: LiveState, _ columns: Int, _ rows: Int = 50, isStyled: Bool = false) -> [String] {
        LiveView(columns: columns, rows: rows, isStyled: isStyled).lines(state).map(\.text)
    }

    @Test func `On 80 columns it tells all there is, errors before latencies`() {
        var lines = text(state(), 80)
        for (place, label, legend) in [(12, "p99        ", "  up to 70.0 ms"), (8, "           ", "  up to 7.00 k/s")] {
            let line = lines.remove(at: place)
            #expect(line.hasPrefix(label) && line.hasSuffix("█" + legend) && line.count == 79)
        }
        #expect(
            lines == [
                "pubsub · json · 48 B · 100 clients · ws://127.0.0.1:8080/  1:03",
                "connect ✓  settle ✓  warm-up ✓  ▸ measure  3 s left  drain  close",
                "errors     5 × CALL was refused: �[31mx",
                "           2 × the peer closed",
                "           1 × a",
                "           and 2 other kinds",
                "clients    98 of 100 ready  2 lost  12 in flight",
                "messages   7.00 k/s now  3.55 k/s in the window  1.10 k/s offered  1.10×",
                "response          p50       p90       p99     p99.9       max",
                "  now         70.0 ms   70.0 ms   70.0 ms   70.0 ms   70.0 ms",
                "  window      70.0 ms   70.0 ms   70.0 ms   70.0 ms   70.0 ms",
                "generator  0.50 cores  64.0 MiB  25 % waiting for a processor",
                "router     0.93 cores  64.0 MiB  25 % waiting for a processor",
                "[p] pause  [+] [-] rate  [e] end the phase  [q] quit",
            ])
    }

    @Test(arguments: [1, 10, 20, 40, 60, 80, 120, 300])
    func `No line is as wide as the terminal, so that none wraps`(columns: Int) {
        var long = state()
        long.title = String(repeating: "漢", count: 300)
        long.failures["漢" + String(repeating: "字", count: 300)] = 9
        for state in [state(), long, LiveState()] {
            for line in LiveView(columns: columns, rows: 50, isStyled: false).lines(state) {
                #expect(line.width < max(2, columns) && line.text.displayWidth == line.width)
            }
        }
    }

    @Test(arguments: 1...30) func `There are fewer lines than rows, and the phases are the last that goes`(rows: Int) {
        let lines = text(state(), 80, rows)
        #expect(lines.count == min(16, max(1, rows - 1)))
        #expect(lines.contains { $0.contains("▸ measure") })
        if rows > 3 { #expect(lines.contains { $0.hasPrefix("errors") }) }
    }

    @Test func `On 40 columns it tells the percentiles that matter most, and what is now`() {
        let lines = text(state(), 40)
        #expect(lines.contains("response          p50       p99"))
        #expect(lines.contains { $0.hasPrefix("▸ measure  3 s left") })
    }

    @Test func `Styles change nothing but the look, and are there only where they are wanted`() {
        #expect(!text(state(), 80).contains { $0.contains("\u{1B}") })
        let styled = LiveView(columns: 80, rows: 50, isStyled: true).lines(state())
        let plain = LiveView(columns: 80, rows: 50, isStyled: false).lines(state())
        #expect(styled.map(\.width) == plain.map(\.width))
        #expect(styled.contains { $0.text.contains("\u{1B}[31m5 × CALL") })
    }

    @Test func `Before anything has happened there are no figures, and a pause is told`() {
        var state = LiveState()
        state.phases = [.init("connect")]
        state.isPaused = true
        let lines = text(state, 80)
        #expect(lines.contains("PAUSED  connect") && lines.contains("messages   – now  – in the window"))
        #expect(!lines.contains { $0.hasPrefix("generator") || $0.hasPrefix("errors") || $0.hasPrefix("p99") })
    }

    @Test func `In a pause nothing is offered`() {
        var state = state()
        state.isPaused = true
        #expect(text(state, 120).contains { $0.contains("0 /s offered") })
    }

    @Test func `Lengths of time are read at a glance`() {
        #expect([0.9, 59.9, 60, 125, 3725].map(LiveView.seconds) == ["0 s", "59 s", "1:00", "2:05", "1:02:05"])
        #expect(LiveView.seconds(.nan) == "–" && LiveView.seconds(-1) == "–")
    }

    @Test func `A sparkline has a bar for each of the last values, and a gap where there was none`() {
        #expect(Sparkline.text([0, 1, 4, 8], columns: 10) == "▁▂▅█")
        #expect(Sparkline.text([9, nil, 8], columns: 2) == " █")
        #expect(Sparkline.text([0, 0], columns: 5) == "▁▁")
        #expect(Sparkline.text([1, .infinity], columns: 5) == "█ ")
        #expect(Sparkline.text([1], columns: -1).isEmpty)
        #expect(Sparkline.largest([0, .nan]) == nil)
    }
}
