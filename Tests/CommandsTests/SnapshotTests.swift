import Foundation
import Testing

@testable import RennbahnCommands

/// With RENNBAHN_WRITE_SNAPSHOTS set, which `make snapshots` does, the files are written instead of compared.
@Suite(.timeLimit(.minutes(5)))
struct SnapshotTests {
    private static let writes = ProcessInfo.processInfo.environment["RENNBAHN_WRITE_SNAPSHOTS"] != nil

    static let names = [""] + commands.keys.sorted()

    private func compare(_ text: String, _ file: String) throws {
        let place = testFolder.appending(path: "Snapshots/\(file).txt")
        if Self.writes { try text.write(to: place, atomically: true, encoding: .utf8) }
        let kept = try String(contentsOf: place, encoding: .utf8)
        #expect(kept == text, "run make snapshots if this is meant")
    }

    @Test(arguments: names) func `The help of a command is as it was`(name: String) throws {
        try compare(help(of: name) + "\n", "help-" + (name.isEmpty ? "rennbahn" : name))
    }

    @Test(arguments: wrongCommandLines.keys.sorted())
    func `What a wrong command line is answered with is as it was`(name: String) throws {
        let answers = try #require(wrongCommandLines[name]).map { line in
            let answer = answer(to: words(of: line))
            #expect(answer.status == 64, "rennbahn \(line): \(answer)")
            return "$ rennbahn \(line)\n\(answer.text)\n[\(answer.status)]\n"
        }
        try compare(answers.joined(separator: "\n"), "errors-\(name)")
    }

    @Test func `Every command has command lines that are wrong`() {
        #expect(Set(wrongCommandLines.keys) == Set(commands.keys).union(["rennbahn"]))
    }

    @Test(.disabled(if: writes)) func `Every snapshot is one of a command`() throws {
        let kept = try FileManager.default.contentsOfDirectory(atPath: testFolder.appending(path: "Snapshots").path)
        let wanted =
            Self.names.map { "help-\($0.isEmpty ? "rennbahn" : $0).txt" }
            + wrongCommandLines.keys.map { "errors-\($0).txt" }
        #expect(Set(kept) == Set(wanted))
    }

    @Test(arguments: names) func `No help shows a value of the program as Swift writes it`(name: String) {
        let text = help(of: name, includeHidden: true, columns: 1000)
        #expect(text.firstMatch(of: /[A-Z]\w+\(|Optional|nil/)?.output == nil)
    }
}
