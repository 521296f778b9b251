import RennbahnNodeSimulation
import RennbahnTransport
import Testing

@testable import RennbahnRouterNode

/// The limit of a node reaches its routers, and clients are told.
struct StateMemoryTests {
    @Test func `A session that takes more than its share is refused, another is not`() throws {
        let stage = try SlowReceiverStage(maxState: 64 * 1024)
        let modest = try stage.join()
        let greedy = try stage.join()
        let count = 300
        for number in 1...count { greedy.say(#"[32,\#(number),{},"com.greedy.n\#(number)"]"#) }
        var answers: [String] = []
        for _ in 0..<200 where answers.count < count {
            greedy.pump()
            stage.tick()
            answers += greedy.read()
        }
        #expect(answers.count == count)
        #expect(answers.first?.hasPrefix("[33,1,") == true)
        #expect(answers.last == #"[8,32,300,{},"wamp.error.unavailable"]"#)
        modest.say(#"[32,1,{},"com.modest"]"#)
        var heard: [String] = []
        for _ in 0..<50 where heard.isEmpty {
            stage.tick()
            heard += modest.read()
        }
        #expect(heard.first?.hasPrefix("[33,1,") == true)
    }
}
