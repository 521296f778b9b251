import RennbahnMeasurement
import Testing

@testable import RennbahnReport

@Suite("Benchmark tables")
struct BenchTableTests {
    @Test("a whole run, as a log shows it")
    func snapshot() {
        #expect(
            BenchTable.render(Samples.document, isTerminal: false) == """
                Example CPU 3000 · 2 cores · Debian 12 · Linux 6.1.0
                Swift 6.3.1 · commit 1a2b3c4 · seed 42 · 2026-03-01T12:00:00Z

                scenario       format        messages         router CPU  floor     CPU busy     p50     p99   p99.9      max   wire    memory  verified  saturated
                                                   /s  µs/msg (user+sys)  ratio  router/gen.                                   B/msg    /conn.
                ─────────────  ────────────  ────────  ─────────────────  ─────  ───────────  ──────  ──────  ──────  ───────  ─────  ────────  ────────  ─────────
                pubsub 32 B    json             250 k   3.60 (0.90+2.70)  1.40×  90 % / 60 %  500 µs  990 µs  999 µs  1.00 ms   80.0  10.2 KiB  ok        neither
                               msgpack          250 k   3.00 (0.75+2.25)  1.40×  75 % / 60 %  500 µs  990 µs  999 µs  1.00 ms   70.0  10.2 KiB  ok        neither
                               json+deflate     250 k   3.92 (0.98+2.94)  1.40×  98 % / 60 %  500 µs  990 µs  999 µs  1.00 ms   50.0  10.2 KiB  ok        router
                ─────────────  ────────────  ────────  ─────────────────  ─────  ───────────  ──────  ──────  ──────  ───────  ─────  ────────  ────────  ─────────
                pubsub 1024 B  json             250 k   3.60 (0.90+2.70)  1.40×  90 % / 60 %  500 µs  990 µs  999 µs  1.00 ms   80.0  10.2 KiB  ok        neither

                Cost of the serializers, as a ratio to JSON without compression (less is better, but for rate)

                scenario       serializer  compression         router CPU  client CPU   wire   rate
                                                                     /msg        /msg  B/msg
                ─────────────  ──────────  ──────────────────  ──────────  ──────────  ─────  ─────
                pubsub 32 B    json        none                     1.00×       1.00×  1.00×  1.00×
                               msgpack     none                     0.83×       1.00×  0.88×  1.00×
                               json        permessage-deflate       1.09×       1.00×  0.62×  1.00×
                ─────────────  ──────────  ──────────────────  ──────────  ──────────  ─────  ─────
                pubsub 1024 B  json        none                     1.00×       1.00×  1.00×  1.00×

                """)
    }

    @Test("a failed and invalid cell says so in the table and below it")
    func failed() {
        let text = BenchTable.render(
            ResultsDocument(environment: Samples.environment, cells: [Samples.failedCell]), isTerminal: false)
        #expect(
            text == """
                Example CPU 3000 · 2 cores · Debian 12 · Linux 6.1.0
                Swift 6.3.1 · commit 1a2b3c4 · seed 42 · 2026-03-01T12:00:00Z

                scenario     format   messages         router CPU  floor     CPU busy     p50     p99   p99.9      max   wire    memory  verified  saturated
                                            /s  µs/msg (user+sys)  ratio  router/gen.                                   B/msg    /conn.
                ───────────  ───────  ────────  ─────────────────  ─────  ───────────  ──────  ──────  ──────  ───────  ─────  ────────  ────────  ─────────
                pubsub 32 B  msgpack   ≥ 250 k   3.60 (0.90+2.70)  1.40×  90 % / 97 %  500 µs  990 µs  999 µs  1.00 ms   80.0  10.2 KiB  3 lost    generator

                FAILED   pubsub 32 B msgpack: 3 lost
                INVALID  pubsub 32 B msgpack: 1999 connections were open of 2000 requested
                ≥  the generator was saturated and the router was not: a lower bound on the router

                """)
    }

    @Test("figures of a foreign router are absent, not zero")
    func foreign() {
        var cell = Samples.cell("json")
        cell.measurements.router = nil
        cell.measurements.saturated = nil
        cell.measurements.floorRatio = nil
        let row = BenchTable.cells([cell], isTerminal: false).split(separator: "\n").last
        #expect(
            row == """
                pubsub 32 B  json       250 k                  –      –     – / 60 %  500 µs  990 µs  999 µs  1.00 ms   80.0       –  ok        –
                """)
    }

    @Test("styles are the only difference that a terminal makes")
    func styles() {
        let document = ResultsDocument(environment: Samples.environment, cells: Samples.cells + [Samples.failedCell])
        let styled = BenchTable.render(document, isTerminal: true)
        #expect(styled.contains("\u{1B}[31m3 lost\u{1B}[0m"))
        #expect(styled.replacing(/\u{1B}\[[0-9]+m/, with: "") == BenchTable.render(document, isTerminal: false))
    }

    @Test("a debug build and a dirty tree are named above the figures")
    func environment() {
        var environment = Samples.environment
        environment.buildConfiguration = "debug"
        environment.dirty = true
        environment.cores = 1
        let text = BenchTable.environment(environment)
        #expect(text.contains("debug build") && text.contains("1a2b3c4-dirty") && text.contains(" 1 core "))
    }
}
