import RennbahnMeasurement
import RennbahnWAMP

@testable import RennbahnLoadGenerator
@testable import RennbahnWorkload

/// An outcome whose every figure is another number.
enum SampleOutcome {
    static func make(
        _ scenario: Scenario = .pubsub(publishers: 10, subscribers: 50, topics: 5),
        load: LoadModel = .closed(depth: 3),
        ending: PhaseOutcome = .completed(MeasuredWindow(start: 0, end: 2_000_000_000)), isInterrupted: Bool = false
    ) throws -> LoadOutcome {
        var figures = FleetFigures()
        figures.messages = 1000
        figures.operations = 400
        figures.nanoseconds = 2_000_000_000
        figures.bytesSent = 50_000
        figures.bytesReceived = 120_000
        figures.latencies.response.record(nanoseconds: 1_000_000)
        figures.latencies.service.record(nanoseconds: 2_000_000)
        figures.latencies.lag.record(nanoseconds: 3_000_000)
        figures.latencies.lastSubscriber.record(nanoseconds: 4_000_000)
        figures.verification.expected = 1600
        figures.verification.lost = 7
        figures.failedVisits = 2
        let workload = WorkloadParameters(scenario: scenario, clients: 60, payload: .filler(bytes: 48), load: load)
        return LoadOutcome(
            LoadConfiguration(
                target: try LoadTarget(parsing: "ws://127.0.0.1:9/"), workload: workload, serializer: .json),
            figures, ending: ending, isInterrupted: isInterrupted, established: 50, lost: 5, undrained: 9,
            failures: [:], generator: process(1, CPUUsage(user: 2, system: 1), waitShare: 0.02, cores: 2),
            target: process(2, CPUUsage(user: 0.5, system: 1.5), waitShare: 0.03, cores: 1), stealShare: 0.01)
    }

    /// Sampled 4 s apart.
    private static func process(_ pid: Int32, _ cpu: CPUUsage, waitShare: Double, cores: Int) -> ProcessWindow {
        ProcessWindow(
            cpu: cpu, seconds: 4, waitShare: waitShare, cores: cores, connecting: CPUUsage(total: 0.5),
            residentBeforeConnections: 4000, residentSettled: 6000, residentAtEnd: 9000, residentPeak: 12_000,
            processors: [Int(pid)], processes: [pid])
    }
}
