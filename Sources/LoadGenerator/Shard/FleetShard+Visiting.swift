import RennbahnBytes
import RennbahnMeasurement
import RennbahnTransport
import RennbahnWorkload

/// Set-ups of sessions, as the connect scenario counts them.
struct VisitCounters: Sendable {
    private var begun: UInt64 = 0
    private var welcomed: UInt64 = 0
    /// Those whose connection ended before they were welcomed.
    private(set) var failed: UInt64 = 0
    /// Failures since the last success, and when the first of them was.
    private var failedInARow = 0
    private var failingSince: UInt64 = 0

    mutating func begin() { begun += 1 }

    mutating func welcome() {
        welcomed += 1
        failedInARow = 0
    }

    mutating func fail(at time: UInt64) {
        failed += 1
        if failedInARow == 0 { failingSince = time }
        failedInARow += 1
    }

    /// Failures without a success between them, once they have gone on for as long as a server may need to come back.
    func failedForLong(at time: UInt64) -> Int {
        time &- failingSince >= VisitCounters.patience ? failedInARow : 0
    }

    /// Nanoseconds.
    private static let patience: UInt64 = 3_000_000_000

    /// A session that was begun, and neither welcomed nor known to have failed, is lost.
    func finish() -> VerificationCounters {
        var counters = VerificationCounters()
        counters.expected = begun
        counters.received = welcomed
        let known = welcomed + failed
        counters.lost = begun > known ? begun - known : 0
        return counters
    }
}

extension FleetShard {
    /// Opens the next session of a visitor.
    func visit(_ client: Int) {
        visits.value.begin()
        meter.value.sent()
        open(client)
    }

    /// The visitor comes again after a pause, so that a server that refuses at once is not asked without one.
    func visitAgain(_ client: Int) {
        if revisits.isEmpty { revisitAt = meter.value.time + FleetShard.pause }
        revisits.append(client)
    }

    /// Nanoseconds.
    private static let pause: UInt64 = 5_000_000

    func revisit() {
        guard !revisits.isEmpty, meter.value.time >= revisitAt else { return }
        let clients = revisits
        revisits.removeAll(keepingCapacity: true)
        guard isLoading else { return }
        for client in clients { visit(client) }
    }

    /// A visitor's session is open: under load it is closed at once, and the next one follows.
    func visited(_ client: Int) {
        becomeReady(client)
        // The first session of each is the ramp's.
        guard hasLoaded else { return }
        visits.value.welcome()
        let openedAt = fleet.value.openedAt[client]
        meter.value.completed(intendedAt: openedAt, sentAt: openedAt)
        if isLoading { leave(client) }
    }
}
