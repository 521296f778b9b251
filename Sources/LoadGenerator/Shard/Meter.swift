import RennbahnMeasurement

/// A shard's counters: what happens between the edges of the window is recorded, the rest only counted. Times and octets are
/// handed in.
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
    private var windowStart: UInt64 = 0

    /// Messages between two readings of the clock within a turn: a long turn must not hide its own length.
    static let readingInterval = 32

    init(now: UInt64) {
        time = now
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
        figures.bytesSent = bytesSent
        figures.bytesReceived = bytesReceived
    }

    mutating func endWindow(bytesSent: UInt64, bytesReceived: UInt64) {
        isRecording = false
        figures.nanoseconds = time &- windowStart
        figures.bytesSent = bytesSent &- figures.bytesSent
        figures.bytesReceived = bytesReceived &- figures.bytesReceived
    }

    /// A load begins with nothing on its way; octets are those of the loop so far.
    mutating func startTurn(bytesSent: UInt64, bytesReceived: UInt64) {
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

    /// An operation leaves now.
    mutating func sent(intendedAt: UInt64, isPaced: Bool) {
        guard isRecording else { return }
        figures.operations &+= 1
        if isPaced { figures.latencies.lag.record(from: intendedAt, to: time) }
    }

    /// A unit of work is complete now.
    mutating func completed(intendedAt: UInt64, sentAt: UInt64, isPaced: Bool) {
        messages &+= 1
        guard isRecording else { return }
        figures.messages &+= 1
        figures.latencies.response.record(from: intendedAt, to: time)
        if isPaced { figures.latencies.service.record(from: sentAt, to: time) }
    }

    /// The last subscriber has a publication now.
    mutating func completedPublication(intendedAt: UInt64) {
        guard isRecording else { return }
        figures.latencies.lastSubscriber.record(from: intendedAt, to: time)
    }
}
