import RennbahnMeasurement

/// The timetable of an open loop: when each operation is due, and who sends it.
///
/// Operation i is due at `start + i·Δ` and belongs to sender `i mod senders`, so that the senders' phases are spread over a
/// whole round. No operation is ever skipped: one that is late is handed out at once, with the time at which it was due,
/// and so its delay shows. Δ is multiplied, not added up: nothing drifts.
package struct ArrivalSchedule: Sendable {
    /// One operation that is due.
    package struct Arrival: Equatable, Sendable {
        /// When it was to be sent.
        package var dueAt: UInt64
        /// Index of the sender, of those of this schedule.
        package let sender: Int
    }

    private let start: UInt64
    /// Nanoseconds between two operations; where there is a profile, operations of the fleet between two of this schedule's.
    private let interval: Double
    /// How the rate moves; `nil`: it does not.
    private let profile: RateProfile?
    /// Operations of a profile up to the next, of this schedule's.
    private var position = 0.0
    private let senders: Int
    private var generator: SeededGenerator?
    private var count: UInt64 = 0
    private var sender = 0
    /// Nanoseconds from the start to the next arrival.
    private var offset: Double

    /// - Parameters:
    ///   - rate: operations a second of this schedule's senders together.
    ///   - start: time of the first operation, nanoseconds.
    ///   - seed: of Poisson arrivals.
    package init(rate: Double, senders: Int, start: UInt64, arrivals: ArrivalProcess, seed: UInt64) {
        precondition(rate > 0 && rate.isFinite && senders > 0)
        self.start = start
        self.senders = senders
        interval = 1_000_000_000 / rate
        profile = nil
        switch arrivals {
        case .constant:
            generator = nil
            offset = 0
        case .poisson:
            var fresh = SeededGenerator(seed: seed)
            offset = -Statistics.naturalLogarithm(fresh.nextUnit()) * interval
            generator = fresh
        }
    }

    /// The part of a fleet-wide timetable that one shard carries out: its senders' share of the rate, begun a fraction of an
    /// interval later than the shard before, so that shards do not send at the same instants.
    ///
    /// - Parameters:
    ///   - rate: operations a second of the fleet.
    ///   - senders: senders of this shard, at least 1.
    ///   - ofTotal: senders of the fleet.
    package init(
        rate: Double, senders: Int, ofTotal total: Int, shard: Int, shards: Int, start: UInt64,
        arrivals: ArrivalProcess, seed: UInt64
    ) {
        let share = rate * Double(senders) / Double(total)
        let shift = 1_000_000_000 / share * Double(shard) / Double(shards)
        self.init(
            rate: share, senders: senders, start: start &+ UInt64(shift), arrivals: arrivals,
            seed: SplitMix64.mix(seed &+ UInt64(shard)))
    }

    /// The same, where the rate moves: operation i of the shard is due when its share of the profile's operations has come to i,
    /// exactly, or in the same time at random.
    package init(
        profile: RateProfile, senders: Int, ofTotal total: Int, shard: Int, shards: Int, start: UInt64,
        arrivals: ArrivalProcess, seed: UInt64
    ) {
        precondition(senders > 0 && total >= senders)
        self.start = start
        self.senders = senders
        interval = Double(total) / Double(senders)
        position = Double(shard) / Double(shards)
        self.profile = profile
        if arrivals == .poisson {
            var fresh = SeededGenerator(seed: SplitMix64.mix(seed &+ UInt64(shard)))
            position -= Statistics.naturalLogarithm(fresh.nextUnit())
            generator = fresh
        }
        offset = profile.time(of: position * interval)
    }

    /// When the next operation is due; what a timer is set to.
    package var nextDueAt: UInt64 { start &+ UInt64(offset) }

    /// Operations that are yet to be handed out and due before `end`; of Poisson arrivals about so many, but none only where there
    /// is none.
    package func count(before end: UInt64) -> UInt64 {
        let next = nextDueAt
        guard next < end else { return 0 }
        if let profile {
            let due = profile.operations(before: Double(end - start)) / interval
            return UInt64(max(1, (due - position).rounded(.up)))
        }
        return 1 + UInt64(Double(end - 1 - next) / interval)
    }

    /// The next operation if it is due at `now`. Call it until it gives nothing.
    package mutating func next(now: UInt64) -> Arrival? {
        let due = nextDueAt
        guard due <= now else { return nil }
        let arrival = Arrival(dueAt: due, sender: sender)
        count &+= 1
        sender = sender &+ 1 == senders ? 0 : sender &+ 1
        if let profile {
            position += generator == nil ? 1 : -Statistics.naturalLogarithm(generator?.nextUnit() ?? 1)
            offset = profile.time(of: position * interval)
        } else if generator == nil {
            offset = Double(count) * interval
        } else {
            offset -= Statistics.naturalLogarithm(generator?.nextUnit() ?? 1) * interval
        }
        return arrival
    }
}
