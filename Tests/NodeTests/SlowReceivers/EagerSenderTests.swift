import RennbahnNodeSimulation
import RennbahnRouterNode
import Testing

/// Sessions whose role has `may_hold: false`.
@Suite("Senders that wait for no receiver")
struct EagerSenderTests {
    private static let filling = String(repeating: "#", count: 60_000)

    /// Sends 3 MB as fast as they are taken; how many milliseconds that takes.
    private func send(_ stage: SlowReceiverStage, from sender: BarePeer, _ message: (Int) -> String) -> Int {
        let began = stage.time
        for number in 1...50 {
            sender.say(message(number))
            while sender.backlog > 0 {
                sender.pump()
                sender.read()
                stage.tick()
            }
        }
        for _ in 0..<5 { stage.tick() }
        return stage.time - began
    }

    @Test("a subscriber that is behind is detached at once where nobody may wait for it", arguments: [1, 2])
    func publications(shards: Int) throws {
        for roles in [[:], ["realm1": ["anonymous"]], ["realm1": ["other"]], ["realm2": ["anonymous"]]]
            as [[String: Set<String>]]
        {
            let stage = try SlowReceiverStage(shards: shards, rolesWithoutHolds: roles)
            let stuck = try stage.join(#"[32,1,{},"com.example.topic"]"#)
            let publisher = try stage.join(shard: shards - 1)
            let time = send(stage, from: publisher) { number in
                #"[16,\#(number),{},"com.example.topic",["\#(Self.filling)"]]"#
            }
            let isEager = roles["realm1"]?.contains("anonymous") == true
            #expect(isEager == (time < 250), "\(time) ms with \(roles)")
            #expect(stage.figure(\.detached) == 1 && stage.figure(\.overflowed) == 0)
            #expect(stuck.read().allSatisfy { $0.hasPrefix("[36,") } && !stuck.hasEnded)
        }
    }

    @Test("so is a callee", arguments: [1, 2])
    func calls(shards: Int) throws {
        let stage = try SlowReceiverStage(shards: shards, rolesWithoutHolds: ["realm1": ["anonymous"]])
        _ = try stage.join(#"[64,1,{},"com.example.procedure"]"#)
        let caller = try stage.join(shard: shards - 1)
        let time = send(stage, from: caller) { #"[48,\#($0),{},"com.example.procedure",["\#(Self.filling)"]]"# }
        #expect(time < 250 && stage.figure(\.detached) == 1, "\(time) ms")
    }
}
