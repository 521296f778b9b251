import Foundation
import RennbahnMeasurement
import Testing

@testable import RennbahnReport

struct RunJournalTests {
    /// A folder that goes with the value.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")
        var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path).sorted()) ?? [] }

        deinit { try? FileManager.default.removeItem(at: url) }

        func path(_ name: String) -> String { url.appending(path: name).path }
    }

    private let folder = Folder()

    private func journal(_ name: String = "a.json") -> RunJournal { RunJournal(path: folder.path(name)) }

    private func read(_ name: String = "a.jsonl.partial") throws -> Journal {
        try Journal(reading: try Data(contentsOf: folder.url.appending(path: name)))
    }

    private func failure(_ body: () throws -> Void) -> ResultsFile.Failure? {
        do {
            try body()
            return nil
        } catch {
            return error as? ResultsFile.Failure
        }
    }

    @Test func `Lines are there as soon as they are written, and the results come in their place`() throws {
        let journal = journal()
        try journal.begin(["name": "x"])
        #expect(folder.names == ["a.jsonl.partial"])
        journal.row(Samples.cell("json"))
        journal.row(Samples.cell("msgpack"))
        #expect(try read().summary == "2 rows; ended without a word")
        #expect(try journal.finish(Samples.document) == folder.path("a.json"))
        #expect(folder.names == ["a.json"])
        #expect(try ResultsFile.read(folder.path("a.json")) == Samples.document)
        #expect(journal.leftover == nil)
    }

    @Test func `A run that fails leaves its lines and the reason`() throws {
        let journal = journal()
        try journal.begin("x")
        journal.row(1)
        journal.fail("the router is gone")
        journal.row(2)
        #expect(try read().summary == "1 row; the router is gone")
        #expect(folder.names == ["a.jsonl.partial"])
    }

    @Test func `What an earlier run left is kept under another name, and told`() throws {
        for reason in ["first", "second"] {
            let journal = journal()
            try journal.begin("x")
            journal.fail(reason)
        }
        let last = journal()
        try last.begin("x")
        #expect(folder.names == ["a.jsonl.partial", "a.jsonl.partial.1", "a.jsonl.partial.2"])
        #expect(
            last.leftover == folder.path("a.jsonl.partial.2") + ": what an earlier run left (0 rows; second)")
        #expect(try read("a.jsonl.partial.1").reason == "first" && (try read().rows.isEmpty))
        try Data("mine".utf8).write(to: folder.url.appending(path: "b.jsonl.partial"))
        let other = journal("b.json")
        try other.begin("x")
        #expect(other.leftover?.hasSuffix("(is not a journal: its first line does not say what was run)") == true)
        #expect(try String(contentsOfFile: folder.path("b.jsonl.partial.1"), encoding: .utf8) == "mine")
    }

    @Test func `Two runs do not write one journal`() throws {
        let first = journal()
        try first.begin("x")
        #expect(failure { try journal().begin("y") }?.reason == "another run writes it")
        first.row(1)
        #expect(try read().rows.count == 1)
        first.fail("over")
        #expect(failure { try journal().begin("y") } == nil)
    }

    @Test func `A folder that is not there is made before the run begins`() throws {
        let journal = RunJournal(of: "bench", in: folder.path("deep/results"), Samples.environment)
        try journal.begin("x")
        #expect(journal.journalPath == folder.path("deep/results/2026-03-01T120000Z-1a2b3c4-bench.jsonl.partial"))
        #expect(FileManager.default.fileExists(atPath: journal.journalPath))
        #expect(
            try journal.finish(Samples.document) == folder.path("deep/results/2026-03-01T120000Z-1a2b3c4-bench.json"))
    }

    @Test func `A place where results cannot go is told before the run begins`() throws {
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "dir.json"), withIntermediateDirectories: true)
        try Data().write(to: folder.url.appending(path: "file"))
        try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: "/dev/null")
        #expect(
            failure { try journal("dir.json").begin("x") }?.description == folder.path("dir.json") + ": is a folder")
        #expect(
            failure { try RunJournal(path: "/dev/null").begin("x") }?.description == "/dev/null: is not a regular file")
        #expect(failure { try journal("link").begin("x") }?.reason == "is not a regular file")
        #expect(
            failure { try journal("file/a.json").begin("x") }?.description
                == folder.path("file") + ": cannot create the directory: File exists")
        #expect(folder.names == ["dir.json", "file", "link"])
        // Nobody may write there, root neither.
        let readOnly = failure { try RunJournal(path: "/sys/kernel/a.json").begin("x") }
        #expect(readOnly?.path == "/sys/kernel/a.jsonl.partial")
        #expect(readOnly?.reason.hasPrefix("cannot write results there: ") == true)
    }

    @Test func `Results that cannot be written leave the journal, which says so`() throws {
        let journal = journal()
        try journal.begin("x")
        journal.row(1)
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "a.json"), withIntermediateDirectories: true)
        #expect(failure { _ = try journal.finish(Samples.document) }?.reason == "is a folder")
        #expect(try read().summary == "1 row; \(folder.path("a.json")): is a folder")
    }

    @Test func `A row that JSON cannot hold is told at the end, and the others are there`() throws {
        let journal = journal()
        try journal.begin("x")
        journal.row(Double.nan)
        journal.row(1)
        #expect(try read().rows.count == 1)
        let failure = failure { _ = try journal.finish(Samples.document) }
        #expect(failure?.reason.hasPrefix("rows could not be written: ") == true)
        #expect(failure?.reason.hasSuffix("; \(folder.path("a.json")) is whole") == true)
        #expect(try ResultsFile.read(folder.path("a.json")) == Samples.document)
    }

    @Test func `A full disk is an error of the system's words, and nothing is left half written`() throws {
        let full = try OutputFile.replacing("/dev/full")
        let refusal = #expect(throws: OutputFile.Refusal.self) { try full.append(Data("x".utf8)) }
        #expect(refusal?.description == "No space left on device")
        try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: folder.path("a.json.tmp"), withDestinationPath: "/dev/full")
        let failure = failure { _ = try journal().finish(Samples.document) }
        #expect(failure?.reason == "cannot write the results: No space left on device")
        #expect(folder.names == [])
    }
}
