import Foundation
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnWAMP
import RennbahnWorkload
import Testing

@testable import RennbahnCommands

/// Runs against a router that is a process of its own.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct RouterProcessTests {
    private func router() throws -> MeasuredServer {
        try #require(FileManager.default.isExecutableFile(atPath: builtProgram), "\(builtProgram) is not built")
        return try RunningServers().router(builtProgram, RunningServers.RouterOptions())
    }

    private func configuration(_ router: MeasuredServer, window: UInt64, load: LoadModel) -> LoadConfiguration {
        var phases = PhaseDurations()
        phases.settle = 1_000_000
        phases.warmUp = 20_000_000
        phases.window = window
        phases.drainTimeout = 30_000_000_000
        return LoadConfiguration(
            target: router.target,
            workload: WorkloadParameters(
                scenario: .rpc(callers: 2, callees: 2), clients: 4, payload: .filler(bytes: 32), load: load,
                phases: phases),
            serializer: .json)
    }

    /// Milliseconds.
    private static let stop: UInt64 = 300

    @Test func `A router that is stopped shows as long as it was in the responses of an open loop`() throws {
        let router = try router()
        let pid = try #require(router.pid)
        var (stoppedAt, wentOnAt) = (UInt64(0), UInt64(0))
        let outcome = try LoadRun(
            configuration(router, window: 1_500_000_000, load: .open(rate: 500, arrivals: .constant))
        ).run(onProgress: { progress in
            let now = MonotonicClock.now()
            if case .measuring = progress.phase, stoppedAt == 0 {
                kill(pid, SIGSTOP)
                stoppedAt = now
            } else if stoppedAt > 0, wentOnAt == 0, now - stoppedAt >= Self.stop * 1_000_000 {
                wentOnAt = now
                kill(pid, SIGCONT)
            }
        })
        if wentOnAt == 0 { kill(pid, SIGCONT) }
        try #require(wentOnAt > stoppedAt && stoppedAt > 0)
        let (response, service) = (outcome.response.summary(), outcome.service.summary())
        // An operation is due every two milliseconds.
        let least = wentOnAt - stoppedAt - 20_000_000
        #expect(response.max >= least && response.p999 >= least && service.max >= least / 2)
        // Those that were due meanwhile waited, too, each less than the one before it.
        #expect(response.p99 >= Self.stop / 2 * 1_000_000)
        #expect(outcome.verification.isClean, "\(outcome.verification.summary)")
        try router.stop()
    }

    @Test func `The router's process is found by its socket, and its CPU time is measured without being asked for`()
        throws
    {
        let router = try router()
        let pid = try #require(router.pid)
        var configuration = configuration(router, window: 100_000_000, load: .closed(depth: 1))
        let outcome = try LoadRun(configuration).run()
        #expect(outcome.target?.processes == [pid])
        #expect(outcome.cell.measurements.router?.cpu.total ?? 0 > 0)
        #expect(outcome.cell.warnings?.contains { $0.kind == .routerProcessUnknown } != true)
        configuration.targetProcesses = [pid]
        #expect(try LoadRun(configuration).run().target?.processes == [pid])
        try router.stop()
    }

    @Test func `Another process than the router's is refused`() throws {
        let router = try router()
        var configuration = configuration(router, window: 100_000_000, load: .closed(depth: 1))
        configuration.targetProcesses = [getpid()]
        do throws(LoadFailure) {
            _ = try LoadRun(configuration).run()
            Issue.record("this process is taken for the router")
        } catch {
            let pid = try #require(router.pid)
            #expect(
                LoadCommand.line(error)
                    == "--router-pid: process \(getpid()) does not listen at \(router.target.url): process \(pid) does")
            #expect(error.exitStatus == .usage)
        }
        try router.stop()
    }

    @Test func `Both on one processor void a run, on their own they do not`() throws {
        let allowed = Processor.allowed
        var options = RunningServers.RouterOptions()
        options.processors = [allowed[0]]
        let router = try RunningServers().router(builtProgram, options)
        func reasons(_ processor: Int) throws -> [InvalidReason.Kind] {
            var configuration = configuration(router, window: 200_000_000, load: .closed(depth: 1))
            configuration.processors = [processor]
            return try LoadRun(configuration).run().cell.verdict.reasons.map(\.kind)
        }
        #expect(try reasons(allowed[0]).contains(.sharedCore))
        if allowed.count > 1 { #expect(try !reasons(allowed[1]).contains(.sharedCore)) }
        try router.stop()
    }
}
