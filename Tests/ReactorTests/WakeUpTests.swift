import RennbahnBytes
import RennbahnReactor
import Synchronization
import Testing

@Suite(.serialized) struct WakeUpTests {
    @Test func wakingSomebodyAwakeTakesNoSystemCall() throws {
        let wakeUp = try WakeUp()
        var poller = try Poller()
        try wakeUp.register(in: &poller, token: 5)
        #expect(wakeUp.wake() == false)
        #expect(poller.wait(timeoutMilliseconds: 0) == 0)
        wakeUp.prepareToSleep()
        #expect(wakeUp.wake())
        #expect(wakeUp.wake() == false, "one call is enough for one sleep")
        #expect(poller.wait(timeoutMilliseconds: 60_000) == 1)
        #expect(poller.event(at: 0).token == 5)
        wakeUp.finishSleep()
        #expect(poller.wait(timeoutMilliseconds: 0) == 0, "an edge is reported once")
        wakeUp.prepareToSleep()
        #expect(wakeUp.wake())
        #expect(poller.wait(timeoutMilliseconds: 60_000) == 1, "each write is a new edge")
    }

    /// The heart of the protocol alone, many times at the same moment on both sides: of a push with its wake-up and a
    /// sleep with its second look, at least one must notice the other. Without the fences this fails within some
    /// ten thousand rounds in an optimized build on two processors.
    @Test func aPushAndASleepNeverMissEachOther() throws {
        let rounds = 200_000
        let shared = Rounds(wakeUp: try WakeUp())
        var ends = Ring.make(capacity: 4096)
        let producing = try Thread.spawn(name: "producer", state: ends.takeProducer()) { producer in
            var producer = producer
            for round in 1...rounds {
                // The look in advance brings the other's variable into this processor's cache: then reading it in the
                // round takes less time than making one's own store visible, which is what a missing fence would allow.
                shared.wakeUp.wake()
                shared.meet(round, arriveAt: shared.producerRound, await: shared.consumerRound)
                let pushed = producer.push(Span(), Span(), Span())
                let woke = shared.wakeUp.wake()
                shared.woke.store(pushed && woke, ordering: .relaxed)
                shared.producerDone.store(round, ordering: .releasing)
            }
        }
        var consumer = ends.takeConsumer()
        var missed = 0
        for round in 1...rounds {
            _ = consumer.isEmpty
            shared.meet(round, arriveAt: shared.consumerRound, await: shared.producerRound)
            shared.wakeUp.prepareToSleep()
            let wouldSleep = consumer.isEmpty
            shared.wait(for: shared.producerDone, toReach: round)
            if wouldSleep && !shared.woke.load(ordering: .relaxed) { missed += 1 }
            shared.wakeUp.finishSleep()
            _ = consumer.pop { _ in }
        }
        producing.join()
        #expect(shared.producerDone.load(ordering: .relaxed) == rounds)
        #expect(missed == 0)
    }

    private final class Rounds: Sendable {
        let wakeUp: WakeUp
        let producerRound = Atomic<Int>(0)
        let consumerRound = Atomic<Int>(0)
        let producerDone = Atomic<Int>(0)
        let woke = Atomic<Bool>(false)

        init(wakeUp: WakeUp) {
            self.wakeUp = wakeUp
        }

        /// Starts both sides of a round together.
        func meet(_ round: Int, arriveAt own: borrowing Atomic<Int>, await other: borrowing Atomic<Int>) {
            own.store(round, ordering: .releasing)
            wait(for: other, toReach: round)
        }

        /// The other side is only ever waited for here, and comes whatever the outcome of a round: so there is no bound of time,
        /// which a slow machine or an instrumented build could pass.
        func wait(for counter: borrowing Atomic<Int>, toReach round: Int) {
            var turns = 0
            while counter.load(ordering: .acquiring) < round {
                turns += 1
                if turns % 2048 == 0 { Thread.yield() }
            }
        }
    }
}
