import ArgumentParser
import RennbahnReactor
import RennbahnRouterNode
import Testing

@testable import RennbahnCommands

struct RouterMemoryTests {
    @Test func `The memory of a shard has units, and a gibibyte is its default`() throws {
        #expect(try RouterCommand.parse(words(of: "--memory 128MiB")).memory == 128 << 20)
        #expect(try RouterCommand.parse([]).memory == 1 << 30)
    }

    @Test func `What limits come to is told with its parts, and against what there is`() throws {
        let configuration = NodeConfiguration(service: .router(realms: ["realm1"]), listen: .loopback(port: 0))
        let sockets = SocketMemory(receiving: 6 << 20, sending: 4 << 20, all: 2 << 30)
        let worst = WorstCase(configuration, descriptors: 1, sockets: sockets)
        #expect(worst.text.hasPrefix("limits allow "))
        #expect(worst.text.contains(" for 1 connection: unfinished messages 256 MiB, "))
        #expect(worst.text.hasSuffix(", buffers of sockets 10.0 MiB"))
        #expect(worst.warning(available: worst.octets) == nil && worst.warning(available: nil) == nil)
        let warning = try #require(worst.warning(available: 64 << 20))
        #expect(warning.contains("there is 64.0 MiB") && warning.contains("--memory"))
    }

    @Test(.timeLimit(.minutes(3))) func `A router tells it in its log when it starts`() throws {
        let router = try ProgramProcess(["router", "--listen", "127.0.0.1:0", "--log-level", "info"])
        try router.awaitOutput(beginningWith: "rennbahn router ready")
        router.send(Signals.terminate)
        #expect(try router.end() == .exited(code: 0))
        #expect(router.output.contains { $0.contains("info") && $0.contains("limits allow ") })
        #expect(router.output.filter { $0.hasPrefix("rennbahn router ready") }.count == 1)
    }
}
