import ArgumentParser
import RennbahnConfiguration
import RennbahnTransport

/// When `rennbahn router` looks whether silent clients are still there.
struct PingOptions: ParsableArguments {
    /// Milliseconds from the last sign of a client to a ping.
    private static let usualInterval = 10_000
    /// Milliseconds that a pong may take: a client may have much to read before it comes to the ping.
    private static let usualTimeout = 60_000

    @Option(
        help: """
            Time without a sign of a client after which it is pinged; 0: never. A bare number is milliseconds. \
            Default: \(PingOptions.usualInterval).
            """, transform: Quantity.milliseconds)
    var autoPingInterval: Int?

    @Option(
        help: """
            Time after a ping in which a sign of the client must come, or its connection is reset; 0: any time. A bare number \
            is milliseconds. Default: \(PingOptions.usualTimeout).
            """, transform: Quantity.milliseconds)
    var autoPingTimeout: Int?

    /// What a configuration file says instead.
    static let names = ["--auto-ping-interval", "--auto-ping-timeout"]

    /// `nil`: there are no pings.
    func settings() throws -> WebSocketOptions.AutoPing? {
        let interval = autoPingInterval ?? PingOptions.usualInterval
        let timeout = autoPingTimeout ?? PingOptions.usualTimeout
        try PingOptions.check("--auto-ping-interval", interval, Keys.Options.autoPingInterval.range)
        try PingOptions.check("--auto-ping-timeout", timeout, Keys.Options.autoPingTimeout.range)
        guard interval > 0 else { return nil }
        return WebSocketOptions.AutoPing(
            interval: UInt64(interval) * 1_000_000, timeout: UInt64(timeout) * 1_000_000)
    }

    private static func check(_ option: String, _ value: Int, _ range: ClosedRange<Int>) throws {
        guard value == 0 || range.contains(value) else {
            throw Failure.usage("\(option) must be 0, or \(range.lowerBound) to \(range.upperBound) milliseconds")
        }
    }
}
