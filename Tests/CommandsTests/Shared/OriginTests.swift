import Foundation
import RennbahnReactor
import Testing

/// `scripts/origin`, which the build runs when a source or the state of git has changed.
struct OriginTests {
    private func temporaryFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "Sources"), withIntermediateDirectories: true)
        return folder
    }

    private let script = URL(filePath: #filePath).appending(path: "../../../../scripts/origin").standardized.path

    /// Runs a line of the shell in a folder; returns the last line that it says.
    @discardableResult
    private func shell(_ line: String, in folder: URL) throws -> String {
        let command = "set -e; cd \"$0\"; export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null; \(line)"
        let process = try ChildProcess("/bin/sh", arguments: ["-c", command, folder.path], output: .pipe)
        let deadline = MonotonicClock.now() + 60_000_000_000
        var last = ""
        while case .line(let line) = process.readLine(deadline: deadline) { last = line }
        try #require(process.wait(deadline: deadline) == .exited(code: 0), "\(line)")
        return last
    }

    private let commit = "git -c user.name=a -c user.email=a@b.invalid commit -q -m x --allow-empty"

    private func origin(of folder: URL) throws -> String {
        try shell("'\(script)' . out", in: folder)
        return try String(contentsOf: folder.appending(path: "out"), encoding: .utf8)
    }

    @Test func `A new commit is another origin, and a source that differs from it is told`() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try shell("git init -q", in: folder)
        let first = try shell("\(commit); git rev-parse HEAD", in: folder)
        #expect(try origin(of: folder).contains("commit = \"\(first)\"\n    static let isDirty = false"))
        let second = try shell("\(commit) --amend -m y; git rev-parse HEAD", in: folder)
        #expect(first != second)
        #expect(try origin(of: folder).contains("commit = \"\(second)\"\n    static let isDirty = false"))
        try shell("echo > Sources/new.swift", in: folder)
        #expect(try origin(of: folder).contains("commit = \"\(second)\"\n    static let isDirty = true"))
    }

    @Test(arguments: [
        "Sources/a.swift", "Plugins/Origin/a.swift", "scripts/origin", "Package.swift", "Package.resolved",
    ])
    func `Whatever is built or says how is a source`(path: String) throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try shell("git init -q; \(commit); mkdir -p Plugins/Origin scripts; echo > \(path)", in: folder)
        #expect(try origin(of: folder).contains("isDirty = true"))
        try shell("git add .; \(commit)", in: folder)
        #expect(try origin(of: folder).contains("isDirty = false"))
    }

    @Test func `Where git does not know what has changed the sources are not taken for those of the commit`() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let head = try shell("git init -q; \(commit); printf broken > .git/index; git rev-parse HEAD", in: folder)
        #expect(try origin(of: folder).contains("commit = \"\(head)\"\n    static let isDirty = true"))
    }

    @Test func `A folder that is no work tree itself has no commit, wherever it lies`() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try origin(of: folder).contains("commit = \"\"\n    static let isDirty = false"))
        try shell("git init -q; \(commit)", in: folder)
        #expect(
            try origin(of: folder.appending(path: "Sources")).contains("commit = \"\"\n    static let isDirty = false"))
    }

    @Test func `What is as it was is not written again`() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = try origin(of: folder)
        let before = try shell("touch -d 2001-01-01 out; stat -c %Y out", in: folder)
        #expect(try origin(of: folder) == text)
        #expect(try shell("stat -c %Y out", in: folder) == before)
    }
}
