import ArgumentParser
import Glibc
import RennbahnReactor
import RennbahnTransport
import Testing

@testable import RennbahnCommands

struct AddressOptionsTests {
    private func addresses(_ line: String) throws -> AddressGuard {
        try AddressOptions.parse(words(of: line)).addresses()
    }

    @Test func `Without options addresses have limits, and nobody is a front end`() throws {
        let addresses = try addresses("")
        #expect(addresses.limits == AddressLimits() && addresses.proxies.isEmpty)
        #expect(AddressLimits() != .off)
    }

    @Test func `Each limit is as it is given, and off switches it off`() throws {
        var limits = AddressLimits()
        (limits.connections, limits.handshakes) = (2000, nil)
        #expect(
            try addresses("--max-connections-per-address 2k --max-handshakes-per-address off").limits == limits)
        limits.connections = nil
        #expect(try addresses(AddressOptions.off.joined(separator: " ")).limits == limits)
    }

    @Test func `Front ends are addresses and networks`() throws {
        let proxies = try addresses("--trusted-proxies 10.0.0.0/8,::1").proxies
        let expected = try ["10.0.0.0/8", "::1"].map { try #require(AddressRange(parsing: $0)) }
        #expect(proxies == expected)
    }

    @Test(arguments: [
        "--max-connections-per-address -1", "--max-connections-per-address 10000001", "--trusted-proxies localhost",
        "--trusted-proxies 10.0.0.0/33", "--max-handshakes-per-address never",
    ])
    func `What is no limit and no front end is refused`(line: String) {
        #expect(throws: (any Error).self) { try addresses(line) }
    }

    @Test(.timeLimit(.minutes(3))) func `A router turns away what is more than one address may have`() throws {
        let router = try ProgramProcess(
            words(of: "router --listen 127.0.0.1:0 --shards 1 --max-connections-per-address 1"))
        try router.awaitOutput(beginningWith: "rennbahn router ready")
        let digits = router.output.last?.split(separator: ":").dropFirst(2).first?.prefix { $0.isNumber }
        let port = try #require(digits.flatMap { UInt16($0) })
        let peers = try (0..<2).map { _ in try Sockets.connect(to: .loopback(port: port)).descriptor }
        defer { for peer in peers { Sockets.close(peer) } }
        var ends = peers.map { pollfd(fd: $0.rawValue, events: Int16(POLLIN), revents: 0) }
        #expect(poll(&ends, 2, 60_000) == 1, "one of the two ends")
        router.send(Signals.terminate)
        #expect(try router.end() == .exited(code: 0))
        #expect(router.output.contains { $0.hasSuffix("turned away for the limits of their address: 1") })
    }
}
