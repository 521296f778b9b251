import Foundation
import RennbahnStages
import RennbahnWAMP
import Testing

@testable import RennbahnCommands

/// With shell scripts in the place of valgrind and strip.
@Suite(.timeLimit(.minutes(5)))
struct InstructionCounterTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")
    private let job = StageJob(.json, .none, payloads: [Array("[1]".utf8)])
    private static let profile = """
        fn=(1) main
        0 1
        cfn=(2) $s15RennbahnStages9StagePathV12scanMessages33_1FLLyySiF
        calls=1 0
        0 800
        """
    private static let output = #"for word; do case "$word" in --callgrind-out-file=*) out="${word#*=}";; esac; done;"#

    /// A counter whose valgrind is a script; what it says is where the others are.
    private func counter(
        valgrind script: String, strip: String = "cp $3 $4 2>/dev/null || touch $3"
    ) throws
        -> InstructionCounter
    {
        try FileManager.default.createDirectory(
            at: folder.appending(path: "place"), withIntermediateDirectories: true)
        func tool(_ name: String, _ script: String) throws -> String {
            let file = folder.appending(path: name)
            try "#!/bin/sh\n\(script)\n".write(to: file, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
            return file.path
        }
        return InstructionCounter(
            executable: "rennbahn", valgrind: try tool("valgrind", script), strip: try tool("strip", strip),
            limit: 20_000_000_000, place: folder.appending(path: "place"))
    }

    private func count(
        _ counter: InstructionCounter, isInterrupted: @escaping () -> Bool = { false }
    ) throws -> [Stage: Double]? {
        let counts = counter.count(job, isInterrupted: isInterrupted)
        #expect(try FileManager.default.contentsOfDirectory(atPath: counter.place.path) == [])
        return counts
    }

    private func end() { try? FileManager.default.removeItem(at: folder) }

    @Test func `Instructions are those of the profile, per message`() throws {
        defer { end() }
        let counter = try counter(valgrind: "\(Self.output) printf '%s' '\(Self.profile)' >$out; echo 4")
        #expect(try count(counter) == [.scan: 200])
    }

    @Test func `The program is told to read what the job says`() throws {
        defer { end() }
        let kept = folder.appending(path: "kept").path
        let counter = try counter(
            valgrind: #"while [ "$1" != stages ]; do shift; done; echo "$*" >\#(kept).words; cp "$3" \#(kept); exit 1"#)
        #expect(try count(counter) == nil)
        #expect(try StageJob(readingFile: kept) == job)
        let words = try String(contentsOfFile: kept + ".words", encoding: .utf8).split(whereSeparator: \.isWhitespace)
        #expect(words.count == 4 && words[0] == "stages" && words[1] == "--input" && words[3] == "--counted")
    }

    @Test(arguments: [
        "exit 1", "echo 4", "echo many", "\(output) echo nonsense >$out; echo 4",
        "\(output) printf '%s' '\(profile)' >$out; echo 0", "\(output) printf '%s' '\(profile)' >$out; echo 4; exit 1",
        "\(output) printf '%s' '\(profile)' >$out", "kill -9 $$", "exec >&-; exec tail -f /dev/null",
    ])
    func `A valgrind that fails, or says something else, counts nothing`(script: String) throws {
        defer { end() }
        #expect(try count(try counter(valgrind: script)) == nil)
    }

    @Test func `Where a tool is missing or strip fails nothing is counted`() throws {
        defer { end() }
        var counter = try counter(valgrind: "exit 0", strip: "exit 1")
        #expect(try count(counter) == nil)
        counter.strip = folder.appending(path: "nowhere").path
        #expect(try count(counter) == nil)
        counter = try self.counter(valgrind: "exit 0")
        counter.valgrind = folder.appending(path: "nowhere").path
        #expect(try count(counter) == nil)
        counter.place = folder.appending(path: "neither")
        #expect(counter.count(job) == nil)
    }

    @Test(arguments: ["", "echo 4; "])
    func `One that takes too long, or that the user does not want any more, is gone`(beginning: String) throws {
        defer { end() }
        let pid = folder.appending(path: "pid")
        var counter = try counter(valgrind: "echo $$ >\(pid.path); \(beginning)exec tail -f /dev/null")
        func started() -> Int32? {
            (try? String(contentsOf: pid, encoding: .utf8)).flatMap { $0.last == "\n" ? Int32($0.dropLast()) : nil }
        }
        var wasAsked = false
        #expect(
            try count(counter) {
                wasAsked = started() != nil
                return wasAsked
            } == nil)
        #expect(wasAsked)
        #expect(kill(try #require(started()), 0) == -1, "it is still there")
        try FileManager.default.removeItem(at: pid)
        counter.limit = 300_000_000
        #expect(try count(counter) == nil)
        if let left = started() { #expect(kill(left, 0) == -1, "it is still there") }
    }

    @Test func `As many payloads are counted as are enough`() throws {
        let job = StageJob(.json, .none, payloads: (0..<200).map { Array("[\($0)]".utf8) })
        #expect(try job.beginning().payloads == Array(job.payloads.prefix(128)))
        #expect(try self.job.beginning() == self.job)
    }
}
