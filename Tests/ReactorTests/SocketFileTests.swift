import Foundation
import Glibc
import RennbahnReactor
import Testing

/// A folder of a test's own, removed with it.
final class Folder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/rennbahn-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func has(_ name: String) -> Bool { access(file(name), F_OK) == 0 }
}

@Suite struct SocketFileTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    @Test func aSocketThatNobodyListensAtIsRemoved() throws {
        let path = folder.file("s")
        Sockets.close(try Sockets.listen(try .unix(path: path)))
        #expect(folder.has("s"), "a closed socket leaves its file")
        #expect(throws: SystemError.self) { try Sockets.listen(try .unix(path: path)) }
        try SocketFile.clear(path)
        #expect(!folder.has("s"))
        Sockets.close(try Sockets.listen(try .unix(path: path)))
    }

    @Test func aSocketInUseStays() throws {
        let path = folder.file("s")
        let listener = try Sockets.listen(try .unix(path: path))
        defer { Sockets.close(listener) }
        #expect(throws: SocketFile.Occupied.inUse(path)) { try SocketFile.clear(path) }
        #expect(folder.has("s"))
    }

    @Test func aSocketWithAFullQueueIsInUse() throws {
        let path = folder.file("s")
        let listener = try Sockets.listen(try .unix(path: path), backlog: 1)
        var waiting: [Descriptor] = []
        defer { for descriptor in waiting + [listener] { Sockets.close(descriptor) } }
        while let attempt = try? Sockets.connect(to: .unix(path)) { waiting.append(attempt.descriptor) }
        #expect(throws: SocketFile.Occupied.inUse(path)) { try SocketFile.clear(path) }
    }

    @Test func whatIsNoSocketStays() throws {
        let path = folder.file("s")
        close(open(path, O_CREAT | O_WRONLY, 0o600))
        #expect(throws: SocketFile.Occupied.noSocket(path)) { try SocketFile.clear(path) }
        #expect(folder.has("s"))
        try SocketFile.clear(folder.file("t"))
    }

    @Test func onlyTheSameFileIsRemoved() throws {
        let path = folder.file("s")
        let first = try Sockets.listen(try .unix(path: path))
        defer { Sockets.close(first) }
        let file = try SocketFile(at: path)
        rename(path, folder.file("t"))
        let second = try Sockets.listen(try .unix(path: path))
        defer { Sockets.close(second) }
        file.remove()
        #expect(folder.has("s"), "another socket stands at the path")
        unlink(path)
        rename(folder.file("t"), path)
        file.remove()
        #expect(!folder.has("s"))
    }

    @Test(arguments: [0o600, 0o660, 0o777] as [UInt16]) func theFileHasThePermissionsAskedFor(bits: UInt16) throws {
        let path = folder.file("s")
        Sockets.close(try Sockets.listen(try .unix(path: path), permissions: bits))
        var status = stat()
        #expect(lstat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == mode_t(bits))
    }

    @Test func addressesOfUNIXSocketsAreReadBack() throws {
        let address = try SocketAddress.unix(path: folder.file("s"))
        let listener = try Sockets.listen(address)
        let client = try Sockets.connect(to: address).descriptor
        defer { for descriptor in [listener, client] { Sockets.close(descriptor) } }
        #expect(try Sockets.boundAddress(of: listener) == address)
        #expect(try Sockets.peerAddress(of: client) == address)
        #expect(try Sockets.boundAddress(of: client) == .unix(""))
        #expect(address.isLoopback && address.isUNIX && address.description == "unix:\(folder.file("s"))")
    }

    @Test func aPathIsUpTo107OctetsLong() throws {
        #expect(throws: SocketAddress.Malformed.self) { try SocketAddress.unix(path: "") }
        #expect(throws: SocketAddress.Malformed.self) { try SocketAddress.unix(path: "a\0b") }
        #expect(throws: SocketAddress.Malformed.self) {
            try SocketAddress.unix(path: String(repeating: "x", count: 108))
        }
        let path = folder.path + "/" + String(repeating: "x", count: 106 - folder.path.utf8.count)
        let listener = try Sockets.listen(try .unix(path: path))
        defer { Sockets.close(listener) }
        #expect(try Sockets.boundAddress(of: listener) == .unix(path))
        unlink(path)
    }
}
