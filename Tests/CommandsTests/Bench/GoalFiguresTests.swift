import RennbahnMeasurement
import RennbahnWAMP
import Testing

@testable import RennbahnCommands
@testable import RennbahnLoadGenerator
@testable import RennbahnWorkload

/// What goals are compared with.
struct GoalFiguresTests {
    /// A thousand messages of a router that used so many seconds of CPU, and fifty connections.
    private func outcome(cpu: Double, lost: UInt64 = 0) throws -> LoadOutcome {
        var figures = FleetFigures()
        figures.messages = 1000
        figures.nanoseconds = 2_000_000_000
        figures.verification.lost = lost
        let workload = WorkloadParameters(scenario: .echo, clients: 50)
        let process = ProcessWindow(
            cpu: CPUUsage(total: cpu), seconds: 2, cores: 1, connecting: CPUUsage(total: 0.25),
            residentBeforeConnections: 1 << 20, residentSettled: 1 << 20 + 50 * 3072, residentAtEnd: 64 << 20)
        return LoadOutcome(
            LoadConfiguration(
                target: try LoadTarget(parsing: "ws://127.0.0.1:9/"), workload: workload, serializer: .json),
            figures, ending: .completed(MeasuredWindow(start: 0, end: 1)), isInterrupted: false, established: 50,
            lost: 0, undrained: 0, failures: [:], generator: process, target: process, stealShare: 0)
    }

    @Test func `Costs are per message, ratios one over the other, and rates of a whole core`() throws {
        let figures = GoalFigures(outcomes: ["router": try outcome(cpu: 0.75), "floor": try outcome(cpu: 0.5)])
        #expect(figures.cpu("router") == 750)
        #expect(figures.ratio("router", to: "floor") == 1.5)
        #expect(figures.perCoreSecond("floor") == 2000)
        #expect(figures.note("router", "floor") == "750.000 µs to 500.000 µs")
    }

    @Test func `Idle memory is what the process grew by until all were there, and connecting what it cost until then`()
        throws
    {
        let figures = GoalFigures(outcomes: ["idle": try outcome(cpu: 1)])
        #expect(figures.idleKibibytes("idle") == 3)
        #expect(figures.connectionsPerCoreSecond("idle") == 200)
    }

    @Test func `A run that is not valid has no figure, and neither has one that was not made`() throws {
        let figures = GoalFigures(outcomes: ["bad": try outcome(cpu: 1, lost: 1), "good": try outcome(cpu: 1)])
        #expect(figures.cpu("bad") == nil && figures.ratio("good", to: "bad") == nil)
        #expect(figures.ratio("good", to: "none") == nil)
        #expect(figures.note("good", "bad") == "bad: the run was not valid")
    }
}
