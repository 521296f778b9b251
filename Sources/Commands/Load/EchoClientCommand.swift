import ArgumentParser
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnTransport

/// What `scripts/conformance` puts before the fuzzing server of the Autobahn testsuite: asks it how many cases there are,
/// runs each on a connection of its own, and has the report written.
struct EchoClientCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "echo-client",
        abstract: "Run all cases of a WebSocket fuzzing server, as a client that echoes.", shouldDisplay: false)

    @Option var url: String
    /// What the report calls this client.
    @Option var agent = "rennbahn"
    @Option(help: CompressionOption.help(standard: "deflate"), transform: CompressionOption.init(parsing:))
    var compression = CompressionOption.deflate
    /// Seconds without news on a connection after which a case counts as stuck.
    @Option(transform: Quantity.seconds) var patience = 60.0

    func execute() throws -> CommandStatus {
        let client = try client()
        let stated = try client.visit("/getCaseCount", isEcho: false)
        guard let count = Int(stated.lastText), count > 0 else {
            throw Failure.invalid("\(url): no number of cases: \(EchoClientCommand.text(stated))")
        }
        var stuck: [Int] = []
        for number in 1...count {
            let visit = try client.visit("/runCase?case=\(number)&agent=\(agent)", isEcho: true)
            if visit.end == nil { stuck.append(number) }
            if case .refused = visit.end {
                throw Failure.invalid("\(url): case \(number) of \(count): \(EchoClientCommand.text(visit))")
            }
        }
        let report = try client.visit("/updateReports?agent=\(agent)", isEcho: false)
        guard case .closed = report.end else {
            throw Failure.invalid("\(url): no report: \(EchoClientCommand.text(report))")
        }
        guard stuck.isEmpty else {
            throw Failure.invalid("\(url): stuck in cases \(stuck.map(String.init).joined(separator: ", "))")
        }
        try Console.output("\(count.of("case")) run")
        return .good
    }

    private func client() throws -> EchoClient {
        guard (1...86_400).contains(patience), agent.utf8.allSatisfy(EchoClientCommand.isPlain), !agent.isEmpty else {
            throw Failure.usage("--patience must be 1 to 86400 seconds, --agent letters, digits, dots and hyphens")
        }
        let target: LoadTarget
        do {
            target = try LoadTarget(parsing: url)
        } catch {
            throw Failure.usage("--url \(url): \(error)")
        }
        guard target.socketPath == nil, !target.isSecure, !target.speaksRawSocket else {
            throw Failure.usage("--url \(url): only ws:// is spoken here")
        }
        let address: SocketAddress
        do throws(LoadFailure) {
            address = try target.address(patience: UInt64(patience * 1_000_000_000))
        } catch {
            throw Failure(line: "--url \(error)", status: error.exitStatus)
        }
        return EchoClient(
            target: target, address: address, deflate: compression.policy, patience: UInt64(patience * 1_000_000_000))
    }

    private static func text(_ visit: EchoClient.Visit) -> String {
        visit.end.map { "\($0)" } ?? "nothing happened for too long"
    }

    /// Whether an octet stands for itself in a query.
    private static func isPlain(_ octet: UInt8) -> Bool {
        switch Unicode.Scalar(octet) {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "-": true
        default: false
        }
    }
}
