import Foundation
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnTestKit
import Testing

@testable import RennbahnCommands
@testable import RennbahnReport

/// What runs leave, however they end: with processes.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct LoadResultsTests {
    private func schema() throws -> JSONSchema {
        try JSONSchema("results.schema.json", in: repository.appending(path: "docs"))
    }

    private struct Line: Decodable {
        let row: RunInterval
    }

    @Test func `A run that comes to its end leaves its results, whole, and what was required of it`() throws {
        let load = try LoadProcess(
            "--duration 2.5 --warmup 0.1 --allow-invalid --json --scenario rpc --require 'rate( calls )>1' "
                + "--require 'p99(rpc.response)<1ns' --require loss==0")
        #expect(try load.end() == .exited(code: CommandStatus.thresholdMissed.rawValue))
        #expect(load.names == ["run.json"])
        let document = try load.results()
        #expect(document.complete == true && document.incompleteReason == nil && document.cells.count == 1)
        #expect(document.environment.version == Version.text && document.environment.commit == Version.commit)
        let conditions = try #require(document.cells[0].conditions)
        #expect(conditions.map(\.condition) == ["rate(calls)>1", "p99(rpc.response)<1ns", "loss==0"])
        #expect(conditions.map(\.verdict) == [.holds, .broken, .holds])
        let intervals = try #require(document.intervals)
        let last = try #require(intervals.last { $0.latency != nil })
        #expect(last.messages > 0 && last.routerSeconds != nil && last.generatorSeconds != nil)
        #expect(intervals.reduce(0) { $0 + $1.messages } >= document.cells[0].measurements.messages)
        let file = try Data(contentsOf: load.folder.appending(path: "run.json"))
        #expect(try schema().problems(in: file) == [])
        // Standard output holds the JSON of the cell, and standard error the path.
        let text = load.output.joined(separator: "\n")
        let json = try #require(
            text.firstIndex(of: "{").map { text[$0...] }?.components(separatedBy: "\nresults: ").first)
        #expect(try schema().problems(in: Data(json.utf8)) == [])
        #expect(text.contains("results: \(load.folder.appending(path: "run.json").path)"))
    }

    @Test func `The series has all of the run: its response times by interval, and what both sides used`() throws {
        let load = try LoadProcess("--duration 1.5 --warmup 0.1 --allow-invalid --scenario rpc")
        #expect(try load.end() == .exited(code: CommandStatus.good.rawValue), "\(load.output)")
        let document = try load.results()
        let intervals = try #require(document.intervals)
        let response = document.cells[0].measurements.latency.response.summary
        #expect(document.cells[0].measurements.latency.unanswered == nil)
        #expect(intervals.reduce(0) { $0 + ($1.latency?.summary.count ?? 0) } == response.count)
        #expect(intervals.allSatisfy { $0.errors == 0 })
        // Each of two callers has one call on its way whenever it is asked.
        #expect(
            intervals.contains { $0.phase == "measuring" && $0.outstanding == 2 }, "\(intervals.map(\.outstanding))")
        let samples = intervals.flatMap { $0.resources ?? [] }
        #expect(samples.contains { $0.router?.cpuSeconds ?? 0 > 0 && $0.generator?.cpuSeconds ?? 0 > 0 })
        #expect(samples.allSatisfy { $0.generator?.residentBytes ?? 0 > 0 && $0.stealShare != nil })
        // One follows on the other, from the start of the run to its end.
        for (sample, next) in zip(samples, samples.dropFirst()) {
            #expect(abs(next.at - next.seconds - sample.at) < 1e-6)
        }
        let (last, end) = (try #require(samples.last), try #require(intervals.last))
        #expect(abs(last.at - end.at) < 1e-6)
    }

    @Test func `Outputs for other tools are those of the results that are written beside them`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let formats = ["hlog", "csv", "markdown", "junit", "openmetrics"]
        let options = formats.map { "--\($0) \(folder.appending(path: $0).path)" }.joined(separator: " ")
        let load = try LoadProcess("--duration 0.5 --warmup 0.1 --allow-invalid --require loss==0 \(options)")
        #expect(try load.end() == .exited(code: CommandStatus.good.rawValue), "\(load.output)")
        let source = ExportSource.run(try load.results())
        for format in ExportFormat.allCases where format != .resources {
            let text = try String(contentsOf: folder.appending(path: format.rawValue), encoding: .utf8)
            #expect(try format.text(of: source) == text)
            let line = "\(format.rawValue): \(folder.appending(path: format.rawValue).path)"
            #expect(load.output.contains(line))
        }
    }

    @Test func `An output that cannot be written is told, and the status is not 0`() throws {
        let load = try LoadProcess("--duration 0.3 --warmup 0.1 --allow-invalid --csv /sys/kernel/a.csv")
        #expect(try load.end() == .exited(code: CommandStatus.internalError.rawValue))
        #expect(load.output.contains { $0.hasPrefix("rennbahn: /sys/kernel/a.csv: cannot write the results: ") })
        #expect(load.names == ["run.json"])
    }

    @Test func `A condition of what was not measured makes the run invalid`() throws {
        let load = try LoadProcess("--duration 0.3 --warmup 0.1 --allow-invalid --require 'p99(rpc.response)<1s'")
        #expect(try load.end() == .exited(code: CommandStatus.invalid.rawValue))
        #expect(
            load.output.contains {
                $0.hasSuffix("p99(rpc.response)<1s cannot be told: the run has no figure rpc.response")
            })
    }

    @Test func `kill -9 leaves a journal that says what was run, and the rows until then`() throws {
        let load = try LoadProcess("--duration 60 --warmup 0.1")
        try load.awaitRow()
        load.send(Signals.kill)
        #expect(try load.end() == .signalled(Signals.kill))
        #expect(load.names == ["run.jsonl.partial"])
        let journal = try load.journal()
        #expect(journal.reason == nil && journal.damagedLines == 0 && !journal.rows.isEmpty)
        let interval = try JSONDecoder().decode(Line.self, from: try #require(journal.rows.last)).row
        #expect(interval.messages > 0 && interval.phase == "measuring" && interval.connections == 4)
        #expect(try #require(interval.response).count > 0)
        let text = try String(contentsOf: load.folder.appending(path: "run.jsonl.partial"), encoding: .utf8)
        for line in text.split(separator: "\n") {
            #expect(try schema().problems(in: Data(line.utf8), definition: "journalLine") == [])
        }
        let first = try #require(text.split(separator: "\n").first)
        #expect(first.contains("\"complete\":false") && first.contains("\"url\":\"\(load.router.target.url)\""))
    }

    @Test func `A run that is interrupted leaves results that are marked, and ends with 130`() throws {
        let load = try LoadProcess("--duration 60 --warmup 0.1")
        try load.awaitRow()
        load.send(Signals.interrupt)
        #expect(try load.end() == .exited(code: CommandStatus.interrupted.rawValue))
        #expect(load.names == ["run.json"])
        let document = try load.results()
        #expect(document.complete == false && document.incompleteReason == "interrupted")
        #expect(document.cells[0].run?.isComplete == false && document.cells[0].measurements.messages > 0)
        #expect(document.cells[0].verdict.reasons.contains { $0.kind == .interrupted })
    }

    @Test func `A router that is killed leaves a journal that says so`() throws {
        let load = try LoadProcess("--duration 60 --warmup 0.1")
        try load.awaitRow()
        kill(try #require(load.router.pid), SIGKILL)
        #expect(try load.end() == .exited(code: CommandStatus.invalid.rawValue))
        #expect(load.names == ["run.jsonl.partial"])
        let journal = try load.journal()
        #expect(journal.reason?.hasPrefix(load.router.target.url) == true && !journal.rows.isEmpty)
    }

    /// Blocks of 512 octets: the first line fits, but not all rows, and not the results.
    @Test func `A disk that is full while it runs is an error at the end, and no crash`() throws {
        let load = try LoadProcess("--duration 3 --warmup 0.1 --allow-invalid", shell: "ulimit -f 4")
        #expect(try load.end() == .exited(code: CommandStatus.internalError.rawValue), "\(load.output)")
        #expect(load.output.contains { $0.hasPrefix("rennbahn: the results could not be written: ") })
        #expect(load.output.contains { $0.hasSuffix("File too large") })
        #expect(load.names == ["run.jsonl.partial"])
        #expect(try !load.journal().isTorn)
    }

    @Test func `A place where no results can go is told before the run`() {
        let told = answer(to: words(of: "load --url ws://127.0.0.1:9/ --results /sys/kernel/a.json"))
        #expect(told.status == CommandStatus.usage.rawValue)
        #expect(told.text.hasPrefix("rennbahn: --results: /sys/kernel/a.jsonl.partial: cannot write results there: "))
    }

    @Test func `A folder gets a file that is named after the date and the commit`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        // Nobody listens there: the run fails at once, and its journal stays.
        let told = answer(to: words(of: "load --url ws://127.0.0.1:9/ --clients 2 --results \(folder.path)/"))
        #expect(told.status == CommandStatus.invalid.rawValue)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(
            names.count == 1 && names[0].wholeMatch(of: /[0-9TZ-]+-[a-z0-9-]+-load\.jsonl\.partial/) != nil, "\(names)")
        let journal = try Journal(reading: try Data(contentsOf: folder.appending(path: names[0])))
        #expect(journal.reason?.contains("Connection refused") == true)
    }
}
