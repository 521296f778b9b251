import RennbahnReactor
import Testing

@testable import RennbahnRouterNode

/// The slowdown of a known size.
struct WasteTests {
    private static func work(untilThreadClock end: UInt64) {
        while ThreadClock.now() < end {}
    }

    @Test func `A share of the thread's own CPU time is spent on top of it`() {
        var waste = Waste(share: 0.5)
        waste.spend()
        let start = ThreadClock.now()
        Self.work(untilThreadClock: start + 2_000_000)
        let before = ThreadClock.now()
        waste.spend()
        let spent = ThreadClock.now() - before
        // Half of what came before; the clock itself takes some more.
        #expect(spent >= (before - start) / 2)
        #expect(spent < 2 * (before - start))
    }
}
