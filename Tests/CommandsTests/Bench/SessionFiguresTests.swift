import RennbahnMeasurement
import RennbahnWAMP
import Testing

@testable import RennbahnCommands
@testable import RennbahnLoadGenerator
@testable import RennbahnWorkload

struct SessionFiguresTests {
    /// Fifty connections, which took a quarter of a second of CPU time.
    private func outcome() throws -> LoadOutcome {
        let process = ProcessWindow(
            cpu: CPUUsage(total: 1), seconds: 2, cores: 1, connecting: CPUUsage(total: 0.25),
            residentBeforeConnections: 1 << 20, residentSettled: 1 << 20 + 50 * 3072, residentAtEnd: 64 << 20)
        return LoadOutcome(
            LoadConfiguration(
                target: try LoadTarget(parsing: "ws://127.0.0.1:9/"),
                workload: WorkloadParameters(scenario: .connect, clients: 50), serializer: .json),
            FleetFigures(), ending: .completed(MeasuredWindow(start: 0, end: 1)), isInterrupted: false, established: 50,
            lost: 0, undrained: 0, failures: [:], generator: process, target: process, stealShare: 0)
    }

    @Test func `Idle memory is what the process grew by until all were there, and connecting what it cost until then`()
        throws
    {
        let figures = SessionFigures(outcomes: ["idle": try outcome()])
        #expect(figures.idleKibibytes("idle") == 3)
        #expect(figures.connectionsPerCoreSecond("idle") == 200)
    }

    @Test func `What was not measured has no figure`() throws {
        let figures = SessionFigures(outcomes: ["idle": try outcome()])
        #expect(figures.idleKibibytes("tls") == nil && figures.connectionsPerCoreSecond("tls") == nil)
    }
}
