import Foundation
import RennbahnGate
import RennbahnMeasurement
import RennbahnTrial
import Testing

@testable import RennbahnReport

/// Terminal, Markdown, annotations and JSON.
struct GateTextTests {
    @Test func `The terminal's table draws intervals and ends with the verdict`() {
        let text = GateTable.render(GateSamples.fail, isTerminal: false)
        #expect(text.contains("router CPU per message"))
        #expect(text.contains("├") && text.contains("●") && text.contains("┤"))
        #expect(text.contains("FAIL"))
        #expect(text.hasSuffix("FAIL: work tree (2222222) against main (1111111)\n"))
        #expect(!text.contains("\u{1B}"))
        #expect(GateTable.render(GateSamples.fail, isTerminal: true).contains("\u{1B}[31mFAIL"))
    }

    @Test func `A slower candidate is drawn to the right of no change, also for throughput`() throws {
        let lines = GateTable.render(GateSamples.fail, isTerminal: false).split(separator: "\n")
        for metric in ["router CPU per message", "throughput"] {
            let line = try #require(lines.first { $0.contains(metric) })
            let (none, middle) = (try #require(line.firstIndex(of: "│")), try #require(line.firstIndex(of: "●")))
            #expect(none < middle, "\(line)")
        }
        #expect(lines.contains { $0.contains("throughput") && $0.contains("−9.") })
    }

    @Test func `No line of the terminal's table holds control characters of others`() {
        for report in GateSamples.all {
            let text = GateTable.render(report, isTerminal: false)
            #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
        }
    }

    @Test func `Exact counts that are as they should be are only counted`() {
        #expect(GateTable.render(GateSamples.pass, isTerminal: false).contains("exact counts: 2 of 2"))
        let changed = GateTable.render(GateSamples.changed, isTerminal: false)
        #expect(changed.contains("1 of 2") && changed.contains("+10 %") && changed.contains("worse"))
    }

    @Test func `Every row of a Markdown table has as many columns as its head`() {
        for report in GateSamples.all {
            var columns: Int?
            for line in GateMarkdown.render(report).split(separator: "\n", omittingEmptySubsequences: false) {
                guard line.hasPrefix("|") else {
                    columns = nil
                    continue
                }
                let bars = line.replacing("\\|", with: "").count { $0 == "|" }
                #expect(columns == nil || columns == bars, "\(line)")
                columns = bars
            }
        }
    }

    @Test func `Markdown names verdict, metric and interval, and holds no markup of others`() {
        let text = GateMarkdown.render(GateSamples.fail)
        #expect(text.hasPrefix("## ❌ FAIL: "))
        #expect(text.contains("router CPU per message"))
        #expect(text.contains("⬆ worse"))
        let hostile = GateMarkdown.render(GateSamples.hostile)
        #expect(!hostile.contains("<script>") && !hostile.contains("<b>"))
        #expect(!hostile.contains("@everyone"))
        #expect(GateMarkdown.escaped("|\u{301}<\u{338}") == "\\|\u{301}&lt;\u{338}")
        #expect(GateMarkdown.render(GateSamples.pass).hasPrefix("## ✅ PASS"))
        #expect(GateMarkdown.render(GateSamples.undecided).hasPrefix("## ⚠️ UNDECIDED"))
    }

    @Test func `A pass has no annotations, a failure an error, what is not decided a warning`() {
        #expect(GateAnnotations.render(GateSamples.pass) == "")
        #expect(GateAnnotations.render(GateSamples.fail).hasPrefix("::error title=Rennbahn gate%3A FAIL::FAIL: work"))
        #expect(GateAnnotations.render(GateSamples.fail).contains("\n::warning title=Rennbahn gate%3A response p99::"))
        #expect(GateAnnotations.render(GateSamples.undecided).hasPrefix("::warning "))
        #expect(GateAnnotations.render(GateSamples.lost).hasPrefix("::error "))
        #expect(GateAnnotations.render(GateSamples.changed).hasPrefix("::error "))
    }

    @Test func `Warnings stand in every report that a person reads, and leave the verdict alone`() {
        let (report, text) = (GateSamples.warned, "pubsub, a: one in 5 responses took 40 ms")
        #expect(report.verdict == .pass && report.exitStatus == .good)
        #expect(GateTable.render(report, isTerminal: false).contains("\nWARNING  \(text)\nWARNING  pubsub, <b>: "))
        #expect(GateMarkdown.render(report).contains("\n- ⚠️ \(text)\n"))
        #expect(GatePage.render(report).contains("<li>Warning: \(text)</li>"))
        #expect(GateAnnotations.render(report).hasPrefix("::warning title=Rennbahn gate::\(text)\n"))
        #expect(GateSamples.pass.warnings == nil)
    }

    @Test func `Annotations are escaped as GitHub reads them`() {
        #expect(
            GateAnnotations.command("error", title: "a:b,c", "1 %\r\n2: x,y")
                == "::error title=a%3Ab%2Cc::1 %25%0D%0A2: x,y")
        // Every line is one command of ours: none was begun by a name.
        for report in GateSamples.all {
            for line in GateAnnotations.render(report).split(separator: "\n") {
                #expect(
                    line.hasPrefix("::error title=Rennbahn gate") || line.hasPrefix("::warning title=Rennbahn gate"))
            }
        }
    }

    @Test func `JSON keeps everything`() throws {
        for report in GateSamples.all {
            let data = try GateFile.encode(report)
            #expect(try GateFile.report(from: data, path: "gate.json") == report)
        }
        let text = String(decoding: try GateFile.encode(GateSamples.fail), as: UTF8.self)
        #expect(text.contains("\"schema\" : \"rennbahn-gate/1\""))
        #expect(text.contains("\"router-cpu-per-message\" : ") && !text.contains("interrupted"))
    }

    @Test func `A report of a run that was interrupted says so`() throws {
        let whole = GateSamples.fail
        let report = GateReport(
            environment: whole.environment, base: "a", candidate: "b", paired: whole.paired, isInterrupted: true)
        #expect(try GateFile.report(from: try GateFile.encode(report), path: "gate.json") == report)
        #expect(report.reasons.first?.hasPrefix("it was interrupted") == true && whole.interrupted == nil)
        #expect(GateTable.render(report, isTerminal: false).contains("it was interrupted"))
    }

    /// Ends out of order, none that can be told apart, and numbers that no integer holds.
    @Test func `Whatever figures a file has, its report can be told`() throws {
        let figures: [Double] = [0, -1, 1, 1e17, -1e300, 1e-300, .greatestFiniteMagnitude]
        let keys = ["ratio", "lower", "upper", "base", "candidate", "tolerance", "detectable"]
        let whole = String(decoding: try GateFile.encode(GateSamples.fail), as: UTF8.self)
        for shift in figures.indices {
            var number = shift
            let lines = whole.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
                let parts = line.split(separator: " : ", maxSplits: 1)
                guard parts.count == 2, keys.contains(where: { parts[0].hasSuffix("\"\($0)\"") }),
                    parts[1].first?.isNumber == true
                else { return String(line) }
                // Steps of three: neighbours get every pair of figures.
                number += 3
                let figure = figures[number % figures.count]
                return "\(parts[0]) : \(figure)\(parts[1].hasSuffix(",") ? "," : "")"
            }
            #expect(number > shift + 20)
            let data = Data(lines.joined(separator: "\n").utf8)
            let report = try GateFile.report(from: data, path: "gate.json")
            #expect(GateTable.render(report, isTerminal: false).contains("router CPU"))
            #expect(GatePage.render(report).contains("</svg>"))
            #expect(!GateMarkdown.render(report).isEmpty && !GateAnnotations.render(report).isEmpty)
        }
    }

    @Test func `JSON of another schema is refused by its name`() {
        let other = Data(#"{"schema": "rennbahn-gate/2"}"#.utf8)
        #expect(throws: ResultsFile.Failure.self) { try GateFile.report(from: other, path: "x.json") }
        #expect(throws: ResultsFile.Failure.self) { try GateFile.report(from: Data("[]".utf8), path: "x.json") }
        let cut = Data(#"{"schema": "rennbahn-gate/1"}"#.utf8)
        #expect(throws: ResultsFile.Failure.self) { try GateFile.report(from: cut, path: "x.json") }
    }

    @Test func `Exact counts are kept as JSON, too`() throws {
        let record = ExactRecord(
            platform: ["toolchain": "swift 6.3.1"], date: "2026-11-23", reason: "first",
            cells: ["a": [.instructions: 1, .wireBytes: 61]])
        let data = try GateFile.encode(record)
        #expect(try GateFile.exactRecord(from: data, path: "tier0.json") == record)
        #expect(String(decoding: data, as: UTF8.self).contains("\"wire-bytes\" : 61"))
        #expect(throws: ResultsFile.Failure.self) { try GateFile.report(from: data, path: "tier0.json") }
    }
}
