package import RennbahnWorkload

/// How far a run is, for people who watch it.
package struct LoadProgress: Sendable {
    package var phase: Phase
    package var requested: Int
    /// Clients that are ready.
    package var ready: Int
    /// Units of work so far, warm-up included.
    package var messages: UInt64
    /// Of the time since the last progress.
    package var messagesPerSecond: Double
    /// Operations that are still on their way, in the drain.
    package var outstanding: UInt64
    /// Since the start of the run.
    package var elapsedSeconds: Double
    /// Until the phase is over, if nothing happens before.
    package var secondsLeft: Double?
    /// Clients whose connection ended before it was asked to.
    package var lost = 0
    /// What went wrong with connections and calls, and how often.
    package var failures: [String: Int] = [:]
    package var isPaused = false
    /// By how much the rate is that of the configuration.
    package var rateFactor = 1.0
    /// What failed so far, by its kind.
    package var failureKinds: [FailureKind: UInt64] = [:]
    /// `nil` where nobody asked for them, and before the first interval is over.
    package var totals: RunTotals?
}
