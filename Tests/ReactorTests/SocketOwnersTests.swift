import Foundation
import RennbahnReactor
import RennbahnTestKit
import Testing

/// Which processes are behind a socket, with processes that have one.
@Suite(.serialized)
struct SocketOwnersTests {
    /// A program that does nothing but hold a descriptor; it ends with the value.
    private final class Holder {
        let process = Process()

        init(_ descriptor: Descriptor) throws {
            process.executableURL = URL(filePath: "/bin/sleep")
            process.arguments = ["1000"]
            process.standardInput = FileHandle(fileDescriptor: descriptor.rawValue, closeOnDealloc: false)
            try process.run()
        }

        deinit {
            // What a thread blocks its children block, too: SIGTERM may be among it.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }

        var pid: Int32 { process.processIdentifier }
    }

    private static func socketPath() -> String {
        FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString.prefix(8))").path
    }

    @Test func `All who have the socket that listens are found, over TCP and UNIX sockets`() throws {
        let path = Self.socketPath()
        defer { unlink(path) }
        for place in [SocketAddress.loopback(port: 0), .unix(path)] {
            let listener = try Sockets.listen(place)
            let address = try Sockets.boundAddress(of: listener)
            let own = SocketOwners(of: address).listening
            #expect(own.contains(getpid()))
            let holders = try [Holder(listener), Holder(listener)]
            let owners = SocketOwners(of: address)
            #expect(Set(owners.listening).isSuperset(of: [getpid()] + holders.map(\.pid)))
            #expect(owners.listening == owners.listening.sorted() && !owners.areElsewhere && !owners.areSomeHidden)
            Sockets.close(listener)
            #expect(!SocketOwners(of: address).listening.contains(getpid()))
            #expect(Set(SocketOwners(of: address).listening).isSuperset(of: holders.map(\.pid)))
            withExtendedLifetime(holders) {}
        }
    }

    @Test func `A UNIX socket is found by whatever path leads there, and by whatever path it was bound to`() throws {
        let folder = Self.socketPath()
        let link = Self.socketPath()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder)
        defer {
            unlink(link)
            try? FileManager.default.removeItem(atPath: folder)
        }
        let depth = FileManager.default.currentDirectoryPath.split(separator: "/").count
        let fromHere = String(repeating: "../", count: depth) + String(folder.dropFirst())
        let paths = ["\(folder)/s", "\(folder)//./s", "\(link)/s", "\(fromHere)/s"]
        for bound in paths {
            let listener = try Sockets.listen(.unix(bound))
            for path in paths {
                let owners = SocketOwners(of: .unix(path))
                #expect(owners.listening.contains(getpid()) && !owners.areElsewhere, "\(path) of \(bound)")
            }
            #expect(SocketOwners(of: .unix("\(folder)/other")).areElsewhere)
            Sockets.close(listener)
            unlink(bound)
        }
    }

    @Test func `Where nobody listens the server is elsewhere`() throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        let address = try Sockets.boundAddress(of: listener)
        Sockets.close(listener)
        #expect(SocketOwners(of: address) == SocketOwners(listening: [], areElsewhere: true))
    }

    @Test func `A child that serves a connection is a worker, one that only has a descriptor is not`() throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        defer { Sockets.close(listener) }
        let address = try Sockets.boundAddress(of: listener)
        let client = try Sockets.connect(to: address).descriptor
        defer { Sockets.close(client) }
        let deadline = failureDeadline()
        var accepted: Descriptor?
        while accepted == nil, MonotonicClock.now() < deadline {
            if case .accepted(let descriptor) = Sockets.accept(listener) { accepted = descriptor }
        }
        let connection = try #require(accepted)
        defer { Sockets.close(connection) }
        let (worker, other) = (try Holder(connection), try Holder(client))
        let workers = SocketOwners.workers(of: [getpid()], at: [address])
        #expect(workers.contains(worker.pid))
        #expect(!workers.contains(other.pid) && !workers.contains(getpid()))
        #expect(!SocketOwners.workers(of: [getpid()], at: [.loopback(port: 1)]).contains(worker.pid))
        #expect(Set(SocketOwners.relatives(of: [getpid()])).isSuperset(of: [worker.pid, other.pid]))
    }

    @Test func `A process of this machine shares its network, and of one that does not exist nothing is known`() throws
    {
        let child = try ChildProcess("/bin/sleep", arguments: ["1000"])
        #expect(SocketOwners.sharesNetwork(child.pid) == true)
        #expect(SocketOwners.sharesNetwork(0x3fff_ffff) == nil)
    }
}
