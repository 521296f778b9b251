/// What is repeated and measured.
protocol StageWork: ~Copyable {
    /// A stage, or one of a kind of message.
    associatedtype Part: Hashable

    /// The parts that there are, at least one, in the order of their turns.
    var parts: [Part] { get }

    /// Carries a part out for so many messages, after those of the call before.
    mutating func run(_ part: Part, _ count: Int) throws(StageFailure)
}

/// Times parts in batches, one of each in turn, so that whatever disturbs the machine for a while disturbs all alike.
struct StageMeter {
    /// Nanoseconds of a batch, unless the budget is too small for enough of them. So reading the clock does not show.
    static let batch: UInt64 = 1_000_000
    /// Batches of each part that are aimed at, and the fewest and the most that are taken.
    static let aimedRounds: UInt64 = 12
    static let fewestRounds = 5
    static let mostRounds = 10_000
    /// Messages of a batch at most.
    static let mostMessages = 1 << 20

    /// Nanoseconds for all parts. Where messages are slow it is overdrawn: a batch has one at least.
    let budget: UInt64

    /// Nanoseconds per message of each batch, by part.
    func samples<Work: StageWork & ~Copyable>(
        of work: inout Work, now: () -> UInt64
    ) throws(StageFailure) -> [Work.Part: [Double]] {
        let parts = work.parts
        guard !parts.isEmpty else { return [:] }
        let start = now()
        let target = min(StageMeter.batch, budget / (UInt64(parts.count) * StageMeter.aimedRounds))
        var counts: [Int] = []
        for part in parts { counts.append(try StageMeter.messages(lasting: target, part, of: &work, now)) }
        var samples: [Work.Part: [Double]] = [:]
        for round in 0..<StageMeter.mostRounds {
            if round >= StageMeter.fewestRounds, StageMeter.elapsed(from: start, to: now()) >= budget { break }
            for (part, count) in zip(parts, counts) {
                let time = try StageMeter.time(part, count, of: &work, now)
                samples[part, default: []].append(Double(time) / Double(count))
            }
        }
        return samples
    }

    /// How many messages of a part go into so many nanoseconds.
    private static func messages<Work: StageWork & ~Copyable>(
        lasting target: UInt64, _ part: Work.Part, of work: inout Work, _ now: () -> UInt64
    ) throws(StageFailure) -> Int {
        var count = 1
        while true {
            let time = try time(part, count, of: &work, now)
            guard time < target / 4, count < mostMessages else {
                guard time > 0 else { throw .clockStandsStill }
                return max(1, min(mostMessages, Int(Double(target) * Double(count) / Double(time))))
            }
            count *= 2
        }
    }

    private static func time<Work: StageWork & ~Copyable>(
        _ part: Work.Part, _ count: Int, of work: inout Work, _ now: () -> UInt64
    ) throws(StageFailure) -> UInt64 {
        let start = now()
        try work.run(part, count)
        return elapsed(from: start, to: now())
    }

    private static func elapsed(from start: UInt64, to end: UInt64) -> UInt64 { end > start ? end - start : 0 }
}
