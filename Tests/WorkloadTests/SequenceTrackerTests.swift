import RennbahnMeasurement
import Testing

@testable import RennbahnWorkload

@Suite("Sequence tracking")
struct SequenceTrackerTests {
    private func tracker() -> SequenceTracker {
        SequenceTracker(channels: 1, senders: 1, receiverChannels: [0])
    }

    private func observe(_ sequences: [UInt64]) -> (observations: [Observation], end: VerificationCounters) {
        var tracker = tracker()
        let observations = sequences.map { tracker.observe(sender: 0, receiver: 0, sequence: $0) }
        return (observations, tracker.finish { _ in 5 })
    }

    @Test("what arrives once and in order is clean")
    func clean() {
        let (observations, end) = observe([0, 1, 2, 3, 4])
        #expect(observations == [.ok, .ok, .ok, .ok, .ok])
        #expect(end.isClean && end.expected == 5 && end.received == 5)
    }

    @Test("a gap that stays open is loss, at the front, in the middle and at the end")
    func loss() {
        #expect(observe([1, 2, 3, 4]).end.lost == 1)
        #expect(observe([0, 3, 4]).observations == [.ok, .gap(2), .ok])
        #expect(observe([0, 3, 4]).end.lost == 2)
        #expect(observe([0, 1]).end.lost == 3)
        #expect(observe([]).end.lost == 5)
    }

    @Test("a gap that is filled later is disorder, not loss")
    func reorder() {
        let (observations, end) = observe([0, 2, 1, 3, 4])
        #expect(observations == [.ok, .gap(1), .reordered, .ok, .ok])
        #expect(end.lost == 0 && end.reordered == 1 && end.duplicated == 0)
    }

    @Test("a repeated message is a duplicate, also beside a gap")
    func duplicate() {
        let (observations, end) = observe([0, 1, 1, 3, 0, 2, 2, 4])
        #expect(observations == [.ok, .ok, .duplicate, .gap(1), .duplicate, .reordered, .duplicate, .ok])
        #expect(end.duplicated == 3 && end.reordered == 1 && end.lost == 0)
    }

    @Test(
        "a repetition is told beside an open gap, as far back as the tracker remembers",
        arguments: [1, 62, 63] as [UInt64])
    func farDuplicate(behind: UInt64) {
        var tracker = tracker()
        // The first is missing all the time.
        for sequence in UInt64(1)...100 { _ = tracker.observe(sender: 0, receiver: 0, sequence: sequence) }
        #expect(tracker.observe(sender: 0, receiver: 0, sequence: 100 - behind) == .duplicate)
        #expect(tracker.counters.duplicated == 1 && tracker.counters.reordered == 0)
    }

    @Test("further back, what may be the missing one is taken for it")
    func beyondMemory() {
        var tracker = tracker()
        for sequence in UInt64(1)...100 { _ = tracker.observe(sender: 0, receiver: 0, sequence: sequence) }
        #expect(tracker.observe(sender: 0, receiver: 0, sequence: 36) == .reordered)
        #expect(tracker.observe(sender: 0, receiver: 0, sequence: 36) == .duplicate)
    }

    @Test("losses are told by pair, and no more than asked for")
    func losses() {
        var tracker = SequenceTracker(channels: 2, senders: 3, receiverChannels: [0, 1])
        _ = tracker.observe(sender: 0, receiver: 0, sequence: 0)
        _ = tracker.observe(sender: 2, receiver: 0, sequence: 1)
        let sent: (Int) -> UInt64 = { [1, 4, 3][$0] }
        let losses = tracker.losses(atMost: 5, sent: sent)
        #expect(losses.map(\.receiver) == [0, 1] && losses.map(\.sender) == [2, 1] && losses.map(\.count) == [2, 4])
        #expect(tracker.losses(atMost: 1, sent: sent).count == 1)
        #expect(tracker.finish(sent: sent).lost == 6)
    }

    @Test("more than was sent is unexpected")
    func surplus() {
        #expect(observe([0, 1, 2, 3, 4, 5]).end.unexpected == 1)
    }

    @Test("accounts match a slow model on random disorder")
    func model() {
        for seed in UInt64(1)...200 {
            var generator = SeededGenerator(seed: seed)
            var stream: [UInt64] = []
            var lost = 0
            var repeated = 0
            // Losses and repetitions, then disorder within the 64 messages that the tracker remembers.
            for sequence in UInt64(0)..<300 {
                switch Int.random(in: 0..<20, using: &generator) {
                case 0: lost += 1
                case 1:
                    stream += [sequence, sequence]
                    repeated += 1
                default: stream.append(sequence)
                }
            }
            for _ in 0..<20 {
                let index = Int.random(in: 0..<(stream.count - 30), using: &generator)
                stream.swapAt(index, index + Int.random(in: 0..<15, using: &generator))
            }
            var tracker = tracker()
            var seen: Set<UInt64> = []
            var highest: UInt64?
            var late = 0
            for sequence in stream {
                let observation = tracker.observe(sender: 0, receiver: 0, sequence: sequence)
                if !seen.insert(sequence).inserted {
                    #expect(observation == .duplicate, "seed \(seed)")
                } else if let top = highest, sequence < top {
                    #expect(observation == .reordered, "seed \(seed)")
                    late += 1
                }
                highest = max(highest ?? 0, sequence)
            }
            let end = tracker.finish { _ in 300 }
            #expect(end.lost == UInt64(lost) && end.duplicated == UInt64(repeated) && end.reordered == UInt64(late))
            #expect(end.received == UInt64(stream.count) && end.expected == 300)
        }
    }

    @Test("a message from far back is late while one is missing, and repeated when none is")
    func farBack() {
        var tracker = tracker()
        _ = tracker.observe(sender: 0, receiver: 0, sequence: 1)
        for sequence in UInt64(2)...200 { _ = tracker.observe(sender: 0, receiver: 0, sequence: sequence) }
        #expect(tracker.observe(sender: 0, receiver: 0, sequence: 0) == .reordered)
        #expect(tracker.observe(sender: 0, receiver: 0, sequence: 0) == .duplicate)
        #expect(tracker.observe(sender: 0, receiver: 0, sequence: 1 << 40) == .gap((1 << 40) - 201))
        #expect(tracker.observe(sender: 0, receiver: 0, sequence: (1 << 40) + 1) == .ok)
    }

    @Test("pairs are apart: each receiver hears each sender of its channel, and nobody else")
    func pairs() {
        // Senders 0, 3, 6 use channel 0; 1, 4 channel 1; 2, 5 channel 2.
        var tracker = SequenceTracker(channels: 3, senders: 7, receiverChannels: [2, 0, 0])
        for sender in [0, 3, 6] {
            #expect(tracker.observe(sender: sender, receiver: 1, sequence: 0) == .ok)
            #expect(tracker.observe(sender: sender, receiver: 2, sequence: 0) == .ok)
        }
        for sender in [2, 5] { #expect(tracker.observe(sender: sender, receiver: 0, sequence: 0) == .ok) }
        for sender in [1, 4, 0, 7, 9, -3] {
            #expect(tracker.observe(sender: sender, receiver: 0, sequence: 0) == .unexpected)
        }
        let end = tracker.finish { $0 == 6 ? 2 : 1 }
        #expect(end.unexpected == 6 && end.lost == 2 && end.expected == 10)
        #expect(tracker.outstanding { _ in 1 } == 0)
    }

    @Test("damage is counted and what it damaged is lost")
    func corrupted() {
        var tracker = tracker()
        tracker.noteCorrupted()
        tracker.noteUnexpected()
        let end = tracker.finish { _ in 1 }
        #expect(end.corrupted == 1 && end.lost == 1 && end.received == 2 && end.unexpected == 1)
    }
}
