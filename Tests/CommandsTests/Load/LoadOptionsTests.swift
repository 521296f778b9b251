import ArgumentParser
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnWorkload
import Testing

@testable import RennbahnCommands

/// What the options of `rennbahn load` make.
struct LoadOptionsTests {
    private func workload(_ line: String) throws -> WorkloadParameters {
        try LoadOptions.parse(["--url", "ws://127.0.0.1:9/"] + words(of: line)).configuration().workload
    }

    @Test(arguments: [
        ("--clients 500", Scenario.pubsub(publishers: 5, subscribers: 495, topics: 5)),
        ("--clients 10", .pubsub(publishers: 1, subscribers: 9, topics: 1)),
        ("--clients 10 --shards 2", .pubsub(publishers: 2, subscribers: 8, topics: 2)),
        ("--clients 10 --subscribers 7", .pubsub(publishers: 3, subscribers: 7, topics: 3)),
        ("--clients 10 --publishers 4", .pubsub(publishers: 4, subscribers: 6, topics: 4)),
        ("--clients 10 --topics 3", .pubsub(publishers: 3, subscribers: 7, topics: 3)),
        ("--publishers 2 --subscribers 5 --topics 1", .pubsub(publishers: 2, subscribers: 5, topics: 1)),
        ("--scenario rpc --clients 10", .rpc(callers: 5, callees: 5)),
        ("--scenario rpc --clients 10 --callers 3", .rpc(callers: 3, callees: 7)),
        ("--scenario rpc --clients 10 --callees 3", .rpc(callers: 7, callees: 3)),
        ("--scenario rpc --callers 1 --callees 2", .rpc(callers: 1, callees: 2)),
        ("--scenario connect", .connect),
        ("--scenario echo", .echo),
    ])
    func `Roles that are not given follow from those that are`(line: String, scenario: Scenario) throws {
        let workload = try workload(line)
        #expect(workload.scenario == scenario)
        #expect(workload.clients == scenario.roleCount ?? 100)
    }

    @Test(arguments: ["pubsub", "rpc", "connect", "echo"], [1, 2, 3, 101])
    func `A number of clients that is given is that of the run, or refused`(scenario: String, clients: Int) throws {
        let line = "--scenario \(scenario) --clients \(clients)"
        if clients == 1, scenario == "pubsub" || scenario == "rpc" {
            #expect(throws: Failure.self) { try workload(line) }
        } else {
            let workload = try workload(line)
            #expect(workload.clients == clients && workload.scenario.roleCount ?? clients == clients)
        }
    }

    @Test(arguments: [
        "--clients 50 --publishers 5 --subscribers 10", "--clients 10 --subscribers 10", "--clients 10 --publishers 20",
        "--scenario rpc --clients 50 --callers 5 --callees 5", "--scenario rpc --clients 10 --callers 10",
        "--clients 3 --topics 2", "--clients 3 --shards 4", "--clients 2k --publishers 5 --subscribers 10 --topics 5",
    ])
    func `Roles that make another number of clients are refused`(line: String) {
        #expect(throws: Failure.self) { try workload(line) }
    }

    @Test func `Without a number of clients the roles say it`() throws {
        #expect(try workload("--publishers 5 --subscribers 10").clients == 15)
        #expect(try workload("--scenario rpc --callers 3").clients == 100)
        #expect(try workload("").clients == 100 && workload("--scenario echo").clients == 100)
    }

    @Test func `Units say what bare numbers mean by themselves`() throws {
        let bare = try workload("--clients 2000 --warmup 0.5 --duration 120 --slow 1 --slow-interval 2000 --rate 10000")
        let units = try workload("--clients 2k --warmup 500ms --duration 2m --slow 1 --slow-interval 2s --rate 10k/s")
        #expect(bare == units)
    }

    @Test func `Without a rate the loop is closed, with one it is open`() throws {
        #expect(try workload("").load == .closed(depth: 1))
        #expect(try workload("--depth 7").load == .closed(depth: 7))
        #expect(try workload("--rate 5000/s").load == .open(rate: 5000, arrivals: .constant))
        #expect(try workload("--rate 0.5 --poisson").load == .open(rate: 0.5, arrivals: .poisson))
    }

    @Test func `Seconds and milliseconds become what phases and laggards have`() throws {
        let workload = try workload(
            "--warmup 0.5 --duration 2 --drain-timeout 3 --connect-timeout 4 --slow 2 --slow-interval 30 --stuck 1 --ramp 9"
        )
        #expect(workload.phases.warmUp == 500_000_000)
        #expect(workload.phases.window == 2_000_000_000)
        #expect(workload.phases.drainTimeout == 3_000_000_000)
        #expect(workload.phases.connectTimeout == 4_000_000_000)
        #expect(workload.laggards.slow == 2 && workload.laggards.stuck == 1)
        #expect(workload.laggards.interval == 30_000_000)
        #expect(workload.connectRate == 9)
    }

    @Test func `All values that are wrong are told at once, each by the option that is there for it`() throws {
        let failure = #expect(throws: Failure.self) {
            _ = try workload("--payload 31 --ramp 0 --depth 0 --serializer xml --duration 0")
        }
        let lines = try #require(failure).line.split(separator: "\nrennbahn: ")
        #expect(
            lines.map { $0.prefix { $0 != ":" } } == ["--serializer", "--payload", "--ramp", "--depth", "--duration"])
        #expect(failure?.status == .usage)
    }
}
