import RennbahnBytes
import RennbahnMeasurement
import RennbahnReactor
import RennbahnSimulationKit
import RennbahnTransport
import RennbahnWAMP
import RennbahnWorkload
import Testing

@testable import RennbahnLoadGenerator

/// A shard of the load generator and a server on a network and a clock in memory: what takes how long is known to the nanosecond.
final class Stage {
    private static let port: UInt16 = 8000

    let network = SimulatedNetwork(seed: 1)
    let server: StagedServer
    let control: FleetControl
    let shard: FleetShard
    private let clients: Int
    /// Nanoseconds from one look at the clock to the next.
    private let step: UInt64
    private var isOver = false

    /// - Parameters:
    ///   - principals: whom clients log in as.
    ///   - answers: of the server; by default it sends back what it gets.
    init(
        _ workload: WorkloadParameters, step: UInt64 = 100_000, isInTurns: Bool = false,
        principals: [LoadPrincipal] = [],
        answers: @escaping (LinkID, [UInt8]) -> [StagedServer.Answer] = { [StagedServer.Answer(link: $0, text: $1)] }
    ) throws {
        self.step = step
        clients = workload.clients
        server = try StagedServer(network, port: Stage.port, answers: answers)
        control = try FleetControl()
        let target = try LoadTarget(parsing: "ws://127.0.0.1:\(Stage.port)/")
        var configuration = LoadConfiguration(target: target, workload: workload, serializer: .json)
        configuration.principals = principals
        shard = try FleetShard(
            ShardSetting(
                configuration: configuration,
                plan: FleetPlan(workload, run: 7), shard: 0, address: .loopback(port: Stage.port),
                receiverAddress: .loopback(port: Stage.port), sources: [], run: 7, epoch: network.now,
                isInTurns: isInTurns),
            control: control, kernel: Kernel(simulatedBy: network))
    }

    /// Everybody has turns, at the same time on the clock, until nothing moves any more.
    private func settle() {
        var quiet = 0
        while quiet < 5 {
            let before = network.octets
            server.turn()
            if !isOver { isOver = !shard.turn() }
            quiet = network.octets == before ? quiet + 1 : 0
        }
    }

    func advance(_ nanoseconds: UInt64) {
        for _ in 0..<nanoseconds / step {
            network.advance(step)
            settle()
        }
    }

    /// Time passes, and nobody has a turn.
    func standStill(_ nanoseconds: UInt64) {
        network.advance(nanoseconds)
        settle()
    }

    func connect() throws {
        for _ in 0..<10_000 where control.report.ready < clients { advance(step) }
        try #require(control.report.ready == clients)
    }

    /// The load begins now.
    func load(warmUp: UInt64, window: UInt64) {
        let start = network.now + warmUp
        control.startLoad(windowStart: start, windowEnd: start + window)
        settle()
    }

    /// Connects, loads, and lets what is on its way arrive.
    func run(warmUp: UInt64, window: UInt64) throws -> FleetFigures {
        try connect()
        load(warmUp: warmUp, window: window)
        advance(warmUp + window)
        advance(100 * step)
        return try finish()
    }

    /// Of the payload of an echo.
    var echoOctets: UInt64 {
        var buffer = ByteBuffer()
        shard.echoes.value.write(Stamp(sender: 0, sequence: 0, sentAt: 0), into: &buffer)
        return UInt64(buffer.count)
    }

    /// Closes the connections, and drops those that are not closed after so long.
    func finish(within patience: UInt64) throws -> FleetFigures {
        control.give(.close)
        advance(patience)
        control.give(.abandon)
        advance(step)
        try #require(isOver)
        shard.end()
        return control.takeFigures()
    }

    /// Closes the connections.
    func finish() throws -> FleetFigures {
        control.give(.close)
        for _ in 0..<10_000 where !isOver { advance(step) }
        try #require(isOver)
        shard.end()
        return control.takeFigures()
    }
}

extension WorkloadParameters {
    static func echo(rate: Double) -> WorkloadParameters {
        WorkloadParameters(scenario: .echo, clients: 1, load: .open(rate: rate, arrivals: .constant))
    }
}

/// Milliseconds, in nanoseconds.
func ms(_ count: UInt64) -> UInt64 { count * 1_000_000 }

/// As exact as a histogram is.
func isNear(_ value: UInt64, _ expected: UInt64) -> Bool {
    let difference = value > expected ? value - expected : expected - value
    return difference <= expected / 1000
}
