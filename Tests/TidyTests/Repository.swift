import Foundation
import Testing

/// The package on disk: found from this file, so that the tests look at the tree they were built from.
enum Repository {
    static let root: URL = {
        var folder = URL(filePath: #filePath).resolvingSymlinksInPath()
        repeat {
            folder.deleteLastPathComponent()
            let manifest = folder.appending(path: "Package.swift")
            if let text = try? String(contentsOf: manifest, encoding: .utf8), text.contains("name: \"rennbahn\",") {
                return folder
            }
        } while folder.path.count > 1
        fatalError("no Package.swift of rennbahn above \(#filePath)")
    }()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    /// Paths, relative to the root and sorted, of the files below a folder that are neither built nor hidden.
    static func files(below folder: String, endingIn suffixes: [String] = [""]) -> [String] {
        let start = root.appending(path: folder)
        let walk = FileManager.default.enumerator(
            at: start, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
        var paths: [String] = []
        while let file = walk?.nextObject() as? URL {
            guard (try? file.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true else { continue }
            let path = file.resolvingSymlinksInPath().path
            guard !path.contains("/__pycache__/"), suffixes.contains(where: path.hasSuffix) else { continue }
            paths.append(String(path.dropFirst(root.path.count)).trimmingPrefix("/").description)
        }
        return paths.sorted()
    }

    /// `path:line` of every line of a text file that contains one of the words; none for a file that is not UTF-8.
    static func places(in path: String, containing words: [String]) throws -> [String] {
        guard let text = String(data: try Data(contentsOf: root.appending(path: path)), encoding: .utf8),
            words.contains(where: text.contains)
        else { return [] }
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { _, line in words.contains { line.contains($0) } }
            .map { "\(path):\($0.offset + 1)" }
    }

    /// The Swift files of the folders that hold Swift, read once.
    private static let swift = ["Sources", "Plugins", "Tests", "Benchmarks"].reduce(into: [:]) { known, folder in
        known[folder] = Result {
            try files(below: folder, endingIn: [".swift"]).map { SourceFile(path: $0, text: try text($0)) }
        }
    }

    static func swiftFiles(below folder: String) throws -> [SourceFile] {
        try #require(swift[folder]).get()
    }

    /// The declarations of `Sources` and what uses them, found once.
    private static let sources = Result {
        Usage(try swiftFiles(below: "Sources").map { (path: $0.path, tokens: tokens(of: $0.code)) })
    }

    static func usage() throws -> Usage { try sources.get() }

    /// Names of the folders directly in `Sources`: the targets.
    static func targets() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Sources").path).sorted()
    }
}

/// One Swift file, as it is and without what is no code.
struct SourceFile {
    let path: String
    let text: String
    let code: [Substring]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        code = codeOnly(text).split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The target, or the folder below `Tests`, that the file belongs to.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : ""
    }

    var lineCount: Int { text.utf8.count { $0 == UInt8(ascii: "\n") } }

    /// `path:line` of every line whose code contains a match.
    func places(matching pattern: some RegexComponent) -> [String] {
        code.indices.filter { code[$0].contains(pattern) }.map { "\(path):\($0 + 1)" }
    }
}
