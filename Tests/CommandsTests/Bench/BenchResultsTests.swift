import Foundation
import RennbahnMeasurement
import RennbahnReactor
import RennbahnTestKit
import RennbahnTrial
import Testing

@testable import RennbahnCommands

/// What is left of a benchmark that ended before its end: with processes.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct BenchResultsTests {
    private struct Begin: Decodable {
        struct Description: Decodable {
            let command: String
            let environment: RunEnvironment
        }
        let complete: Bool
        let description: Description
    }

    private struct Line: Decodable {
        let row: TrialResult
    }

    private static let bench =
        "bench --quick --clients 4 --scenarios rpc --serializers json --compressions none --payloads 32 "
        + "--depth 1,2,4,8,16,32,64 --budget 5 --allow-invalid"
    private static let goals = "bench --goals --quick --clients 4 --budget 5 --allow-invalid"
    private static let serializers =
        "serializers --quick --clients 4 --documents tick,chat --budget 5 --allow-invalid"

    /// Ends a run of many groups after the first of them, and returns how it ended and the name and the bytes of what it left:
    /// one file, and nothing of ours in the temporary folder.
    private func end(
        _ line: String, by signal: Int32
    ) throws -> (status: RennbahnReactor.ExitStatus, name: String, left: Data) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")
        let (results, temporary) = (folder.appending(path: "results"), folder.appending(path: "temporary"))
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
        let run = try ProgramProcess(
            words(of: line) + ["--results", results.path], shell: "export TMPDIR='\(temporary.path)'")
        try run.awaitLine(with: "\"kind\":\"row\"", in: results)
        run.send(signal)
        let status = try run.end()
        // The compiler, which is asked for its version, leaves folders of its own.
        let leftBehind = try FileManager.default.contentsOfDirectory(atPath: temporary.path)
        #expect(leftBehind.filter { $0.hasPrefix("rennbahn-") } == [])
        let all = try FileManager.default.contentsOfDirectory(atPath: results.path)
        // A page stands beside results, and none beside a journal.
        let names = all.filter { !$0.hasSuffix(".html") }
        #expect(all.count == (names.first?.hasSuffix(".json") == true ? 2 : 1), "\(all)")
        #expect(names.count == 1, "\(names), \(run.output)")
        let name = try #require(names.first)
        return (status, name, try Data(contentsOf: results.appending(path: name)))
    }

    /// Where a file, or a part of one, is not as its schema says.
    private func problems(_ data: Data, _ schema: String, _ definition: String? = nil) throws -> [String] {
        try JSONSchema(schema, in: repository.appending(path: "docs")).problems(in: data, definition: definition)
    }

    @Test(arguments: [bench, serializers])
    func `kill -9 leaves a journal with every group until then`(_ line: String) throws {
        let command = words(of: line)[0]
        let (status, name, left) = try end(line, by: Signals.kill)
        #expect(status == .signalled(Signals.kill) && name.hasSuffix("-\(command).jsonl.partial"))
        let journal = try Journal(reading: left)
        #expect(journal.reason == nil && journal.damagedLines == 0)
        let trial = try JSONDecoder().decode(Line.self, from: try #require(journal.rows.first)).row
        #expect(trial.clientsAsked == 4 && trial.starts > 0 && trial.sides.contains { $0.role == .twin })
        let first = try #require(left.split(separator: 10).first)
        for line in [first] + journal.rows {
            #expect(try problems(line, "results.schema.json", "journalLine") == [])
        }
        let begin = try JSONDecoder().decode(Begin.self, from: first)
        #expect(!begin.complete && begin.description.command == command)
        #expect(begin.description.environment.commandLine.contains("--budget"))
    }

    @Test func `Where nobody can read what is told, the results are kept, and then the command fails`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let line =
            "bench --quick --clients 4 --scenarios rpc --serializers json --compressions none --budget 5 --allow-invalid"
        let run = try ProgramProcess(words(of: line) + ["--results", folder.path], shell: "exec > /dev/full")
        #expect(try run.end() == .exited(code: CommandStatus.internalError.rawValue))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let name = try #require(names.first { $0.hasSuffix("-bench.json") }, "\(names)")
        let document = try JSONDecoder().decode(
            TrialDocument.self, from: try Data(contentsOf: folder.appending(path: name)))
        #expect(document.complete && document.trials.count == 1)
    }

    @Test func `Ctrl-C ends bench with 130 and leaves results that say so`() throws {
        let (status, name, left) = try end(Self.bench, by: Signals.interrupt)
        #expect(status == .exited(code: CommandStatus.interrupted.rawValue) && name.hasSuffix("-bench.json"))
        #expect(try problems(left, "trials.schema.json") == [])
        let document = try JSONDecoder().decode(TrialDocument.self, from: left)
        #expect(document.schema == TrialDocument.schemaName && !document.complete)
        #expect((1..<7).contains(document.trials.count), "as many as were measured")
    }

    @Test func `Ctrl-C ends the goals with 130 and leaves trials and goals that were measured until then`() throws {
        let (status, name, left) = try end(Self.goals, by: Signals.interrupt)
        #expect(status == .exited(code: CommandStatus.interrupted.rawValue) && name.hasSuffix("-goals.json"))
        #expect(try problems(left, "trials.schema.json") == [])
        let document = try JSONDecoder().decode(TrialDocument.self, from: left)
        #expect(document.command == "goals" && !document.complete)
        #expect((1..<10).contains(document.trials.count), "as many as were measured")
        // Goals of which too little was measured have none, as all have on a machine that is busy.
        #expect(try #require(document.goals).count < 17, "those of the groups that are there")
    }

    @Test func `Ctrl-C ends serializers with 130 and leaves results that say so`() throws {
        let (status, name, left) = try end(Self.serializers, by: Signals.interrupt)
        #expect(status == .exited(code: CommandStatus.interrupted.rawValue) && name.hasSuffix("-serializers.json"))
        #expect(try problems(left, "serializers.schema.json") == [])
        let document = try JSONDecoder().decode(SerializersDocument.self, from: left)
        #expect(document.schema == SerializersDocument.schemaName && !document.trials.complete)
        #expect(!document.trials.trials.isEmpty && document.stages.isEmpty)
    }
}
