import RennbahnLoadGenerator
import Testing

@testable import RennbahnCommands

struct GateSideTests {
    @Test func `A command is one that says where it listens, a program one that is there`() throws {
        guard case .command(let words) = try GateSide(command: "router --port {port}", option: "--a").server else {
            Issue.record("no command")
            return
        }
        #expect(words == ["router", "--port", "{port}"])
        guard case .rennbahn(let path) = try GateSide(command: "/bin/sh", option: "--a").server else {
            Issue.record("no program")
            return
        }
        #expect(path == "/bin/sh")
        #expect(throws: Failure.usage("--b: there is no program nowhere")) {
            _ = try GateSide(command: "nowhere", option: "--b")
        }
    }

    @Test func `A router that runs already is named by its address, perhaps with its process`() throws {
        let side = try GateSide(url: "ws://127.0.0.1:9/ws@4711", option: "--url-a")
        #expect(side.name == "ws://127.0.0.1:9/ws")
        let server = try RunningServers().router(
            of: side, realm: "realm1", compression: "none", processors: [], isInterrupted: { false })
        #expect(server.pid == 4711)
        #expect(!server.isFresh)
        #expect(throws: Failure.usage("--url-a ws://127.0.0.1/@0: 0 is not a process id")) {
            _ = try GateSide(url: "ws://127.0.0.1/@0", option: "--url-a")
        }
    }

    @Test func `Turns are as long as they may be, and there is one at least`() {
        var turns = GateTurns(warmUp: 150_000_000, duration: 360_000_000, turn: 30_000_000)
        #expect(turns.warmUpCount == 5)
        #expect(turns.count == 12)
        #expect(turns.leadIn == 3_000_000)
        turns.warmUp = 0
        turns.duration = 1
        #expect(turns.warmUpCount == 0)
        #expect(turns.count == 1)
        turns.warmUp = 1
        #expect(turns.warmUpCount == 1)
    }
}
