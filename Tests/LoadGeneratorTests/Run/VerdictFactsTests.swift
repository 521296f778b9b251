import RennbahnMeasurement
import RennbahnWAMP
import Testing

@testable import RennbahnLoadGenerator
@testable import RennbahnWorkload

/// What makes a run worth nothing, and what is to be known of one that is worth something.
struct VerdictFactsTests {
    private static let window = MeasuredWindow(start: 0, end: 2_000_000_000)

    private func outcome(
        _ scenario: Scenario = .rpc(callers: 10, callees: 10), load: LoadModel = .closed(depth: 1),
        ending: PhaseOutcome = .completed(window), established: Int = 20, steal: Double = 0,
        target: ProcessWindow? = nil, generator: ProcessWindow? = nil, warning: RunWarning? = nil,
        shape: RateShape? = nil,
        _ change: (inout FleetFigures) -> Void = { _ in }
    ) throws -> LoadOutcome {
        var workload = WorkloadParameters(
            scenario: scenario, clients: scenario.roleCount ?? 20, load: load,
            phases: PhaseDurations(warmUp: 2_000_000_000, window: 2_000_000_000))
        workload.shape = shape
        let configuration = LoadConfiguration(
            target: try LoadTarget(parsing: "ws://127.0.0.1:9/"), workload: workload, serializer: .json)
        var figures = FleetFigures()
        figures.nanoseconds = 2_000_000_000
        figures.messages = 10_000
        figures.operations = 10_000
        for _ in 0..<1000 { figures.latencies.response.record(nanoseconds: 200_000) }
        change(&figures)
        return LoadOutcome(
            configuration, figures, ending: ending, isInterrupted: false, established: established, lost: 0,
            undrained: 0, failures: [:], generator: generator, target: target, targetWarning: warning,
            stealShare: steal)
    }

    private func process(_ pid: Int32, on processors: Set<Int>) -> ProcessWindow {
        ProcessWindow(
            cpu: CPUUsage(user: 0.5, system: 0.5), seconds: 2, waitShare: 0, cores: 1,
            connecting: CPUUsage(user: 0, system: 0), residentBeforeConnections: 0, residentSettled: 0,
            residentAtEnd: 0,
            processors: processors, processes: [pid])
    }

    private static let open = LoadModel.open(rate: 5000, arrivals: .constant)
    private static let loads = [LoadModel.closed(depth: 1), open]

    private func kinds(_ outcome: LoadOutcome) -> [InvalidReason.Kind] { outcome.cell.verdict.reasons.map(\.kind) }

    @Test(arguments: loads) func `A run of which nothing is wrong is valid, and has no warnings`(load: LoadModel) throws
    {
        let outcome = try outcome(load: load, target: process(7, on: [0]), generator: process(8, on: [1]))
        #expect(outcome.cell.verdict == .valid && outcome.cell.warnings == nil)
    }

    @Test(arguments: loads) func `Stolen time, missing connections and one processor for both void a run`(
        load: LoadModel
    ) throws {
        #expect(kinds(try outcome(load: load, steal: 0.03)) == [.steal])
        #expect(kinds(try outcome(load: load, established: 19)) == [.fewerConnectionsThanRequested])
        let shared = try outcome(load: load, target: process(7, on: [1]), generator: process(8, on: [1]))
        #expect(kinds(shared) == [.sharedCore])
    }

    @Test func `Lag and a rate that was not kept void an open loop`() throws {
        #expect(kinds(try outcome(load: Self.open) { $0.operations = 9800 }) == [.achievedRateBelowOffered])
        // One operation fewer may be due in a window.
        #expect(kinds(try outcome(load: Self.open) { $0.operations = 9900 }) == [])
        func late(_ count: Int, of all: Int = 1000) throws -> LoadOutcome {
            try outcome(load: Self.open) { figures in
                for number in 0..<all { figures.latencies.lag.record(nanoseconds: number < count ? 1_100_000 : 50_000) }
            }
        }
        #expect(kinds(try late(11)) == [.scheduleLag])
        #expect(kinds(try late(9)) == [])
    }

    @Test func `A rate that moves is judged by what was due in the window, however long that was`() throws {
        func outcome(_ operations: UInt64, seconds: UInt64) throws -> LoadOutcome {
            let shape = RateShape(.ramp(from: 1000, to: 5000), text: "1k:5k")
            return try self.outcome(load: .open(rate: 4000, arrivals: .constant), shape: shape) {
                $0.operations = operations
                $0.nanoseconds = seconds * 1_000_000_000
            }
        }
        // From 3,000 to 5,000 in two seconds, or to 4,000 in the first of them.
        #expect(abs(try #require(try outcome(8000, seconds: 2).profiledRate) - 4000) < 1e-6)
        #expect(kinds(try outcome(7800, seconds: 2)) == [.achievedRateBelowOffered])
        #expect(kinds(try outcome(8000, seconds: 2)) == [])
        #expect(kinds(try outcome(3500, seconds: 1)) == [])
        #expect(kinds(try outcome(3400, seconds: 1)) == [.achievedRateBelowOffered])
        #expect(try outcome(8000, seconds: 2).cell.parameters.rateProfile == "1k:5k")
    }

    @Test func `Figures say of how many processes they are, and CPU time is brought to the length of the window`()
        throws
    {
        var target = process(7, on: [0])
        target.processes = [7, 8, 9]
        target.seconds = 4
        let router = try #require(try outcome(target: target).cell.measurements.router)
        #expect(router.processes == 3)
        #expect(router.cpu.total == 0.5 && router.cpuMicrosecondsPerMessage?.total == 50 && router.cpuShare == 0.25)
    }

    @Test func `Both sides in one process say nothing of processors`() throws {
        let outcome = try outcome(target: process(7, on: [1]), generator: process(7, on: [1]))
        #expect(outcome.cell.verdict == .valid && outcome.cell.warnings == nil)
    }

    @Test func `Processes that end, begin, or were not found are named`() throws {
        var target = process(7, on: [0])
        target.ended = [5]
        target.started = [8, 9]
        let outcome = try outcome(
            target: target, generator: process(6, on: [1]), warning: RunWarning(.routerProcessUnknown, "hidden"))
        #expect(
            outcome.cell.warnings?.map(\.text) == [
                "hidden", "process 5 of the router ended during the run: its CPU time is not whole",
                "processes 8, 9 of the router began to serve connections during the run",
            ])
        #expect(
            outcome.cell.warnings?.map(\.kind) == [
                .routerProcessUnknown, .routerProcessEnded, .routerProcessStarted,
            ])
        var merged = outcome
        merged.merge(try self.outcome(target: process(17, on: [2])))
        #expect(
            merged.target?.ended == [5] && merged.target?.processes == [7, 17] && merged.target?.processors == [0, 2])
        #expect(merged.cell.warnings?.map(\.kind).first == .routerProcessUnknown)
    }

    @Test func `Stalls of 40 ms are told where they are more than what waits in one pause`() throws {
        func warnings(_ scenario: Scenario, _ load: LoadModel) throws -> [RunWarning.Kind]? {
            try outcome(scenario, load: load) { figures in
                for _ in 0..<1000 { figures.latencies.response.record(nanoseconds: 41_000_000) }
            }.cell.warnings?.map(\.kind)
        }
        #expect(try warnings(.rpc(callers: 10, callees: 10), .closed(depth: 25)) == [.nagleStalls])
        #expect(try warnings(.rpc(callers: 10, callees: 10), .closed(depth: 26)) == nil)
        #expect(try warnings(.pubsub(publishers: 5, subscribers: 250, topics: 5), .closed(depth: 1)) == [.nagleStalls])
        #expect(try warnings(.pubsub(publishers: 5, subscribers: 300, topics: 5), .closed(depth: 1)) == nil)
        #expect(try warnings(.rpc(callers: 10, callees: 10), .open(rate: 2000, arrivals: .constant)) == [.nagleStalls])
        #expect(try warnings(.rpc(callers: 10, callees: 10), .open(rate: 3000, arrivals: .constant)) == nil)
    }

    @Test func `Stalls of 40 ms are not told where what is in flight takes the processors as long`() throws {
        // 100 µs of each side for a message.
        func outcome(_ load: LoadModel) throws -> LoadOutcome {
            try self.outcome(load: load, target: process(7, on: [0]), generator: process(8, on: [1])) { figures in
                for _ in 0..<1000 { figures.latencies.response.record(nanoseconds: 41_000_000) }
            }
        }
        #expect(try outcome(.closed(depth: 9)).cell.warnings?.map(\.kind) == [.nagleStalls])
        #expect(try outcome(.closed(depth: 10)).cell.warnings == nil)
        #expect(
            try outcome(.open(rate: 2000, arrivals: .constant)).cell.warnings?.map(\.kind) == [.nagleStalls],
            "in an open loop that is in time nothing has to be in flight")
        // In turns the windows are of other sides, too, and the session knows better.
        var own = try outcome(.closed(depth: 10))
        own.secondsPerMessage = 0.000_1
        #expect(own.cell.warnings?.map(\.kind) == [.nagleStalls])
        own.secondsPerMessage = 0.000_2
        #expect(own.cell.warnings == nil)
    }

    @Test
    func `What was never answered is among the responses, with the time that it waited, and is counted beside them`()
        throws
    {
        func figures(_ figures: inout FleetFigures) {
            var waited = LatencyRecorder()
            for seconds in [5, 6, 7] as [UInt64] { waited.record(nanoseconds: seconds * 1_000_000_000) }
            figures.unanswered = waited
        }
        let outcome = try outcome(ending: .drainTimedOut(Self.window), figures)
        let latency = outcome.cell.measurements.latency
        #expect(latency.unanswered?.count == 3)
        #expect(abs(Double(latency.unanswered?.atLeast ?? 0) - 5e9) < 1e7)
        #expect(latency.response.summary.count == 1003 && latency.response.summary.max >= 6_990_000_000)
        // Who had no time to answer has not failed to.
        let broken = try self.outcome(ending: .aborted, figures)
        #expect(broken.cell.measurements.latency.unanswered == nil && broken.response.count == 1000)
        var merged = broken
        merged.merge(outcome)
        #expect(merged.unanswered?.count == 3 && merged.response.count == 2003)
    }
}
