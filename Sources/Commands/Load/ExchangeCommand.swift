import ArgumentParser
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnWAMP

/// What `scripts/tier0` drives a router with; prints the bytes that its messages took on the wire.
struct ExchangeCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "exchange",
        abstract: "Exchange a fixed number of messages with a router, one at a time.", shouldDisplay: false)

    @Option var address: String
    @Option var realm = "realm1"
    @Option var work: String
    @Option var serializer: String
    @Option(transform: CompressionOption.init(parsing:)) var compression = CompressionOption.none
    @Option(transform: Quantity.bytes) var payload = 32
    @Option(transform: Quantity.count) var messages: Int

    func execute() throws -> CommandStatus {
        guard (1...65_535).contains(payload), messages > 0 else {
            throw Failure.usage("--payload must be 1 to 65535, --messages positive")
        }
        guard let work = Exchange.Work(rawValue: work), let serializer = Serializer(name: serializer) else {
            throw Failure.usage("--work is publish-1 or call, --serializer json or msgpack")
        }
        let target: SocketAddress
        do {
            target = try SocketAddress(parsing: address)
        } catch {
            throw Failure.usage("--address \(address): \(error)")
        }
        let figures: Exchange.Figures
        do {
            figures = try Exchange(
                Exchange.Configuration(
                    address: target, realm: realm, work: work, serializer: serializer,
                    deflate: compression.policy, payloadBytes: payload, messages: messages)
            ).run()
        } catch {
            throw Failure.invalid("\(address): \(error)")
        }
        try Console.output(#"{"wireBytes": \#(figures.bytesSent + figures.bytesReceived)}"#)
        return .good
    }
}
