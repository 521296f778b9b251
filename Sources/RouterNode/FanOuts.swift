import RennbahnTransport

/// Who has fanned out for as long as a turn allows, and waits until the others were heard and its EVENTs were sent.
///
/// A fan-out itself is not interrupted: it is the *next* message of its publisher that waits, so that order needs no care. Of
/// another shard's publisher what is on its way waits here, too (``ParkedRecords``), so that what comes behind it in the ring does not.
struct FanOuts {
    /// Octets of EVENTs for many that may come to what is overdue before that is sent: far below the high mark of a connection.
    static let mostOverdue = 128 * 1024
    /// Of an EVENT besides its payload, roughly.
    private static let octetsOfHead = 64

    private let shard: Int
    private let time: UInt64
    private var slice: WorkSlice
    /// Whether a turn has anything to do here: the one before was over, or somebody waits.
    private(set) var isActive = false
    /// That ``slice`` is of, where it was not begun by ``begin(at:_:)``.
    private var turn: UInt64 = 0
    /// Whether the time of this turn is over.
    private(set) var isLate = false
    /// Whether as much waits for its turn to be sent as may: ``mostOverdue``.
    private(set) var isFull = false
    /// That were fanned out since what was put off until ``mark`` waits: of publishers of this shard, and of others, so that neither
    /// take all of it.
    private var octets = (own: 0, others: 0)
    private var mark: UInt64 = 0
    private(set) var parked = ParkedRecords()
    private let mostParked: Int
    /// Whether no more may be parked: the rings wait.
    private(set) var isClosed = false
    /// In the order in which they began to.
    private var waiting: [LinkWaiter] = []
    private var members: Set<LinkWaiter> = []
    /// Publishers of this shard that go on in a turn: as many as had time in the last one that was late.
    private var allowance = Int.max
    /// Those that fanned out in this turn, until it was late.
    private var publishers = 0
    private var lastPublisher: LinkID?
    /// Whether this turn was over for publishers of this shard, and how many went on in it.
    private var wasOver = false
    private var released = 0

    /// - Parameters:
    ///   - time: of a turn, in nanoseconds.
    ///   - mostParked: octets of publications of other shards, above which no further one is taken out of a ring.
    init(shard: Int, time: UInt64, mostParked: Int) {
        self.shard = shard
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
    ///
    /// - Parameters:
    ///   - now: by the clock.
    ///   - overdue: what is yet to be sent of the turns before.
    ///   - isOwn: whether it is for publishers of this shard.
    mutating func begin(at now: UInt64, _ overdue: OverdueOutput, isOwn: Bool) {
        slice = WorkSlice(nanoseconds: time)
        isLate = false
        noteProgress(overdue)
        isFull = (isOwn ? octets.own : octets.others) > FanOuts.mostOverdue && !overdue.isEmpty
        isActive = !waiting.isEmpty || !parked.isEmpty
        if isActive { slice.begin(at: now) }
    }

    private mutating func beginQuietly(_ turn: UInt64) {
        self.turn = turn
        slice = WorkSlice(nanoseconds: time)
        (publishers, lastPublisher) = (0, nil)
    }

    /// A message went to so many.
    ///
    /// - Parameters:
    ///   - turn: another number than of the turn before.
    ///   - clock: looked at now and then.
    mutating func note(
        of publisher: LinkWaiter, receivers: Int, octets count: Int, turn: UInt64, _ overdue: OverdueOutput,
        clock: () -> UInt64
    ) {
        if !isActive, turn != self.turn { beginQuietly(turn) }
        let (isOwn, wasOver) = (publisher.shard == shard, isOver)
        if !wasOver, isOwn, publisher.link != lastPublisher {
            publishers &+= 1
            lastPublisher = publisher.link
        }
        if !overdue.isEmpty { noteBesideOverdue(count, overdue, isOwn: isOwn) }
        // Copying a large one takes longer than a small one.
        let pieces = receivers &* (1 &+ count >> WorkSlice.bitsOfPiece)
        if slice.isLookDue(after: pieces), slice.isOver(at: clock()) { isLate = true }
        guard isOver else { return }
        isActive = true
        guard isOwn, !wasOver else { return }
        allowance = publishers
        self.wasOver = true
    }

    private mutating func noteBesideOverdue(_ count: Int, _ overdue: OverdueOutput, isOwn: Bool) {
        noteProgress(overdue)
        if isOwn { octets.own += count + FanOuts.octetsOfHead } else { octets.others += count + FanOuts.octetsOfHead }
        if (isOwn ? octets.own : octets.others) > FanOuts.mostOverdue { isFull = true }
    }

    private mutating func noteProgress(_ overdue: OverdueOutput) {
        if overdue.written >= mark { (octets, mark) = ((0, 0), overdue.putOff) }
    }

    // MARK: Publications of other shards

    mutating func park(_ record: [UInt8], of publisher: LinkWaiter) {
        isActive = true
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
        isActive = true
        return true
    }

    /// Before the news of a turn are heard: who may go on. Of this shard's no more than will have time, those who have waited longest;
    /// of the others' whoever has nothing parked, since what they send is parked where there is no time for it.
    mutating func release() -> [LinkWaiter] {
        defer { isActive = !waiting.isEmpty || !parked.isEmpty }
        guard !isFull else { return [] }
        // There was time left in which one more could have had theirs.
        if !wasOver, released > 0 { allowance = allowance > Int.max / 2 ? Int.max : allowance * 2 }
        (wasOver, publishers, lastPublisher, released) = (false, 0, nil, 0)
        var goingOn: [LinkWaiter] = []
        var kept: [LinkWaiter] = []
        for waiter in waiting {
            let isOwn = waiter.shard == shard
            if isOwn ? released == allowance : parked.holds(of: waiter) {
                kept.append(waiter)
                continue
            }
            goingOn.append(waiter)
            members.remove(waiter)
            if isOwn { released += 1 }
        }
        waiting = kept
        return goingOn
    }

    /// Nobody waits any more: who did.
    mutating func releaseAll() -> [LinkWaiter] {
        defer {
            waiting = []
            members = []
        }
        return waiting
    }
}
