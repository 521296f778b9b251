import RennbahnTransport

/// Who has fanned out for as long as a turn allows, and waits until the others were heard and its EVENTs were sent.
///
/// A fan-out itself is not interrupted: it is the *next* message of its publisher that waits, so that order needs no care. Of
/// another shard's publisher what is on its way waits here, too (``ParkedRecords``), so that what comes behind it in the ring does not.
struct FanOuts {
    /// Octets of EVENTs for many that may be there before those that are overdue are sent: far below the high mark of a connection,
    /// which is not behind for that its turn has not come.
    static let mostOverdue = 128 * 1024

    private let time: UInt64
    private var slice: WorkSlice
    /// Whether a turn has anything to do here: it has begun ``slice``, or somebody waits.
    private(set) var isActive = false
    /// Whether the time of this turn is over.
    private(set) var isLate = false
    /// Whether as much waits for its turn to be sent as may: ``mostOverdue``.
    private(set) var isFull = false
    /// Of payloads that were fanned out while others were overdue.
    private var octets = 0
    private(set) var parked = ParkedRecords()
    private let mostParked: Int
    /// Whether no more may be parked: the rings wait.
    private(set) var isClosed = false
    private var waiting: [LinkWaiter] = []
    private var members: Set<LinkWaiter> = []

    /// - Parameters:
    ///   - time: of a turn, in nanoseconds.
    ///   - mostParked: octets of publications of other shards, above which no further one is taken out of a ring.
    init(time: UInt64, mostParked: Int) {
        self.time = time
        self.mostParked = mostParked
        slice = WorkSlice(nanoseconds: time)
    }

    /// Publishers that wait.
    var count: Int { waiting.count }

    /// Whether nobody is to be fanned out for any more in this turn, except whose message is in hand.
    var isOver: Bool { isLate || isFull }

    /// Whether some of what comes from other shards is to wait.
    var isParking: Bool { isOver || !parked.isEmpty }

    /// Whether what comes from a publisher of another shard is to wait: for the turn, or behind what came from it before.
    func parks(_ publisher: LinkWaiter) -> Bool { isOver || parked.holds(of: publisher) }

    /// A turn begins, or a part of it that has a time of its own.
    mutating func begin() {
        slice = WorkSlice(nanoseconds: time)
        (isLate, isFull) = (false, false)
        isActive = !waiting.isEmpty || !parked.isEmpty
    }

    /// A message went to so many.
    ///
    /// - Parameters:
    ///   - isOverdue: whether what turns before have queued is yet to be sent.
    ///   - clock: looked at now and then.
    mutating func note(receivers: Int, octets count: Int, isOverdue: Bool, clock: () -> UInt64) {
        isActive = true
        octets = isOverdue ? octets &+ count : count
        if isOverdue, octets > FanOuts.mostOverdue { isFull = true }
        // Copying a large one takes longer than a small one.
        let pieces = receivers &* (1 &+ count / WorkSlice.octetsOfPiece)
        if slice.isLookDue(after: pieces), slice.isOver(at: clock()) { isLate = true }
    }

    // MARK: Publications of other shards

    mutating func park(_ record: [UInt8], of publisher: LinkWaiter) {
        parked.add(record, of: publisher)
        isClosed = parked.octets > mostParked
    }

    /// The next that was parked, while there is time.
    mutating func nextParked() -> (publisher: LinkWaiter, record: [UInt8])? {
        guard !isOver, let next = parked.next() else { return nil }
        isClosed = parked.octets > mostParked
        return next
    }

    /// Nobody wants them any more.
    mutating func forgetParked() {
        parked = ParkedRecords()
        isClosed = false
    }

    // MARK: Publishers

    /// Notes who is not read until its next turn; false when it waits already.
    mutating func add(_ publisher: LinkWaiter) -> Bool {
        guard members.insert(publisher).inserted else { return false }
        waiting.append(publisher)
        return true
    }

    /// What was queued was sent, or what time allowed of it: who may go on.
    mutating func release(isOverdue: Bool) -> [LinkWaiter] {
        if !isOverdue { octets = 0 }
        guard octets <= FanOuts.mostOverdue, !waiting.isEmpty else { return [] }
        let parked = waiting.filter { self.parked.holds(of: $0) }
        guard parked.count < waiting.count else { return [] }
        let released = waiting.filter { !self.parked.holds(of: $0) }
        waiting = parked
        members = Set(parked)
        // The first had the time of the turn, the others a message each: it comes last.
        return released.dropFirst() + [released[0]]
    }
}
