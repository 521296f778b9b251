import RennbahnMeasurement
import Testing

@testable import RennbahnReport

struct MarkdownExportTests {
    private func text(_ source: ExportSource) throws -> String { try ExportFormat.markdown.text(of: source) }

    private let environment = """
        <sub>Example CPU 3000 · 2 cores · Debian 12 · Linux 6.1.0<br>\
        Swift 6.3.1 · commit 1a2b3c4 · seed 42 · 2026-03-01T12:00:00Z</sub>

        """

    @Test func `A run is a verdict and a table of its figures`() throws {
        #expect(
            try text(.run(ExportSamples.run)) == """
                ## ✅ valid: pubsub 20 × 1→99 32 B, 4 in flight, json

                | figure | value |
                | --- | --- |
                | messages | 250 k/s (500000 in 2.00 s) |
                | response | p50 500 µs, p90 900 µs, p99 990 µs, p99.9 999 µs, max 1.00 ms |
                | last subscriber | p50 500 µs, p90 900 µs, p99 990 µs, p99.9 999 µs, max 1.00 ms |
                | wire | 80.0 B per message |
                | router | 90 % of 1 core, 3.60 µs per message, 30.0 MiB resident |
                | generator | 60 % of 1 core, 2.40 µs per message, 50.0 MiB resident |
                | saturated | neither |
                | verification | ok (0 received of 0) |

                \(environment)
                """)
    }

    @Test func `What was required, what was wrong and what is to be known stand below the figures`() throws {
        let text = try text(.run(ExportSamples.failedRun))
        #expect(text.hasPrefix("## ❌ verification-failed: pubsub"))
        #expect(text.contains("\n- ⚠️ the run did not come to its end: interrupted\n"))
        #expect(text.contains("\n| messages&gt;0 | ✅ holds | 500000 |\n"))
        #expect(text.contains("\n| loss==0 | ❌ does not hold | 3 |\n"))
        #expect(text.contains("\n| p99(lag)&lt;1ms | ⚠️ cannot be told | the run has no figure lag |\n"))
        #expect(text.contains("\n- ❌ 1999 connections were open of 2000 requested\n"))
        #expect(text.contains("\n- ❌ an EVENT \\| of publisher 1 was lost\n"))
        #expect(text.contains("\n- ⚠️ one in 5 took 40 ms\n"))
    }

    @Test func `Several runs are a row each`() throws {
        let text = try text(.run(Samples.document))
        #expect(text.hasPrefix("## 4 runs\n\n| run | verdict | messages/s | router µs/message | "))
        #expect(text.contains("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"))
        #expect(
            text.contains(
                "| pubsub 20 × 1→99 32 B, 4 in flight, msgpack | ✅ valid | 250 k/s | 3.00 | 2.40 | 70.0 | 500 µs | 990 µs |\n"
            ))
    }

    @Test func `Trials are a table a group, with intervals, and goals have their verdicts`() throws {
        let text = try text(.trials(ExportSamples.trials()))
        #expect(text.hasPrefix("## rennbahn goals\n\n### pubsub 32 B, 1 in flight, 20 clients\n\n| format | limit | "))
        #expect(text.contains("\n| json | router | 200 k ±"))
        #expect(text.contains("\n| msgpack | – | – | 3.00 ±"))
        #expect(text.contains(" less | – | – | – | – |\n"))
        #expect(text.contains("\n- ⚠️ floor: no turn came to anything, \"at all\"\n"))
        #expect(text.contains("\n- connections are silent \\| for 276 ms\n"))
        #expect(text.contains(" | missed |  |\n") && text.contains(" | reached |  |\n"))
        #expect(text.contains(" | not-shown | nobody msgpack was there |\n"))
    }

    @Test func `No name is markup, ends a cell or mentions somebody`() throws {
        for source in [
            ExportSource.run(ExportSamples.hostileRun), .trials(ExportSamples.trials(ExportSamples.hostileName)),
        ] {
            let text = try text(source)
            #expect(!text.contains("<b>") && !text.contains("@you") && !text.contains("\u{7}"))
            #expect(text.contains("&lt;b&gt;\\|"))
        }
        var table = MarkdownTable(["a", "b"], numbersFrom: 1)
        table.addRow(["x|y\r\nz", "*1*"])
        #expect(table.text == "| a | b |\n| --- | ---: |\n| x\\|y<br>z | \\*1\\* |\n")
    }
}
