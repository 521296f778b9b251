import RennbahnReactor

/// Spends more CPU time than the work needs: a slowdown of a known size, with which the regression gate is tested.
struct Waste {
    private let share: Double
    /// The thread's CPU time when the last turn was over.
    private var mark: UInt64 = 0

    /// - Parameter share: of the time of each turn; 0.1 is a tenth more.
    init(share: Double) {
        self.share = share
    }

    /// Wastes the share of what the thread has used since the last call; called at the end of each turn.
    mutating func spend() {
        let now = ThreadClock.now()
        // The first turn has no beginning.
        let end = mark == 0 ? now : now + UInt64(Double(now - mark) * share)
        repeat { mark = ThreadClock.now() } while mark < end
    }
}
