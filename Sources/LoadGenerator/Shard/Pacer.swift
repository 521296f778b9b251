import RennbahnWorkload

/// When operations start: the timetable of an open loop; nothing in a closed one.
struct Pacer: Sendable {
    private var schedule: ArrivalSchedule?
    /// Due, but its sender has as many operations in flight as it can bear.
    private var held: ArrivalSchedule.Arrival?
    let senders: Int

    init(senders: Int) {
        self.senders = senders
    }

    var isPaced: Bool { schedule != nil }

    /// - Parameters:
    ///   - ownRate: of this load, where it is not the configuration's.
    ///   - start: time of the first operation.
    mutating func begin(_ setting: ShardSetting, ownRate: Double?, start: UInt64) {
        guard case .open(let rate, let arrivals) = setting.configuration.workload.load, senders > 0 else { return }
        schedule = ArrivalSchedule(
            rate: ownRate ?? rate, senders: senders, ofTotal: setting.plan.senderCount, shard: setting.shard,
            shards: setting.plan.shards, start: start, arrivals: arrivals, seed: setting.configuration.workload.seed)
    }

    mutating func end() {
        schedule = nil
        held = nil
    }

    /// When the next operation is due; `nil` when there is none, or when only an answer can make room for it.
    var nextDueAt: UInt64? { held == nil ? schedule?.nextDueAt : nil }

    func isDue(at now: UInt64) -> Bool {
        guard let next = nextDueAt else { return false }
        return next <= now
    }

    /// The next operation that is due at `now`.
    mutating func next(now: UInt64) -> ArrivalSchedule.Arrival? {
        if let arrival = held {
            held = nil
            return arrival
        }
        return schedule?.next(now: now)
    }

    /// There is no room for the operation that ``next(now:)`` gave: it comes first again, with the time it was due at.
    mutating func hold(_ arrival: ArrivalSchedule.Arrival) {
        held = arrival
    }

    /// Operations in flight per sender. In an open loop what a sender starts in four seconds: a router that is further
    /// behind is beyond its capacity, and the lag will say so.
    static func depth(_ workload: WorkloadParameters) -> Int {
        switch workload.load {
        case .closed(let depth): return depth
        case .open(let rate, _):
            let senders =
                switch workload.scenario {
                case .pubsub(let publishers, _, _): publishers
                case .rpc(let callers, _): callers
                case .connect, .echo: workload.clients
                }
            let perSender = rate * 4 / Double(max(1, senders))
            return Int(min(max(perSender, 16), Double(WorkloadParameters.maximumDepth)))
        }
    }
}
