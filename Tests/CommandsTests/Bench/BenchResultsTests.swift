import Foundation
import RennbahnMeasurement
import RennbahnReactor
import Testing

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
        let row: ResultCell
    }

    /// Ends a run of many rounds after the first of its measurements, and returns how it ended and the bytes that it left.
    private func end(by signal: Int32) throws -> (status: RennbahnReactor.ExitStatus, left: Data) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let bench = try ProgramProcess(
            [
                "bench", "--scenarios", "rpc", "--serializers", "json", "--compressions", "none", "--payloads", "32",
                "--clients", "4", "--rounds", "100", "--warmup", "0", "--duration", "0.1", "--results", folder.path,
            ])
        try bench.awaitLine(with: "\"kind\":\"row\"", in: folder)
        bench.send(signal)
        let status = try bench.end()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.count == 1 && names[0].hasSuffix("-bench.jsonl.partial"), "\(names)")
        return (status, try Data(contentsOf: folder.appending(path: names[0])))
    }

    @Test func `kill -9 leaves a journal with every measurement until then`() throws {
        let (status, left) = try end(by: Signals.kill)
        #expect(status == .signalled(Signals.kill))
        let journal = try Journal(reading: left)
        #expect(journal.reason == nil && journal.damagedLines == 0)
        let cell = try JSONDecoder().decode(Line.self, from: try #require(journal.rows.first)).row
        #expect(cell.parameters.clients == 4 && cell.measurements.messages > 0)
        let begin = try JSONDecoder().decode(Begin.self, from: try #require(left.split(separator: 10).first))
        #expect(!begin.complete && begin.description.command == "bench")
        #expect(begin.description.environment.commandLine.contains("--rounds"))
    }

    @Test func `Ctrl-C ends with 130 and leaves a journal that says so`() throws {
        let (status, left) = try end(by: Signals.interrupt)
        #expect(status == .exited(code: CommandStatus.interrupted.rawValue))
        let journal = try Journal(reading: left)
        #expect(journal.reason == "interrupted" && !journal.rows.isEmpty)
    }
}
