import Foundation
import RennbahnReactor
import RennbahnTransport
import Testing

@testable import RennbahnCommands

/// How `rennbahn router` ends.
struct ShutdownTests {
    @Test func `Shards that take their time are told again, and then not waited for`() {
        var shutdown = Shutdown()
        #expect(!shutdown.hasBegun)
        #expect(shutdown.due(at: .max) == nil)
        #expect(shutdown.asked(at: 1000) == .stop)
        #expect(shutdown.hasBegun)
        #expect(shutdown.due(at: 1000 + Shutdown.drainPatience - 1) == nil)
        let abandoned = 1000 + Shutdown.drainPatience
        #expect(shutdown.due(at: abandoned) == .abandon)
        #expect(shutdown.due(at: abandoned + Shutdown.dropPatience - 1) == nil)
        #expect(shutdown.due(at: abandoned + Shutdown.dropPatience) == .leave)
    }

    @Test func `A second signal drops what is left at once, and further ones put nothing off`() {
        var shutdown = Shutdown()
        #expect(shutdown.asked(at: 0) == .stop)
        #expect(shutdown.asked(at: 5) == .abandon)
        #expect(shutdown.asked(at: 5 + Shutdown.dropPatience - 1) == .abandon)
        #expect(shutdown.due(at: 5 + Shutdown.dropPatience) == .leave)
    }

    @Test func `All of it is over in four seconds, and shards have their own time before`() {
        #expect(Shutdown.drainPatience > Limits().shutdownTimeout)
        let last = Shutdown.drainPatience + Shutdown.dropPatience
        #expect(last + 100_000_000 < Shutdown.limit && Shutdown.limit < 4_000_000_000)
    }

    @Test func `Whoever reads the log has what is left of that, but no more than its patience`() {
        var shutdown = Shutdown()
        #expect(shutdown.left(at: 5, atMost: 1000) == 1000)
        _ = shutdown.asked(at: 7)
        #expect(shutdown.left(at: 8, atMost: 1000) == 1000)
        #expect(shutdown.left(at: 7 + Shutdown.limit - 3, atMost: 1000) == 3)
        #expect(shutdown.left(at: 7 + Shutdown.limit, atMost: 1000) == 0)
        #expect(shutdown.left(at: .max, atMost: 1000) == 0)
    }

    /// With sessions the interop tests look at it.
    @Test(.timeLimit(.minutes(2)), arguments: [Signals.terminate, Signals.interrupt, Signals.hangUp])
    func `Every signal that ends a router ends it with status 0`(signal: Int32) throws {
        let router = try ProgramProcess(["router", "--listen", "127.0.0.1:0"])
        try router.awaitOutput(beginningWith: "rennbahn router ready")
        router.send(signal)
        #expect(try router.end() == .exited(code: 0))
    }

    /// The file has a thread of its own, which is there before the shards.
    @Test(.timeLimit(.minutes(2)), arguments: [Signals.terminate, Signals.hangUp])
    func `A router that keeps cookies in a file ends in order, too`(signal: Int32) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "node.yaml")
        try """
        version: 2
        workers:
          - type: router
            realms: [{name: realm1, roles: [{name: anonymous, allow-by-default: true}]}]
            transports:
              - type: websocket
                endpoint: {type: tcp, portrange: [21000, 29999], interface: 127.0.0.1}
                cookie: {store: {type: file, filename: cookies.log}}
        """.write(to: file, atomically: true, encoding: .utf8)
        let router = try ProgramProcess(["router", "--config", file.path])
        try router.awaitOutput(beginningWith: "rennbahn router ready")
        router.send(signal)
        #expect(try router.end() == .exited(code: 0))
    }
}
