import Foundation
import RennbahnReactor
import Testing

@testable import RennbahnCommands

struct ConfigurationFileTests {
    private static let example = repository.appending(path: "Tests/corpora/configuration/seeds/starter.yaml").path

    @Test(
        .timeLimit(.minutes(2)),
        arguments: [
            #""$0" check --config /dev/stdin <"$1""#,
            #"{ head -c 1000 "$1"; tail -c +1001 "$1"; } | "$0" check --config /dev/stdin"#,
        ])
    func `A configuration may come from standard input, which is a file or a pipe`(line: String) throws {
        let check = try ChildProcess(
            "/bin/sh", arguments: ["-c", line, try ProgramProcess.built(), Self.example], output: .pipe)
        let deadline = MonotonicClock.now() + 60_000_000_000
        #expect(check.readLine(deadline: deadline) == .line("/dev/stdin: good: realm realm1, 1 transport"))
        #expect(check.wait(deadline: deadline) == .exited(code: 0))
    }

    @Test(arguments: [
        ("node.yaml", ""), ("/node.yaml", "/"), ("../a/node.yaml", "../a"), ("/dev/stdin", ""), ("/dev/fd/63", ""),
    ])
    func `Paths in a file are of its folder, in what has no folder of the working folder`(
        path: String, folder: String
    ) {
        #expect(ConfigurationFile.folder(of: path) == folder)
    }
}
