import ArgumentParser
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
        (limits.connections, limits.handshakes, limits.failedLogins) = (2000, nil, 7)
        #expect(
            try addresses(
                "--max-connections-per-address 2k --max-handshakes-per-address off --max-failed-logins-per-address 7"
            ).limits == limits)
        let off = try addresses(AddressOptions.off.joined(separator: " "))
        #expect(off.limits == .off)
    }

    @Test func `Front ends are addresses and networks`() throws {
        let proxies = try addresses("--trusted-proxies 10.0.0.0/8,::1").proxies
        let expected = try ["10.0.0.0/8", "::1"].map { try #require(AddressRange(parsing: $0)) }
        #expect(proxies == expected)
    }

    @Test(arguments: [
        "--max-connections-per-address -1", "--max-connections-per-address 10000001", "--trusted-proxies localhost",
        "--trusted-proxies 10.0.0.0/33", "--max-failed-logins-per-address never",
    ])
    func `What is no limit and no front end is refused`(line: String) {
        #expect(throws: (any Error).self) { try addresses(line) }
    }
}
