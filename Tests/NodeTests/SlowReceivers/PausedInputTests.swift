import RennbahnNodeSimulation
import RennbahnTransport
import Testing

@testable import RennbahnRouterNode

/// What those have sent who are not read since they wait for a receiver.
@Suite("Input that is not worked off")
struct PausedInputTests {
    @Test(
        "takes no more memory than there is for it: who has the most is ended",
        arguments: [(100_000, false), (Limits().maxPausedInput, true)])
    func bound(limit: Int, isEnough: Bool) throws {
        let stage = try SlowReceiverStage(maxPausedInput: limit)
        let stuck = try stage.join(#"[32,1,{},"com.example.topic"]"#)
        let publishers = try (0..<10).map { _ in try stage.join() }
        let event = String(repeating: "#", count: 60_000)
        for publisher in publishers {
            for number in 1...4 { publisher.say(#"[16,\#(number),{},"com.example.topic",["\#(event)"]]"#) }
        }
        for _ in 0..<20 {
            for publisher in publishers { publisher.pump() }
            stage.tick()
        }
        #expect((stage.figure(\.crowdedOut) == 0) == isEnough)
        for _ in 0..<100 {
            stage.tick()
            for publisher in publishers { publisher.read() }
        }
        let isTold = publishers.contains { $0.closeCode == 1013 }
        #expect(isTold == !isEnough)
        #expect(!stuck.hasEnded)
    }
}
