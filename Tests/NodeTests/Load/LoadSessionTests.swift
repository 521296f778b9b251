import Foundation
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload
import Testing

/// Fleets that stay connected and are loaded in turns, against nodes in this process.
@Suite(.serialized)
struct LoadSessionTests {
    /// 5 ms of load in and 20 ms of window.
    private static let turn: (leadIn: UInt64, window: UInt64) = (5_000_000, 20_000_000)

    private func session(
        _ bench: LoadBench, _ scenario: Scenario, load: LoadModel = .closed(depth: 1), shards: Int = 1,
        isInterrupted: @escaping () -> Bool = { false }
    ) throws -> LoadSession {
        var configuration = try bench.configuration(.short(scenario, clients: 20, load: load, shards: shards), .msgpack)
        configuration.targetProcesses = [getpid()]
        return try LoadSession(configuration, isInterrupted: isInterrupted)
    }

    @Test(
        "two fleets take turns, each turn whole in itself",
        arguments: [LoadModel.closed(depth: 2), .open(rate: 2000, arrivals: .constant)])
    func turns(load: LoadModel) throws {
        let benches = [try LoadBench(), try LoadBench(shards: 2)]
        // A bench ends its node when it goes, which in an optimized build is after its last use.
        defer { withExtendedLifetime(benches) {} }
        let sessions = try [
            session(benches[0], .pubsub(publishers: 10, subscribers: 10, topics: 5), load: load),
            session(benches[1], .rpc(callers: 10, callees: 10), load: load, shards: 2),
        ]
        var whole: [UInt64] = [0, 0]
        var inWindows: [UInt64] = [0, 0]
        // On a machine that is busy elsewhere a window may pass without a message.
        var full = [0, 0]
        var turns = 0
        var turnsWithTime = 0
        let isExact = try ProcessSampler().sample().onCPUNanoseconds != nil
        while full.contains(where: { $0 < 3 }), turns < 200 {
            turns += 1
            for (place, session) in sessions.enumerated() {
                let start = MonotonicClock.now()
                let turn = try #require(
                    try session.turn(leadIn: LoadSessionTests.turn.leadIn, window: LoadSessionTests.turn.window))
                let elapsed = Double(MonotonicClock.now() - start) / 1e9
                if turn.messages > 0 { full[place] += 1 }
                #expect(turn.wholeMessages >= turn.messages)
                // An open loop times what was due in the window, also where it came later.
                if !load.isOpen { #expect(turn.response.count == turn.messages) }
                #expect(turn.seconds > 0 && turn.seconds < 60)
                // Both ways, with headers: no message is shorter than its payload.
                #expect(turn.wholeBytes >= 2 * 32 * turn.wholeMessages)
                // The process is this one, which has sent and received, and perhaps other tests to run.
                if isExact, turn.wholeMessages > 0, let used = turn.serverSeconds {
                    #expect(used > 0 && used <= elapsed * Double(Processor.count))
                    turnsWithTime += 1
                }
                whole[place] += turn.wholeMessages
                inWindows[place] += turn.messages
            }
        }
        #expect(turnsWithTime > 0 || !isExact)
        #expect(full.allSatisfy { $0 >= 3 }, "turns with messages, of \(turns): \(full)")
        for (place, session) in sessions.enumerated() {
            #expect(session.anonymousBytesPerConnection != nil)
            let outcome = try session.close()
            #expect(outcome.verification.isClean, "\(outcome.verification.summary)")
            // Nothing is on its way between turns: every message belongs to one.
            #expect(outcome.verification.received == whole[place])
            #expect(outcome.messages == inWindows[place])
            #expect(outcome.undrained == 0 && outcome.connectionsLost == 0 && !outcome.isInterrupted)
        }
    }

    @Test("an interrupted session has no more turns and closes")
    func interrupted() throws {
        let bench = try LoadBench()
        var isInterrupted = false
        let session = try session(
            bench, .pubsub(publishers: 10, subscribers: 10, topics: 5), isInterrupted: { isInterrupted })
        #expect(try session.turn(leadIn: 0, window: 10_000_000) != nil)
        isInterrupted = true
        #expect(try session.turn(leadIn: 0, window: 10_000_000) == nil)
        let outcome = try session.close()
        #expect(outcome.isInterrupted)
    }

    @Test("a session whose router goes away fails, and one that is dropped leaves no thread")
    func routerGone() throws {
        let bench = try LoadBench()
        let lost = try session(bench, .pubsub(publishers: 10, subscribers: 10, topics: 5))
        bench.stop()
        #expect(throws: LoadFailure.self) {
            for _ in 0..<100 { _ = try lost.turn(leadIn: 0, window: 10_000_000) }
        }
        // Other tests have generators, too, but none so many threads.
        let threads = { try ProcessSampler().threads().count { $0.name == "load-6" } }
        let other = try LoadBench()
        do {
            let dropped = try session(other, .pubsub(publishers: 10, subscribers: 10, topics: 10), shards: 7)
            #expect(try dropped.turn(leadIn: 0, window: 10_000_000) != nil)
            #expect(try threads() == 1)
        }
        #expect(try threads() == 0)
    }
}
