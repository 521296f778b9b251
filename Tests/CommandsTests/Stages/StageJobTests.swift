import Foundation
import RennbahnMeasurement
import RennbahnStages
import RennbahnWAMP
import Testing

@testable import RennbahnCommands

struct StageJobTests {
    private let file = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")
    private let job = StageJob(.msgpack, .deflate, payloads: [[0x91, 1], []])

    private func write(_ text: String) throws { try Data(text.utf8).write(to: file) }

    @Test func `A job that is written is read again`() throws {
        defer { try? FileManager.default.removeItem(at: file) }
        try job.write(to: file)
        #expect(try StageJob(readingFile: file.path) == job)
        let input = try job.input()
        #expect(input.serializer == .msgpack && input.deflate != nil && input.payloads == [[0x91, 1], []])
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"serializer": "json", "compression": "none", "payloads": ["x"]}"#,
        #"{"serializer": "json", "compression": "none", "payloads": [[1]]}"#,
        #"{"serializer": "xml", "compression": "none", "payloads": ["WzFd"]}"#,
        #"{"serializer": "json", "compression": "deflate;level=10", "payloads": ["WzFd"]}"#,
        #"{"serializer": "json", "compression": "none", "payloads": []}"#,
        #"{"serializer": "json", "compression": "none", "payloads": ["WzF"]}"#,
        #"{"serializer": "json", "compression": "none", "payloads": ["WzFd", "WzFb"]}"#,
    ])
    func `A file that is no job, or one that nothing can be measured of, is an error in a line`(text: String) throws {
        defer { try? FileManager.default.removeItem(at: file) }
        try write(text)
        for words in [["--counted"], ["--budget", "1"]] {
            let answer = answer(to: ["stages", "--input", file.path] + words)
            #expect(answer.status == CommandStatus.usage.rawValue)
            #expect(answer.text.split(separator: "\n").count == 1, "\(answer.text)")
        }
    }

    @Test func `Stages are measured within intervals, with instructions where they were counted`() throws {
        let job = StageJob(.json, .deflate, payloads: (0..<9).map { Array("[\($0)]".utf8) })
        let costs = try #require(try StageJob.costs(of: [job], budget: 2_000_000, counter: nil).first)
        #expect(Set(costs.stages.keys) == Set(Stage.allCases))
        for cost in costs.stages.values {
            #expect(cost.time.nanoseconds > 0 && cost.instructions == nil)
            #expect(cost.time.low <= cost.time.nanoseconds && cost.time.nanoseconds <= cost.time.high)
        }
    }
}
