import Foundation
import RennbahnBytes
import RennbahnReactor
import Testing

@Suite struct ServedFileTests {
    /// A folder of the test's own, removed when it ends.
    private final class Folder {
        let path: String

        init() throws {
            path = NSTemporaryDirectory() + "served-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: path + "/site/sub", withIntermediateDirectories: true)
            try Data("outside".utf8).write(to: URL(filePath: path + "/secret"))
            try Data("inside".utf8).write(to: URL(filePath: path + "/site/sub/file"))
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        var site: String { path + "/site" }

        func link(_ name: String, to target: String) throws {
            try FileManager.default.createSymbolicLink(atPath: site + "/" + name, withDestinationPath: target)
        }
    }

    private func text(_ path: String, _ folder: Folder) throws -> String? {
        guard case .file(let file) = ServedFile.open(path, in: folder.site) else { return nil }
        var bytes = ByteBuffer()
        while try file.read(at: bytes.count, atMost: 4, into: &bytes) > 0 {}
        #expect(bytes.count == file.count)
        return String(decoding: bytes.span.copied(), as: UTF8.self)
    }

    @Test func `a file is read, a folder is one, and nothing is nothing`() throws {
        let folder = try Folder()
        #expect(try text("sub/file", folder) == "inside")
        guard case .folder = ServedFile.open("sub", in: folder.site),
            case .folder = ServedFile.open(".", in: folder.site),
            case .nothing = ServedFile.open("none", in: folder.site),
            case .nothing = ServedFile.open("sub/file/x", in: folder.site),
            case .nothing = ServedFile.open("x", in: folder.path + "/none")
        else {
            Issue.record("something else was found")
            return
        }
        #expect(ServedFile.isFolder(folder.site) && !ServedFile.isFolder(folder.site + "/sub/file"))
    }

    @Test func `the time is that of the file`() throws {
        let folder = try Folder()
        let date = Date(timeIntervalSince1970: 784_111_777)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: folder.site + "/sub/file")
        guard case .file(let file) = ServedFile.open("sub/file", in: folder.site) else {
            Issue.record("no file")
            return
        }
        #expect(file.modified == 784_111_777_000_000_000)
    }

    @Test(arguments: ["../secret", "sub/../../secret", "/etc/passwd", "up", "absolute", "sub/deep", "round"])
    func `no path and no link leads out`(path: String) throws {
        let folder = try Folder()
        try folder.link("up", to: "../secret")
        try folder.link("absolute", to: folder.path + "/secret")
        try folder.link("sub/deep", to: "../../secret")
        try folder.link("round", to: "round")
        #expect(try text(path, folder) == nil)
    }

    @Test func `a link that stays inside is followed`() throws {
        let folder = try Folder()
        try folder.link("alias", to: "sub/file")
        #expect(try text("alias", folder) == "inside")
    }

    @Test func `a pipe is not waited for, and is nothing`() throws {
        let folder = try Folder()
        #expect(mkfifo(folder.site + "/pipe", 0o600) == 0)
        guard case .nothing = ServedFile.open("pipe", in: folder.site) else {
            Issue.record("a pipe was opened")
            return
        }
    }

    @Test func `a list has names and says which are folders, up to its bound`() throws {
        let folder = try Folder()
        try folder.link("out", to: "/")
        let names = try #require(ServedFile.names(at: ".", in: folder.site, atMost: 10))
        #expect(names.map(\.name).sorted() == ["out", "sub"])
        #expect(names.first { $0.name == "sub" }?.isFolder == true)
        #expect(ServedFile.names(at: ".", in: folder.site, atMost: 1)?.count == 1)
        #expect(ServedFile.names(at: "sub/file", in: folder.site, atMost: 1) == nil)
        #expect(ServedFile.names(at: "..", in: folder.site, atMost: 1) == nil)
    }
}
