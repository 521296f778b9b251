package import RennbahnWorkload

/// How far a run is, for people who watch it.
package struct LoadProgress: Sendable {
    package var phase: Phase
    package var requested: Int
    /// Clients that are ready.
    package var ready: Int
    /// Clients whose connection ended before it was asked to.
    package var lost = 0
    /// Units of work so far, warm-up included.
    package var messages: UInt64
    /// Of the time since the last progress.
    package var messagesPerSecond: Double
    /// Operations that are still on their way, in the drain.
    package var outstanding: UInt64
    /// Since the start of the run.
    package var elapsedSeconds: Double
    /// What failed so far, by its kind.
    package var failures: [FailureKind: UInt64] = [:]
    /// `nil` where nobody asked for intervals, and before the first of them.
    package var totals: RunTotals?
}
