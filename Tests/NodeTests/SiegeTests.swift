import RennbahnNodeSimulation
import RennbahnRouterNode
import RennbahnSimulationKit
import RennbahnTransport
import RennbahnWAMP
import Testing

/// `make simulate HOURS=8` plays many more, and longer; `make simulate SEED=… TICKS=…` repeats one.
@Suite("Attackers beside bystanders, in memory")
struct SiegeTests {
    private static let ticks = 250

    private func play(_ seed: UInt64) throws -> Siege.Outcome {
        let outcome = try Siege.run(seed: seed, ticks: Self.ticks)
        #expect(outcome.faults.isEmpty, "\(outcome.faults): make simulate SEED=\(seed) TICKS=\(Self.ticks)")
        #expect(outcome.longestSilence <= Siege.longestSilence)
        #expect(outcome.steps > 0 && outcome.messages > 0, "where nothing happens nothing is shown")
        return outcome
    }

    @Test(
        "no bystander loses or misses anything, and nothing is left of anybody",
        arguments: 1...6 as ClosedRange<UInt64>)
    func fixed(seed: UInt64) throws {
        let outcome = try play(seed)
        #expect(!outcome.endings.isEmpty && outcome.steps > 100)
    }

    @Test("what is left of somebody is seen, and nothing is when all are gone")
    func tables() throws {
        let profile = AcceptProfile(subprotocols: [Serializer.json.subprotocol])
        var limits = Limits()
        limits.maxConnections = 4
        let node = try SimulatedNode(SimulatedNetwork(seed: 1), limits, profiles: [profile])
        #expect(node.group.occupiedTables(of: 0) == [])
        let peer = try BarePeer(node.network, port: SimulatedNode.port(0))
        node.turn(times: 4)
        #expect(node.group.occupiedTables(of: 0) == ["connections: 1", "timers: 1", "times of HELLO: 1"])
        peer.say(#"[1,"realm1",{"roles":{"subscriber":{}}}]"#)
        peer.say(#"[32,1,{},"com.example.topic"]"#)
        node.turn(times: 4)
        #expect(peer.read().count == 2)
        #expect(
            node.group.occupiedTables(of: 0) == [
                "connections: 1", "sessions", "topics and subscriptions", "numbers of subscriptions",
            ])
        peer.close()
        node.turn(times: 4)
        #expect(node.group.occupiedTables(of: 0) == [])
    }

    @Test("a seed that nobody has tried before")
    func fresh() throws {
        _ = try play(.random(in: 1...UInt64(UInt32.max)))
    }

    @Test("a seed repeats a run to the octet, and another is another")
    func repeats() throws {
        let (one, again, other) = (try play(11), try play(11), try play(12))
        #expect(one.digest == again.digest && one.steps == again.steps && one.endings == again.endings)
        #expect(one.digest != other.digest && one.steps > 100)
    }

    @Test("every attack is there, and the kernel fails in more ways than one")
    func kinds() throws {
        var (attacks, faults): (Set<String>, Set<String>) = ([], [])
        for seed: UInt64 in 20..<32 {
            let outcome = try Siege.run(seed: seed, ticks: 60)
            attacks.formUnion(outcome.endings.keys)
            faults.formUnion(outcome.faultsInjected.keys)
        }
        #expect(attacks.count >= Attack.allCases.count - 2, "\(attacks)")
        #expect(faults.count > 2, "\(faults)")
    }
}
