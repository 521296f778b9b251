/// Two shards that send each other requests and answers over two rings, with the turns of `RouterShard.run()`: rings, bells,
/// overflow, bells, sleep, sockets. A step is a record, or a look at what the other side may change; that pushing, popping
/// and waking are sound in themselves is ``RingModel``'s part. Memory is a sequence here.
///
/// A line is a ring and behind it what did not fit: records in order, of which the first `inRing` are in the ring.
struct ShardPairModel: Model {
    enum Mutation: CaseIterable {
        /// A record that does not fit is waited for, where it stands.
        case blocksOnFullRing
        /// The same for answers alone.
        case blocksOnAnswers
        /// Sleeps until the bell although its overflow waits for room, which no bell announces.
        case sleepsOnOverflow
        case noRecheck
        /// What the overflow brings to the ring is not announced.
        case noBellBehindOverflow
        /// Who was paused for a full ring stays so.
        case neverResumes
    }

    let capacity: Int
    /// Requests that each shard's one connection sends.
    let requests: Int
    var mutation: Mutation?

    enum Name: Int, CaseIterable {
        // Two of each, by shard. Of the line: which records are requests (a bit each, eight), how many there are, how many
        // of them in the ring.
        case kinds, moreKinds = 2, count = 4, inRing = 6
        case step = 8, unsent = 10, unanswered = 12, paused = 14
        // Records were taken in this turn; it ended before all were.
        case asleep = 16, edge = 18, bell = 20, taken = 22, unfinished = 24
    }

    typealias State = Packed<Name>

    private enum Step: Int {
        case rings, bells, exchange, overflow, bellsAgain, exchangeAgain, announce, recheck, sleep, sockets
    }

    var initial: State {
        State().with {
            for shard in 0..<2 {
                $0[.unsent, shard] = requests
                $0[.step, shard] = Step.sockets.rawValue
            }
        }
    }

    func isDone(_ state: State) -> Bool {
        (0..<2).allSatisfy { state[.unsent, $0] == 0 && state[.unanswered, $0] == 0 && state[.count, $0] == 0 }
    }

    func fault(in state: State) -> String? { nil }

    func successors(of state: State) -> [State] {
        isDone(state) ? [] : (turn(state, of: 0) + turn(state, of: 1)).map(canonical)
    }

    /// Both shards do the same: of two states that differ in who is who one is enough.
    private func canonical(_ state: State) -> State {
        var swapped = state
        for name in Name.allCases {
            swapped[name, 0] = state[name, 1]
            swapped[name, 1] = state[name, 0]
        }
        return min(state, swapped)
    }

    private func turn(_ state: State, of me: Int) -> [State] {
        let other = 1 - me
        func at(_ step: Step, _ change: (inout State) -> Void = { _ in }) -> State {
            state.with {
                change(&$0)
                $0[.step, me] = nextStep($0, me, from: step).rawValue
            }
        }
        switch Step(rawValue: state[.step, me]) ?? .rings {
        case .rings:
            guard state[.inRing, other] > 0 else { return [at(.bells) { $0[.taken, me] = 0 }] }
            let taken = take(state, me).map { [$0] } ?? []
            guard state[.taken, me] == 1 else { return taken }
            // A turn takes a bounded number of records: it may end after any.
            return taken
                + [
                    at(.bells) {
                        $0[.taken, me] = 0
                        $0[.unfinished, me] = 1
                    }
                ]
        case .bells:
            return [state[.asleep, other] == 1 ? at(.exchange) : at(.overflow) { $0[.bell, me] = 0 }]
        case .exchange:
            return [at(.overflow) { ring(&$0, me) }]
        case .overflow:
            return [at(.bellsAgain) { drainOverflow(&$0, me) }]
        case .bellsAgain:
            return [state[.asleep, other] == 1 ? at(.exchangeAgain) : at(.announce) { $0[.bell, me] = 0 }]
        case .exchangeAgain:
            return [at(.announce) { ring(&$0, me) }]
        case .announce:
            return [at(.recheck) { $0[.asleep, me] = 1 }]
        case .recheck:
            let hasRecords = state[.inRing, other] > 0 && mutation != .noRecheck
            let staysAwake = hasRecords || state[.unfinished, me] == 1
            return [at(staysAwake ? .sockets : .sleep) { $0[.unfinished, me] = 0 }]
        case .sleep:
            return canWake(state, me) ? [at(.sockets) { $0[.edge, me] = 0 }] : []
        case .sockets:
            let awake = at(.rings) { $0[.asleep, me] = 0 }
            guard state[.unsent, me] > 0, state[.paused, me] == 0 else { return [awake] }
            return [awake] + (request(state, me).map { [$0] } ?? [])
        }
    }

    /// Steps with nothing to do are left out where only the shard itself could know better.
    private func nextStep(_ state: State, _ me: Int, from step: Step) -> Step {
        let hasOverflow = state[.count, me] > state[.inRing, me]
        var step = step
        if step == .bells, state[.bell, me] == 0 { step = .overflow }
        if step == .overflow, !hasOverflow { step = .announce }
        if step == .bellsAgain, state[.bell, me] == 0 { step = .announce }
        return step
    }

    /// The bell, the connection that has something to send, or the millisecond that looks after an overflow.
    private func canWake(_ state: State, _ me: Int) -> Bool {
        let isOverflowing = state[.count, me] > state[.inRing, me]
        return state[.edge, me] == 1 || state[.unsent, me] > 0 && state[.paused, me] == 0
            || isOverflowing && mutation != .sleepsOnOverflow
    }

    private func ring(_ state: inout State, _ me: Int) {
        state[.bell, me] = 0
        guard state[.asleep, 1 - me] == 1 else { return }
        state[.asleep, 1 - me] = 0
        state[.edge, 1 - me] = 1
    }

    // MARK: Records

    private func kinds(_ state: State, _ shard: Int) -> Int { state[.kinds, shard] | state[.moreKinds, shard] << 4 }

    private func setKinds(_ kinds: Int, _ state: inout State, _ shard: Int) {
        state[.kinds, shard] = kinds & 15
        state[.moreKinds, shard] = kinds >> 4
    }

    /// Takes a record out of the ring from the other shard; a request is answered. `nil`: waits for room.
    private func take(_ state: State, _ me: Int) -> State? {
        let other = 1 - me
        let all = kinds(state, other)
        var next = state
        next[.count, other] -= 1
        next[.inRing, other] -= 1
        next[.taken, me] = 1
        setKinds(all >> 1, &next, other)
        if all & 1 == 0 {
            next[.unanswered, me] -= 1
            return next
        }
        let waits = mutation == .blocksOnFullRing || mutation == .blocksOnAnswers
        if waits, state[.inRing, me] == capacity { return nil }
        push(isRequest: false, &next, me)
        return next
    }

    private func request(_ state: State, _ me: Int) -> State? {
        let isFull = state[.inRing, me] == capacity || state[.count, me] > state[.inRing, me]
        if mutation == .blocksOnFullRing, isFull { return nil }
        return state.with {
            $0[.unsent, me] -= 1
            $0[.unanswered, me] += 1
            if isFull { $0[.paused, me] = 1 }
            push(isRequest: true, &$0, me)
        }
    }

    private func push(isRequest: Bool, _ state: inout State, _ me: Int) {
        let count = state[.count, me]
        setKinds(kinds(state, me) | (isRequest ? 1 << count : 0), &state, me)
        if state[.inRing, me] == count, count < capacity { state[.inRing, me] += 1 }
        state[.count, me] = count + 1
        state[.bell, me] = 1
    }

    private func drainOverflow(_ state: inout State, _ me: Int) {
        guard state[.count, me] > state[.inRing, me] else { return }
        state[.inRing, me] = min(capacity, state[.count, me])
        if mutation != .noBellBehindOverflow { state[.bell, me] = 1 }
        if state[.inRing, me] == state[.count, me], mutation != .neverResumes { state[.paused, me] = 0 }
    }
}
