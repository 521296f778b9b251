package import RennbahnMeasurement

/// The calls of a shard's callers: which are in flight, what their answers were, and whether every call got one.
///
/// Request ids of a session count up by one (WAMP specification, "Protocol IDs"), so a call's id is the first one
/// plus its sequence number, and the answer finds its slot without a table. Flat storage, no allocation per call.
package struct CallTracker: Sendable {
    /// The request id of a session's first call.
    private static let firstRequest: UInt64 = 1

    private struct Slot {
        var sequence: UInt64 = 0
        var intendedAt: UInt64 = 0
        var sentAt: UInt64 = 0
        var isTaken = false
    }

    private struct Caller {
        let sender: Int
        var next: UInt64 = 0
        /// Behind the latest answer, where answers keep the order of the calls.
        var nextAnswer: UInt64 = 0
        var inFlight = 0
    }

    /// A call that may be sent.
    package struct Call: Equatable, Sendable {
        package let request: UInt64
        package let sequence: UInt64
    }

    /// What an answer was.
    package enum Answer: Equatable, Sendable {
        case completed(intendedAt: UInt64, sentAt: UInt64)
        /// The same, but after the answer to a later call, where order is promised.
        case late(intendedAt: UInt64, sentAt: UInt64)
        /// The call was answered before.
        case duplicate
        /// No such call, or the answer to another one.
        case unexpected
    }

    private let depth: Int
    private let capacity: Int
    private let mask: Int
    private let isOrdered: Bool
    private var callers: [Caller]
    private var slots: [Slot]
    private var counters = VerificationCounters()

    /// - Parameters:
    ///   - senders: number in the fleet of each caller of this shard.
    ///   - depth: calls in flight per caller. An open loop gives the most that it can bear to have outstanding; what does
    ///     not fit waits, and its lag is recorded.
    ///   - isOrdered: whether answers come in the order of the calls. An echo keeps it; WAMP promises no order for the results of
    ///     concurrent calls.
    package init(senders: [Int], depth: Int, isOrdered: Bool = false) {
        precondition(depth > 0 && depth <= WorkloadParameters.maximumDepth)
        self.depth = depth
        self.isOrdered = isOrdered
        capacity = SlotRing.capacity(forDepth: depth)
        mask = capacity - 1
        callers = senders.map { Caller(sender: $0) }
        slots = Array(repeating: Slot(), count: senders.count * capacity)
    }

    /// Takes a slot; nil while too many calls are in flight.
    package mutating func begin(caller: Int, intendedAt: UInt64, now: UInt64) -> Call? {
        let sequence = callers[caller].next
        let index = slotIndex(caller, sequence)
        guard callers[caller].inFlight < depth, !slots[index].isTaken else { return nil }
        slots[index] = Slot(sequence: sequence, intendedAt: intendedAt, sentAt: now, isTaken: true)
        callers[caller].next = sequence &+ 1
        callers[caller].inFlight &+= 1
        return Call(request: CallTracker.firstRequest &+ sequence, sequence: sequence)
    }

    /// A RESULT with a sound payload.
    package mutating func answered(caller: Int, request: UInt64, stamp: Stamp) -> Answer {
        counters.received &+= 1
        guard stamp.sender == callers[caller].sender,
            stamp.sequence == request &- CallTracker.firstRequest
        else {
            counters.unexpected &+= 1
            release(caller: caller, request: request)
            return .unexpected
        }
        let index = slotIndex(caller, stamp.sequence)
        guard stamp.sequence < callers[caller].next else {
            counters.unexpected &+= 1
            return .unexpected
        }
        guard slots[index].isTaken, slots[index].sequence == stamp.sequence else {
            counters.duplicated &+= 1
            return .duplicate
        }
        slots[index].isTaken = false
        callers[caller].inFlight &-= 1
        let (intendedAt, sentAt) = (slots[index].intendedAt, slots[index].sentAt)
        guard stamp.sequence >= callers[caller].nextAnswer else {
            counters.reordered &+= 1
            return .late(intendedAt: intendedAt, sentAt: sentAt)
        }
        if isOrdered { callers[caller].nextAnswer = stamp.sequence &+ 1 }
        return .completed(intendedAt: intendedAt, sentAt: sentAt)
    }

    /// A RESULT whose payload is damaged: the call is over, the run has failed.
    package mutating func answeredCorrupted(caller: Int, request: UInt64) {
        counters.received &+= 1
        counters.corrupted &+= 1
        release(caller: caller, request: request)
    }

    /// An ERROR in place of a RESULT.
    package mutating func failed(caller: Int, request: UInt64) {
        counters.received &+= 1
        counters.unexpected &+= 1
        release(caller: caller, request: request)
    }

    private mutating func release(caller: Int, request: UInt64) {
        let sequence = request &- CallTracker.firstRequest
        let index = slotIndex(caller, sequence)
        guard slots[index].isTaken, slots[index].sequence == sequence else { return }
        slots[index].isTaken = false
        callers[caller].inFlight &-= 1
        if isOrdered { callers[caller].nextAnswer = max(callers[caller].nextAnswer, sequence &+ 1) }
    }

    private func slotIndex(_ caller: Int, _ sequence: UInt64) -> Int {
        caller &* capacity &+ Int(truncatingIfNeeded: sequence) & mask
    }

    /// A call has been handed to its socket, later than it was begun.
    package mutating func handedOver(caller: Int, sequence: UInt64, at time: UInt64) {
        let index = slotIndex(caller, sequence)
        if slots[index].sequence == sequence { slots[index].sentAt = time }
    }

    /// The stamp of the call whose answer is next, where answers come in the order of the calls; `nil`: none is in flight.
    ///
    /// - Parameter epoch: the time that stamps count from.
    package func nextAnswer(caller: Int, epoch: UInt64) -> Stamp? {
        let sequence = callers[caller].nextAnswer
        let index = slotIndex(caller, sequence)
        guard slots[index].isTaken, slots[index].sequence == sequence else { return nil }
        return Stamp(sender: callers[caller].sender, sequence: sequence, sentAt: slots[index].intendedAt &- epoch)
    }

    /// When each call without an answer was to be sent.
    package var waiting: [UInt64] { slots.lazy.filter(\.isTaken).map(\.intendedAt) }

    /// Calls made so far.
    package func sent(caller: Int) -> UInt64 { callers[caller].next }

    package func inFlight(caller: Int) -> Int { callers[caller].inFlight }

    /// Calls without an answer, of all callers.
    package var outstanding: UInt64 { callers.reduce(0) { $0 &+ UInt64($1.inFlight) } }

    /// Callers with calls that have no answer, by their place, up to a number of them.
    package func losses(atMost limit: Int) -> [(caller: Int, count: UInt64)] {
        callers.indices.lazy.filter { callers[$0].inFlight > 0 }.prefix(limit)
            .map { ($0, UInt64(callers[$0].inFlight)) }
    }

    /// The final account: what has no answer now is lost.
    package func finish() -> VerificationCounters {
        var result = counters
        result.expected = callers.reduce(0) { $0 &+ $1.next }
        result.lost = outstanding
        return result
    }
}
