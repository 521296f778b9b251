import Foundation
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import Testing

@testable import RennbahnCommands

/// With real processes: shells that do what a server might.
@Suite(.timeLimit(.minutes(5)))
struct ServerProcessTests {
    /// A shell that says that it is ready, and then waits for good.
    private static let waiting = "echo ready; exec tail -f /dev/null"
    private static let deaf = "trap '' TERM; " + waiting
    private static let impatient = ServerProcess.Patience(start: 10_000_000_000, stop: 50_000_000)

    private func shell(
        _ script: String, patience: ServerProcess.Patience = ServerProcess.Patience()
    ) throws -> ServerProcess {
        try ServerProcess("/bin/sh", ["-c", script], patience: patience)
    }

    /// Whether a process is there, be it only to be reaped.
    private func exists(_ pid: Int32) -> Bool { kill(pid, 0) == 0 }

    private func ready(_ server: ServerProcess) throws(ServerProcess.NotReady) -> String {
        try server.awaitLine { $0 == "ready" ? $0 : nil }
    }

    @Test func `A server that ends when it is asked to is reaped when stop returns`() throws {
        let server = try shell("trap 'kill $!; exit 0' TERM; tail -f /dev/null & echo ready; wait")
        #expect(try ready(server) == "ready")
        #expect(exists(server.pid))
        try server.stop()
        #expect(!exists(server.pid))
        server.end()
    }

    @Test func `One that ends with another status, or by a signal, is told, and reaped`() throws {
        let failing = try shell("trap 'kill $!; exit 3' TERM; tail -f /dev/null & echo ready; wait")
        _ = try ready(failing)
        #expect(throws: Failure.internalError("the router ended with status 3")) { try failing.stop() }
        #expect(!exists(failing.pid))
        let waiting = try shell(Self.waiting)
        _ = try ready(waiting)
        #expect(throws: Failure.internalError("the router was ended by signal 15")) { try waiting.stop() }
        #expect(!exists(waiting.pid))
    }

    @Test func `One that does not listen to SIGTERM is killed and awaited`() throws {
        let server = try shell(Self.deaf, patience: Self.impatient)
        _ = try ready(server)
        #expect(throws: Failure.internalError("the router did not end within 0.05 seconds of SIGTERM")) {
            try server.stop()
        }
        #expect(!exists(server.pid))
        let other = try shell(Self.deaf, patience: Self.impatient)
        _ = try ready(other)
        other.end()
        #expect(!exists(other.pid))
    }

    @Test func `One that is dropped, as after an error, ends`() throws {
        func drop(_ script: String) throws -> Int32 {
            let server = try shell(script, patience: Self.impatient)
            _ = try ready(server)
            return server.pid
        }
        #expect(!exists(try drop(Self.waiting)))
        #expect(!exists(try drop(Self.deaf)))
    }

    @Test func `All that a command started end at once, and those that are gone are no trouble`() throws {
        let servers = RunningServers()
        var kept: [ServerProcess] = []
        for script in [Self.waiting, Self.deaf, Self.waiting] {
            let server = try shell(script, patience: Self.impatient)
            servers.add(server)
            _ = try ready(server)
            kept.append(server)
        }
        kept[0].end()
        kept.removeFirst()
        servers.endAll()
        for server in kept { #expect(!exists(server.pid)) }
        servers.endAll()
    }

    /// A second SIGTERM means at once to many a router, and what the first began is lost.
    @Test func `Each of several is asked once, however long another takes`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let counting = "trap 'echo asked >>\(file.path)' TERM; echo ready; while :; do sleep 0.01; done"
        let patience = ServerProcess.Patience(start: 10_000_000_000, stop: 500_000_000)
        let servers = try [Self.deaf, counting].map { try shell($0, patience: patience) }
        for server in servers { _ = try ready(server) }
        ServerProcess.end(servers)
        #expect(try String(contentsOf: file, encoding: .utf8) == "asked\n")
    }

    // MARK: - Ready

    @Test func `Another line than the one of a server that is ready is told`() throws {
        let server = try shell("echo 'address in use'; exec tail -f /dev/null")
        #expect(throws: ServerProcess.NotReady.otherLine("address in use")) { _ = try ready(server) }
    }

    @Test func `A server that ends before it is ready, says nothing, or is not wanted any more, is not waited for`()
        throws
    {
        let ended = try shell("exit 1")
        #expect(throws: ServerProcess.NotReady.ended) { _ = try ready(ended) }
        let silent = try shell(
            "exec tail -f /dev/null", patience: ServerProcess.Patience(start: 20_000_000, stop: 1_000_000_000))
        #expect(throws: ServerProcess.NotReady.timedOut) { _ = try ready(silent) }
        let other = try shell("exec tail -f /dev/null")
        var looks = 0
        #expect(throws: ServerProcess.NotReady.interrupted) {
            _ = try other.awaitLine(
                isInterrupted: {
                    looks += 1
                    return looks > 1
                }, { $0 })
        }
        #expect(throws: ServerProcess.NotReady.interrupted) {
            try other.awaitConnection(to: .loopback(port: 1), isInterrupted: { true })
        }
    }

    @Test func `A server is ready when a connection is accepted`() throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        defer { Sockets.close(listener) }
        let server = try shell(Self.waiting)
        try server.awaitConnection(to: try Sockets.boundAddress(of: listener))
        let ended = try shell("exit 0")
        #expect(throws: ServerProcess.NotReady.ended) { try ended.awaitConnection(to: .loopback(port: 1)) }
    }
}
