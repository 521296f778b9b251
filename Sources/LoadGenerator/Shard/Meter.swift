import RennbahnMeasurement

/// A shard's counters: what happens between the edges of the window is recorded, the rest only counted. Times and octets are
/// handed in.
///
/// ```
/// intended ──── lag ────► handed to the socket ──── service ────► reply
///     └─────────────────────── response ─────────────────────────────┘
/// ```
///
/// What a socket does not take at once, because the router does not read, counts as handed over: that delay is the router's.
struct Meter: Sendable {
    /// Nanoseconds of the monotonic clock, at most ``readingInterval`` messages old.
    private(set) var time: UInt64
    private(set) var isRecording = false
    private(set) var figures = FleetFigures()
    /// Units of work in all phases.
    private(set) var messages: UInt64 = 0

    /// Units of work and octets before this load.
    private var before = TurnFigures()
    private var sinceReading = 0
    private var windowStart = UInt64.max
    private var windowEnd = UInt64.max
    /// Whether operations have a time at which they are due: an open loop.
    let isPaced: Bool

    /// Messages between two readings of the clock within a turn: a long turn must not hide its own length.
    static let readingInterval = 32

    init(now: UInt64, isPaced: Bool) {
        time = now
        self.isPaced = isPaced
    }

    /// A turn of the loop begins.
    mutating func startLoopTurn(at now: UInt64) {
        time = now
        sinceReading = 0
    }

    /// One more message of this turn; returns whether the clock is to be read for ``advance(to:)``.
    mutating func tick() -> Bool {
        sinceReading &+= 1
        guard sinceReading == Meter.readingInterval else { return false }
        sinceReading = 0
        return true
    }

    /// The clock was read within a turn.
    mutating func advance(to now: UInt64) {
        time = now
    }

    /// The window begins; byte counts are those of the loop so far.
    mutating func startWindow(bytesSent: UInt64, bytesReceived: UInt64) {
        isRecording = true
        windowStart = time
        windowEnd = .max
        figures.bytesSent = bytesSent
        figures.bytesReceived = bytesReceived
    }

    mutating func endWindow(bytesSent: UInt64, bytesReceived: UInt64) {
        isRecording = false
        windowEnd = time
        figures.nanoseconds = time &- windowStart
        figures.bytesSent = bytesSent &- figures.bytesSent
        figures.bytesReceived = bytesReceived &- figures.bytesReceived
    }

    /// A load begins with nothing on its way; octets are those of the loop so far.
    mutating func startTurn(bytesSent: UInt64, bytesReceived: UInt64) {
        windowStart = .max
        before.messages = messages
        before.bytesSent = bytesSent
        before.bytesReceived = bytesReceived
    }

    /// The load is over and nothing is on its way: its figures, which are then forgotten.
    mutating func endTurn(bytesSent: UInt64, bytesReceived: UInt64) -> TurnFigures {
        defer { figures = FleetFigures() }
        return TurnFigures(
            window: figures, messages: messages &- before.messages, bytesSent: bytesSent &- before.bytesSent,
            bytesReceived: bytesReceived &- before.bytesReceived)
    }

    // MARK: Operations

    /// Whether the latency of an operation belongs to the window: in an open loop where it was due in it, however long it takes; in
    /// a closed one, where what is due depends on what comes back, where it is completed in it.
    private func counts(_ intendedAt: UInt64) -> Bool {
        isPaced ? intendedAt >= windowStart && intendedAt < windowEnd : isRecording
    }

    /// An operation leaves now, into the queue of its connection.
    mutating func sent() {
        if isRecording { figures.operations &+= 1 }
    }

    /// An operation of an open loop was handed to its socket.
    mutating func handedOver(intendedAt: UInt64, at time: UInt64) {
        guard counts(intendedAt) else { return }
        figures.latencies.lag.record(from: intendedAt, to: time)
    }

    private mutating func count() {
        messages &+= 1
        if isRecording { figures.messages &+= 1 }
    }

    /// A unit of work is complete now.
    mutating func completed(intendedAt: UInt64, sentAt: UInt64) {
        count()
        guard counts(intendedAt) else { return }
        figures.latencies.response.record(from: intendedAt, to: time)
        if isPaced { figures.latencies.service.record(from: sentAt, to: time) }
    }

    /// A bare server has sent something unasked; nobody knows when.
    mutating func pushed() { count() }

    /// What a bare server has sent unasked: all that came is all that is known of.
    var pushes: VerificationCounters {
        var counters = VerificationCounters()
        (counters.expected, counters.received) = (messages, messages)
        return counters
    }

    /// The last subscriber has a publication now.
    mutating func completedPublication(intendedAt: UInt64) {
        guard counts(intendedAt) else { return }
        figures.latencies.lastSubscriber.record(from: intendedAt, to: time)
    }

    /// The time for answers is over: `units` of work of an operation never came.
    mutating func unanswered(intendedAt: UInt64, units: Int) {
        // A closed loop has nothing on its way at the end but what was when its window ended.
        guard !isPaced || counts(intendedAt) else { return }
        var recorder = figures.unanswered ?? LatencyRecorder()
        // The other reference would make a copy of each change.
        figures.unanswered = nil
        for _ in 0..<units { recorder.record(from: intendedAt, to: time) }
        figures.unanswered = recorder
    }
}
