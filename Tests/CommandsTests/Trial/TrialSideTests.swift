import RennbahnMeasurement
import RennbahnTrial
import RennbahnWAMP
import Testing

@testable import RennbahnCommands
@testable import RennbahnLoadGenerator
@testable import RennbahnWorkload

/// What a side of a trial takes over from its sessions.
struct TrialSideTests {
    private func outcome(
        lost: Int = 0, undrained: UInt64 = 0, router: Int = 0, generator: Int = 1, warning: RunWarning? = nil
    ) throws -> LoadOutcome {
        var figures = FleetFigures()
        figures.messages = 10
        figures.verification.received = 10
        return LoadOutcome(
            LoadConfiguration(
                target: try LoadTarget(parsing: "ws://127.0.0.1:9/"),
                workload: WorkloadParameters(
                    scenario: .rpc(callers: 1, callees: 1), clients: 2, load: .open(rate: 20_000, arrivals: .constant)),
                serializer: .json), figures, ending: .completed(MeasuredWindow(start: 0, end: 1)),
            isInterrupted: false, established: 2, lost: lost, undrained: undrained, failures: [:],
            generator: process(1, on: generator), target: process(2, on: router), targetWarning: warning,
            stealShare: 0.5)
    }

    private func process(_ pid: Int32, on processor: Int) -> ProcessWindow {
        ProcessWindow(
            cpu: CPUUsage(total: 0.1), seconds: 1, cores: 1, connecting: CPUUsage(total: 0),
            residentBeforeConnections: 0,
            residentSettled: 0, residentAtEnd: 0, processors: [processor], processes: [pid])
    }

    private func side(_ outcomes: LoadOutcome..., isInterrupted: Bool = false) -> TrialSummary.Side {
        var side = TrialSummary.Side("json", .baseline)
        for outcome in outcomes { side.take(outcome, isInterrupted: isInterrupted) }
        return side
    }

    /// The rate of the configuration is not that of its turns, and stolen time hits all sides of a round alike.
    @Test func `Verification adds up, and what is judged turn by turn makes no flaw`() throws {
        let side = side(try outcome(), try outcome())
        #expect(side.verification.received == 20 && side.parameters?.scenario == "rpc")
        #expect(side.flaw == nil && side.warnings.map(\.kind) == [.stolenTime])
        #expect(side.warnings[0].text == "the hypervisor had the processors for 50 % of the time")
    }

    @Test func `Lost connections, missing messages and one processor for both sides leave no figures`() throws {
        #expect(side(try outcome(lost: 3), try outcome(undrained: 5)).flaw == "3 connections were lost")
        #expect(side(try outcome(undrained: 5)).flaw == "5 messages never arrived")
        let shared = side(try outcome(router: 1, generator: 1)).flaw
        #expect(shared?.hasPrefix("router and generator are bound to the same single processor") == true)
        #expect(side(try outcome(lost: 3, router: 1, generator: 1), isInterrupted: true).flaw == nil)
    }

    @Test func `A router that left receivers behind leaves no figures, and says why connections were lost`() throws {
        let ending = RouterEndLine(detached: 1, dropped: 3)
        var judged = side(try outcome(lost: 3))
        judged.take(ending)
        #expect(judged.flaw == ending.flaw)
        judged.take(RouterEndLine(detached: 0, dropped: 0))
        judged.take(nil)
        #expect(judged.flaw == ending.flaw, "the next start does not mend it")
    }

    @Test func `A router that left nobody behind, or does not tell, is no flaw`() throws {
        var judged = side(try outcome())
        judged.take(RouterEndLine(detached: 0, dropped: 0))
        judged.take(nil)
        #expect(judged.flaw == nil)
    }

    @Test func `What is to be known of the router's processes goes with the side`() throws {
        let warning = RunWarning(.routerProcessUnknown, "who it is is not known")
        #expect(
            side(try outcome(), try outcome(warning: warning)).warnings == [
                RunWarning(.stolenTime, "the hypervisor had the processors for 50 % of the time"), warning,
            ])
    }
}
