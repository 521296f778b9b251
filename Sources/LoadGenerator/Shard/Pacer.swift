import RennbahnWorkload

/// When operations start: the timetable of an open loop; nothing in a closed one.
///
/// What was due before the window ended is sent, however late: whoever leaves it out leaves out those that waited longest.
struct Pacer: Sendable {
    private var schedule: ArrivalSchedule?
    /// When the window ended: nothing that is due then or later is handed out.
    private var end: UInt64?
    /// Due, but its sender has as many operations in flight as it can bear.
    private var held: ArrivalSchedule.Arrival?
    /// What whoever watches the run has made of the schedule's time.
    private var time = SteeredTime()
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
        (held, end, time) = (nil, nil, SteeredTime())
        let workload = setting.configuration.workload
        if ownRate == nil, let profile = workload.profile {
            schedule = ArrivalSchedule(
                profile: profile, senders: senders, ofTotal: setting.plan.senderCount, shard: setting.shard,
                shards: setting.plan.shards, start: start, arrivals: arrivals, seed: workload.seed)
            return
        }
        schedule = ArrivalSchedule(
            rate: ownRate ?? rate, senders: senders, ofTotal: setting.plan.senderCount, shard: setting.shard,
            shards: setting.plan.shards, start: start, arrivals: arrivals, seed: workload.seed)
    }

    /// From `now` on operations start `factor` times as often as the load began; 0: none do. What was due before is sent.
    mutating func scale(by factor: Double, at now: UInt64) {
        time.change(to: factor, at: now)
    }

    /// The window is over: what is due from `end` on is nobody's.
    mutating func finish(before end: UInt64) {
        self.end = end
    }

    /// Operations that were due before the window's end and are yet to be sent; none before it is over. Where they arrive at
    /// random, about so many.
    var rest: UInt64 {
        guard let schedule, let end else { return 0 }
        let isDone = held == nil && nextDueAt == nil
        return isDone ? 0 : max(1, schedule.count(before: time.timetable(at: end)) + (held == nil ? 0 : 1))
    }

    /// Nothing is sent any more.
    mutating func stop() {
        schedule = nil
        held = nil
    }

    /// When the next operation is due; `nil` when there is none, or when only an answer can make room for it.
    var nextDueAt: UInt64? {
        guard held == nil, let planned = schedule?.nextDueAt, let next = time.clock(at: planned), next < end ?? .max
        else { return nil }
        return next
    }

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
        guard let next = nextDueAt, next <= now, let planned = schedule?.nextDueAt else { return nil }
        var arrival = schedule?.next(now: planned)
        arrival?.dueAt = next
        return arrival
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
            let senders = workload.scenario.senders(clients: workload.clients)
            let perSender = (workload.shape?.highest ?? rate) * 4 / Double(max(1, senders))
            return Int(min(max(perSender, 16), Double(WorkloadParameters.maximumDepth)))
        }
    }
}
