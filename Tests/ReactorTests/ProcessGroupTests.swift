import Glibc
import RennbahnReactor
import RennbahnTestKit
import Testing

/// The sum over processes, with some that work for a moment and are stopped then.
struct ProcessGroupTests {
    private static func worker() throws -> ChildProcess {
        let child = try ChildProcess(
            "/bin/sh",
            arguments: ["-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo done; kill -STOP $$"])
        var status: Int32 = 0
        // Once it is stopped nothing of it changes any more.
        guard child.readLine(deadline: failureDeadline()) == .line("done"),
            waitpid(child.pid, &status, WUNTRACED) == child.pid, status & 0xff == 0x7f
        else {
            throw SystemError(code: EPROTO, operation: "worker")
        }
        return child
    }

    @Test func theFiguresAreThoseOfAllTogether() throws {
        let children = try [Self.worker(), Self.worker()]
        let group = try ProcessGroupSampler(pids: children.map(\.pid))
        let single = try children.map { try ProcessSampler(pid: $0.pid) }
        #expect(group.pids == children.map(\.pid))
        let sum = try #require(group.sum(of: group.samples()))
        let parts = try single.map { try $0.sample() }
        #expect(parts.allSatisfy { $0.residentBytes > 0 && $0.onCPUNanoseconds ?? 1 > 0 })
        let used = try #require(sum.onCPUNanoseconds)
        #expect(used > parts.compactMap(\.onCPUNanoseconds).max() ?? .max)
        #expect(sum.threads == parts.reduce(0) { $0 + $1.threads })
        #expect(sum.residentBytes > parts.map(\.residentBytes).max() ?? .max)
        #expect(Set(group.threads().map(\.id)) == Set(children.map(\.pid)))
        #expect(group.samples().count == 2)
        let peaks = single.compactMap { $0.peakResidentBytes() }
        #expect(try #require(group.peakResidentBytes()) >= peaks.reduce(0, +) && peaks.count == 2)
        let own = single.compactMap { $0.anonymousBytes() }
        #expect(group.anonymousBytes() == own.reduce(0, +) && own.count == 2)
        withExtendedLifetime(children) {}
    }

    @Test func whereOneHasEndedThereIsNoSumAndTheOtherIsStillSampled() throws {
        let children = try [Self.worker(), Self.worker()]
        let group = try ProcessGroupSampler(pids: children.map(\.pid))
        children[0].terminate(SIGKILL)
        #expect(children[0].wait(deadline: failureDeadline()) == .signalled(SIGKILL))
        let samples = group.samples()
        #expect(Array(samples.keys) == [children[1].pid] && group.sum(of: samples) == nil)
        #expect(group.threads().map(\.id) == [children[1].pid])
        #expect(group.anonymousBytes() == nil)
        #expect(throws: ProcessSampler.Failure.gone(pid: children[0].pid)) {
            try ProcessGroupSampler(pids: children.map(\.pid))
        }
        withExtendedLifetime(children) {}
    }

    @Test func processorsOfAnyThreadAreKnown() throws {
        let first = Processor.allowed[0]
        let child = try ChildProcess("/bin/sleep", arguments: ["1000"], processors: [first])
        #expect(Processor.allowed(ofThread: child.pid) == [first])
        #expect(Processor.allowed(ofThread: 0x3fff_ffff) == nil)
    }
}
