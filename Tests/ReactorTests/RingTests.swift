import RennbahnBytes
import RennbahnReactor
import RennbahnTestKit
import Testing

@Suite struct RingTests {
    @Test func anEmptyRingYieldsNothing() {
        var ends = Ring.make(capacity: 256)
        var consumer = ends.takeConsumer()
        #expect(consumer.isEmpty == true)
        #expect(consumer.pop { $0.count } == nil)
    }

    @Test func theCapacityIsRoundedUpToAPowerOfTwo() {
        var ends = Ring.make(capacity: 300)
        #expect(ends.takeProducer().capacity == 512)
        var least = Ring.make(capacity: 1)
        #expect(least.takeConsumer().capacity == 256)
    }

    @Test func aRecordIsTheConcatenationOfItsParts() {
        var ends = Ring.make(capacity: 256)
        var producer = ends.takeProducer()
        var consumer = ends.takeConsumer()
        let parts: [[UInt8]] = [[1, 2], [], [3, 4, 5]]
        #expect(producer.push(copying: parts[0], parts[1], parts[2]) == true)
        #expect(producer.push(copying: []) == true)
        #expect(consumer.isEmpty == false)
        #expect(consumer.pop { $0.copied() } == [1, 2, 3, 4, 5])
        #expect(consumer.pop { $0.copied() } == [])
        #expect(consumer.pop { $0.copied() } == nil)
        #expect(consumer.isEmpty == true)
    }

    @Test func aFullRingRefusesAndKeepsWhatItHas() {
        var ends = Ring.make(capacity: 256)
        var producer = ends.takeProducer()
        var consumer = ends.takeConsumer()
        let record = [UInt8](repeating: 7, count: 24)
        var pushed = 0
        while producer.push(copying: record) { pushed += 1 }
        #expect(pushed == 8)
        #expect(producer.push(copying: []) == false)
        #expect(consumer.pop { $0.copied() } == record)
        #expect(producer.push(copying: record + [8]) == false)
        #expect(producer.push(copying: record) == true)
        var popped = 0
        while let bytes = consumer.pop({ $0.copied() }) {
            #expect(bytes == record)
            popped += 1
        }
        #expect(popped == 8)
    }

    @Test func anEmptyRingHasRoomForAnyRecordAtAnyOffset() {
        for lead in 0..<40 {
            for count in [0, 1, 63, 64, 65, 1000, 100_000] {
                var ends = Ring.make(capacity: 256)
                var producer = ends.takeProducer()
                var consumer = ends.takeConsumer()
                for _ in 0..<lead {
                    #expect(producer.push(copying: []) == true)
                    _ = consumer.pop { $0.count }
                }
                let record = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
                #expect(producer.push(copying: record) == true)
                #expect(consumer.pop { $0.copied() } == record)
            }
        }
    }

    @Test func aPushThatIsRefusedAtTheWrapLeavesNoTrace() {
        var ends = Ring.make(capacity: 256)
        var producer = ends.takeProducer()
        var consumer = ends.takeConsumer()
        let large = [UInt8](repeating: 1, count: 56)
        // Three records of 64 and one of 48 leave 16 in front of the wrap.
        for _ in 0..<3 { #expect(producer.push(copying: large) == true) }
        #expect(producer.push(copying: [UInt8](repeating: 2, count: 40)) == true)
        #expect(producer.push(copying: large) == false)
        _ = consumer.pop { $0.count }
        // 16 in front of the wrap and 64 behind it: exactly one such record.
        #expect(producer.push(copying: large) == true)
        #expect(producer.push(copying: []) == false)
        var lengths: [Int] = []
        while let length = consumer.pop({ $0.count }) { lengths.append(length) }
        #expect(lengths == [56, 56, 40, 56])
    }

    @Test func heapBlocksOnTheirWayAreBounded() {
        var ends = Ring.make(capacity: 1024)
        var producer = ends.takeProducer()
        var consumer = ends.takeConsumer()
        let half = [UInt8](repeating: 4, count: Ring.blockLimit / 2)
        #expect(producer.push(copying: half) == true)
        #expect(producer.push(copying: half) == true)
        #expect(producer.push(copying: [UInt8](repeating: 5, count: 2000)) == false)
        #expect(producer.push(copying: [1, 2, 3]) == true)
        _ = consumer.pop { $0.count }
        #expect(producer.push(copying: [UInt8](repeating: 5, count: 2000)) == true)
        while consumer.pop({ $0.count }) != nil {}
        // A larger one than the limit goes when it is alone.
        #expect(producer.push(copying: half + half + [6]) == true)
        #expect(producer.push(copying: half) == false)
    }

    /// Ends dropped in either order, with inline and heap records unread: a leak or a double free shows under the
    /// address sanitizer.
    @Test(arguments: [true, false]) func unreadRecordsAreFreedWithTheRing(producerFirst: Bool) {
        var ends = Ring.make(capacity: 1024)
        var producer: RingProducer? = ends.takeProducer()
        var consumer: RingConsumer? = ends.takeConsumer()
        let block = [UInt8](repeating: 3, count: 5000)
        for _ in 0..<5 {
            #expect(producer?.push(copying: block) == true)
            #expect(producer?.push(copying: [1, 2, 3]) == true)
        }
        _ = consumer?.pop { $0.count }
        if producerFirst { producer = nil } else { consumer = nil }
        if producerFirst {
            #expect(consumer?.pop { $0.count } == 3)
        } else {
            #expect(producer?.push(copying: block) == true)
        }
    }

    @Test(arguments: 0..<20) func itBehavesLikeAQueue(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var ends = Ring.make(capacity: [256, 1024, 4096].randomElement(using: &random) ?? 256)
        var producer = ends.takeProducer()
        var consumer = ends.takeConsumer()
        var reference: [[UInt8]] = []
        var next: UInt8 = 0
        for _ in 0..<3000 {
            if Bool.random(using: &random) {
                let longest = Int.random(in: 0..<10, using: &random) == 0 ? producer.capacity : 60
                var record: [UInt8] = []
                for _ in 0..<Int.random(in: 0...longest, using: &random) {
                    record.append(next)
                    next &+= 1
                }
                let cut = Int.random(in: 0...record.count, using: &random)
                let pushed = producer.push(copying: Array(record[..<cut]), [], Array(record[cut...]))
                #expect(pushed || !reference.isEmpty, "an empty ring takes any record: seed \(seed)")
                if pushed { reference.append(record) }
            } else {
                let expected = reference.isEmpty ? nil : reference.removeFirst()
                #expect(consumer.pop { $0.copied() } == expected, "seed \(seed)")
            }
            #expect(consumer.isEmpty == reference.isEmpty, "seed \(seed)")
        }
    }
}
