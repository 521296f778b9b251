import Foundation
import RennbahnGate
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnTrial
import RennbahnWAMP
import RennbahnWorkload
import Testing

@testable import RennbahnCommands

/// Whose figures the trials and the gate tell as a router's.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct OwnershipTests {
    private let servers = RunningServers()

    /// A router that runs already, as a user names it.
    private func running(pid: Int32?) throws -> (router: MeasuredServer, named: MeasuredServer) {
        try #require(FileManager.default.isExecutableFile(atPath: builtProgram), "\(builtProgram) is not built")
        var options = RunningServers.RouterOptions()
        options.realms = ["realm1"]
        let router = try servers.router(builtProgram, options)
        return (router, MeasuredServer(running: "theirs", at: router.target, pid: pid))
    }

    private var settings: BenchSettings {
        BenchSettings(
            clients: 2, depth: 1, shards: 1, rounds: 1, warmUp: 0, duration: 0.01, seed: 1, routerPins: [],
            generatorPins: [], executable: builtProgram, cFloor: nil, peerRealm: "realm1")
    }

    private func trial(_ peer: MeasuredServer) throws -> [TrialResult] {
        let task = CellTask(
            name: "rpc", server: .router(shards: 1), scenario: .rpc(callers: 1, callees: 1), depth: 1,
            payload: .filler(bytes: 32),
            serializer: .json)
        let group = TrialGroup(
            work: "rpc 32 B", clients: 2, fewestClients: 2,
            sides: [
                TrialGroup.Side(name: "rennbahn", role: .baseline, task: task),
                TrialGroup.Side(name: peer.name, role: .other, task: task.served(by: .peer(peer), peer.name)),
            ])
        var trials = TrialSettings(budget: 0, seed: 1)
        trials.warmUpRounds = 0
        let measurement = TrialMeasurement(group, trials, settings)
        try measurement.takeStart(servers, turns: 0, show: { _ in }, isInterrupted: { false })
        return measurement.results
    }

    private func gate(_ router: MeasuredServer, pid: Int32?) throws -> GateRun {
        var side = try GateSide(url: "\(router.target.url)", option: "--url-a")
        side.server = .running(router.target, pid: pid)
        return GateRun(
            cells: try GateCell.list("rpc", clients: 2), base: side, candidate: side, settings: settings,
            lengths: GateTurns(warmUp: 0, duration: 10_000_000, turn: 10_000_000), servers: servers,
            progress: BenchJob.progress, isInterrupted: { false })
    }

    @Test func `Another process than the one behind the socket is refused by trials and gate alike`() throws {
        let (router, named) = try running(pid: getpid())
        let owner = try #require(router.pid)
        let reason = "process \(getpid()) does not listen at \(router.target.url): process \(owner) does"
        #expect(throws: Failure.usage("rpc 32 B theirs: \(reason)")) { try trial(named) }
        let failure = #expect(throws: Failure.self) {
            _ = try gate(router, pid: getpid()).measure(GateSettings(seed: 1))
        }
        #expect(failure?.status == .usage && failure?.line.hasSuffix(": \(reason)") == true)
        try router.stop()
    }

    @Test func `A router of which no process is named is found by its socket, and its CPU time is measured`() throws {
        let (router, named) = try running(pid: nil)
        let side = try #require(try trial(named).first?.side("theirs"))
        // A few turns are no figure; that it has turns with CPU time, or had to do without, is told apart.
        #expect(side.warnings?.contains { $0.kind == .routerProcessUnknown } != true)
        var configuration = CellRunner.configuration(
            try GateCell.list("rpc", clients: 2)[0].task, settings, target: router.target, seed: 1)
        configuration.realm = "realm1"
        let session = try LoadSession(configuration)
        #expect(session.samplesServer)
        let turn = try #require(try session.turn(leadIn: 5_000_000, window: 30_000_000))
        #expect(turn.serverSeconds ?? 0 > 0)
        #expect(try session.close().target?.processes == [try #require(router.pid)])
        try router.stop()
    }
}
