import ArgumentParser
import RennbahnTransport
import Testing

@testable import RennbahnCommands

struct PingOptionsTests {
    private func settings(_ line: String) throws -> WebSocketOptions.AutoPing? {
        try PingOptions.parse(words(of: line)).settings()
    }

    @Test func `Without options a client that vanished is found, and one with much to read is not taken for it`() throws
    {
        let settings = try #require(try settings(""))
        #expect(settings == WebSocketOptions.AutoPing(interval: 10_000_000_000, timeout: 60_000_000_000))
        #expect(settings.restartsOnTraffic)
    }

    @Test func `Both times are as they are given, and 0 switches off`() throws {
        #expect(
            try settings("--auto-ping-interval 2s --auto-ping-timeout 1500")
                == WebSocketOptions.AutoPing(interval: 2_000_000_000, timeout: 1_500_000_000))
        #expect(try settings("--auto-ping-timeout 0") == WebSocketOptions.AutoPing(interval: 10_000_000_000))
        #expect(try settings("--auto-ping-interval 0") == nil)
    }

    @Test(arguments: [
        "--auto-ping-interval 1", "--auto-ping-interval 999", "--auto-ping-timeout 86400001",
        "--auto-ping-interval 0 --auto-ping-timeout 1",
    ])
    func `Times that a configuration file may not have are refused`(line: String) {
        #expect(throws: Failure.self) { try settings(line) }
    }
}
