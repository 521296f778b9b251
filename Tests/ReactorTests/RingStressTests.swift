import RennbahnBytes
import RennbahnReactor
import RennbahnTestKit
import Synchronization
import Testing

/// Two threads at the two ends. Record `n` is derived from `n` alone, so the consumer knows what must come.
@Suite(.serialized) struct RingStressTests {
    private static func fill(_ buffer: inout ByteBuffer, record number: UInt64) {
        var random = SeededGenerator(seed: number)
        let choice = random.next()
        let length = choice % 64 == 0 ? Int(choice >> 8) % 3000 : Int(choice >> 8) & 63
        buffer.removeAll(keepingCapacity: true)
        buffer.append(bigEndian: number)
        while buffer.count < 8 + length { buffer.append(bigEndian: random.next()) }
        buffer.truncate(to: 8 + length)
    }

    @Test func recordsArriveWholeAndInOrder() throws {
        let records: UInt64 = 200_000
        var ends = Ring.make(capacity: 4096)
        let limit = failureDeadline(seconds: 300)
        let producing = try Thread.spawn(name: "producer", state: ends.takeProducer()) { producer in
            var producer = producer
            var record = ByteBuffer()
            var number: UInt64 = 0
            while number < records {
                RingStressTests.fill(&record, record: number)
                let cut = record.count / 3
                while !producer.push(
                    record.span.extracting(0..<cut), Span(), record.span.extracting(cut..<record.count))
                {
                    if MonotonicClock.now() > limit { return }
                    Thread.yield()
                }
                number += 1
            }
        }
        var consumer = ends.takeConsumer()
        var expected = ByteBuffer()
        var number: UInt64 = 0
        var faults = 0
        while number < records, MonotonicClock.now() < limit {
            RingStressTests.fill(&expected, record: number)
            let isRight = consumer.pop { record in record.equals(expected.span) }
            guard let isRight else {
                Thread.yield()
                continue
            }
            if !isRight { faults += 1 }
            number += 1
        }
        producing.join()
        #expect(number == records)
        #expect(faults == 0)
        #expect(consumer.isEmpty == true)
    }

    /// The producer goes quiet at random, so that the consumer falls asleep around most of its pushes. A lost wake-up
    /// shows as a wait that runs into its timeout with a record in the ring.
    @Test func noWakeUpIsLost() throws {
        let records: UInt64 = 50_000
        var ends = Ring.make(capacity: 4096)
        let wakeUp = try WakeUp()
        let shared = Shared()
        let producing = try Thread.spawn(name: "producer", state: ends.takeProducer()) { producer in
            var producer = producer
            var random = SeededGenerator(seed: 11)
            var record = ByteBuffer()
            for number in 0..<records {
                record.removeAll(keepingCapacity: true)
                record.append(bigEndian: number)
                while !producer.push(record.span) {
                    if shared.failed.load(ordering: .relaxed) { return }
                    Thread.yield()
                }
                if wakeUp.wake() { shared.systemCalls.add(1, ordering: .relaxed) }
                // Often wait until all was consumed: then the consumer is on its way to sleep at the next push.
                if random.next() % 4 != 0 {
                    while shared.consumed.load(ordering: .relaxed) <= number {
                        if shared.failed.load(ordering: .relaxed) { return }
                        Thread.yield()
                    }
                }
            }
        }
        var consumer = ends.takeConsumer()
        var poller = try Poller()
        try wakeUp.register(in: &poller, token: 9)
        var expected: UInt64 = 0
        var inOrder = true
        while expected < records {
            while let number = consumer.pop({ $0.bigEndian(UInt64.self, at: 0) }) {
                inOrder = inOrder && number == expected
                expected += 1
                shared.consumed.store(expected, ordering: .relaxed)
            }
            wakeUp.prepareToSleep()
            if consumer.isEmpty && expected < records {
                let events = poller.wait(timeoutMilliseconds: 20_000)
                if events == 0 && !consumer.isEmpty {
                    shared.failed.store(true, ordering: .relaxed)
                    break
                }
                if events == 1 { inOrder = inOrder && poller.event(at: 0).token == 9 }
            }
            wakeUp.finishSleep()
        }
        producing.join()
        #expect(shared.failed.load(ordering: .relaxed) == false, "a record waited while the consumer slept")
        #expect(inOrder)
        #expect(shared.systemCalls.load(ordering: .relaxed) <= records)
        #expect(shared.systemCalls.load(ordering: .relaxed) > 0)
    }

    private final class Shared: Sendable {
        let consumed = Atomic<UInt64>(0)
        let systemCalls = Atomic<UInt64>(0)
        let failed = Atomic<Bool>(false)
    }
}
