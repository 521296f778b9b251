import RennbahnBytes
import RennbahnMeasurement
import RennbahnTransport
import RennbahnWorkload

/// Set-ups of sessions, as the connect scenario counts them.
struct VisitCounters: Sendable {
    private var begun: UInt64 = 0
    private var welcomed: UInt64 = 0

    mutating func begin() { begun += 1 }

    mutating func welcome() { welcomed += 1 }

    /// A session that was begun and never welcomed is lost.
    func finish() -> VerificationCounters {
        var counters = VerificationCounters()
        counters.expected = begun
        counters.received = welcomed
        counters.lost = begun > welcomed ? begun - welcomed : 0
        return counters
    }
}

extension FleetShard {
    /// Opens the next session of a visitor.
    func visit(_ client: Int) {
        visits.value.begin()
        meter.value.sent(intendedAt: meter.value.time, isPaced: false)
        open(client)
    }

    /// A visitor's session is open: under load it is closed at once, and the next one follows.
    func visited(_ client: Int) {
        becomeReady(client)
        // The first session of each is the ramp's.
        guard hasLoaded else { return }
        visits.value.welcome()
        let openedAt = fleet.value.openedAt[client]
        meter.value.completed(intendedAt: openedAt, sentAt: openedAt, isPaced: false)
        if isLoading { leave(client) }
    }
}
