import RennbahnMeasurement
import RennbahnWAMP
import Testing

@testable import RennbahnCommands
@testable import RennbahnLoadGenerator
@testable import RennbahnWorkload

struct SessionFiguresTests {
    /// Fifty connections, which took a quarter of a second of CPU time.
    private func outcome(lost: Int = 0, corrupted: UInt64 = 0) throws -> LoadOutcome {
        let process = ProcessWindow(
            cpu: CPUUsage(total: 1), seconds: 2, cores: 1, connecting: CPUUsage(total: 0.25),
            residentBeforeConnections: 1 << 20, residentSettled: 1 << 20 + 50 * 3072, residentAtEnd: 64 << 20)
        return LoadOutcome(
            LoadConfiguration(
                target: try LoadTarget(parsing: "ws://127.0.0.1:9/"),
                workload: WorkloadParameters(scenario: .connect, clients: 50), serializer: .json),
            fleet(corrupted), ending: .completed(MeasuredWindow(start: 0, end: 1)), isInterrupted: false,
            established: 50,
            lost: lost, undrained: 0, failures: [:], generator: process, target: process, stealShare: 0)
    }

    private func fleet(_ corrupted: UInt64) -> FleetFigures {
        var figures = FleetFigures()
        figures.messages = 50
        figures.verification.corrupted = corrupted
        return figures
    }

    @Test func `A run that is not valid has no figures, and the reason is told`() throws {
        let figures = SessionFigures(outcomes: ["lost": try outcome(lost: 2), "corrupt": try outcome(corrupted: 1)])
        for name in ["lost", "corrupt"] {
            #expect(figures.idleKibibytes(name) == nil && figures.connectionsPerCoreSecond(name) == nil)
        }
        #expect(figures.problem("lost")?.contains("2 ") == true)
        #expect(figures.problem("corrupt")?.contains("corrupt") == true)
    }

    @Test func `Idle memory is what the process grew by until all were there, and connecting what it cost until then`()
        throws
    {
        let figures = SessionFigures(outcomes: ["idle": try outcome()])
        #expect(figures.idleKibibytes("idle") == 3)
        #expect(figures.connectionsPerCoreSecond("idle") == 200 && figures.problem("idle") == nil)
    }

    @Test func `What was not measured has no figure`() throws {
        let figures = SessionFigures(outcomes: ["idle": try outcome()])
        #expect(figures.idleKibibytes("tls") == nil && figures.connectionsPerCoreSecond("tls") == nil)
    }
}
