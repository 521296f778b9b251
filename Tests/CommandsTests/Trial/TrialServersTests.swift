import Foundation
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnTrial
import RennbahnWAMP
import RennbahnWorkload
import Testing

@testable import RennbahnCommands

/// Which processes the sides of a group work against.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct TrialServersTests {
    private let settings = BenchSettings(
        clients: 2, depth: 1, shards: 1, rounds: 1, warmUp: 0, duration: 0.01, seed: 1, routerPins: [],
        generatorPins: [], executable: builtProgram, cFloor: nil, peerRealm: "realm1")

    private func task(shards: Int = 1, isCrossed: Bool = false, _ compression: CompressionOption = .none) -> CellTask {
        var task = CellTask(
            name: "pubsub", server: .router(shards: shards),
            scenario: .pubsub(publishers: 1, subscribers: 1, topics: 1), depth: 1, payload: .filler(bytes: 32),
            serializer: .json)
        task.isCrossed = isCrossed
        task.compression = compression
        return task
    }

    @Test func `Formats share a router, another number of shards has its own, and who crosses is received elsewhere`()
        throws
    {
        try #require(FileManager.default.isExecutableFile(atPath: builtProgram), "\(builtProgram) is not built")
        let servers = RunningServers()
        let tasks = [task(), task(), task(.deflate), task(shards: 2, isCrossed: true)]
        let started = try TrialServers(tasks, settings, servers)
        defer { started.stopQuietly() }
        let places = started.places
        let processes = places.map(\.process.pid)
        #expect(processes[0] == processes[1] && processes[1] == processes[2] && processes[0] != processes[3])
        #expect(places[0].target.url == places[1].target.url && places[0].target.url != places[2].target.url)
        #expect(Set(places.map(\.realm)).count == 4)
        #expect(places.map(\.shards) == [1, 1, 1, 2])
        #expect(places[0...2].allSatisfy { $0.receiverTarget == nil })
        #expect(try #require(places[3].receiverTarget).url != places[3].target.url)
        try started.stop()
    }

    @Test func `What crosses from shard to shard takes its turns beside what does not, and nothing is lost`() throws {
        try #require(FileManager.default.isExecutableFile(atPath: builtProgram), "\(builtProgram) is not built")
        let group = TrialGroup(
            work: "pubsub", clients: 2, fewestClients: 2,
            sides: [
                TrialGroup.Side(name: "one", role: .baseline, task: task()),
                TrialGroup.Side(name: "two", role: .other, task: task(shards: 2, isCrossed: true)),
            ])
        var trials = TrialSettings(budget: 0, seed: 1)
        trials.warmUpRounds = 0
        let measurement = TrialMeasurement(group, trials, settings)
        try measurement.takeStart(RunningServers(), turns: 0, show: { _ in }, isInterrupted: { false })
        let result = try #require(measurement.results.first)
        #expect(result.rounds > 0 && result.sides.map(\.parameters?.routerShards) == [1, 2])
        for side in result.sides { #expect(side.verification.received > 0 && side.verification.isClean) }
    }
}
