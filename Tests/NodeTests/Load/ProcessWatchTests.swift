import Foundation
import RennbahnReactor
import Testing

@testable import RennbahnLoadGenerator

/// Several processes of one side, of which some come and go.
struct ProcessWatchTests {
    private func sleeper(processors: [Int]? = nil) throws -> ChildProcess {
        try ChildProcess("/bin/sleep", arguments: ["1000"], processors: processors)
    }

    @Test("who ends in the window and who begins is told, and those that stay are sampled")
    func changes() throws {
        let children = try [sleeper(), sleeper()]
        var watch = try ProcessWatch(processes: children.map(\.pid), cores: nil)
        watch.settled()
        watch.windowBegins()
        children[0].terminate(Signals.kill)
        #expect(children[0].wait(deadline: MonotonicClock.now() + 60_000_000_000) == .signalled(Signals.kill))
        let newcomer = try sleeper()
        watch.windowEnds()
        watch.look(children.map(\.pid) + [newcomer.pid])
        let figures = try #require(watch.figures)
        #expect(figures.ended == [children[0].pid] && figures.started == [newcomer.pid])
        #expect(figures.processes == [children[1].pid, newcomer.pid].sorted())
        #expect(figures.residentAtEnd > 0 && figures.cores == 1)
        withExtendedLifetime(children) {}
    }

    @Test("a side is narrowed to those that serve; what one of them had before is known where it was a candidate")
    func narrowing() throws {
        let first = Processor.allowed[0]
        let children = try [sleeper(), sleeper(processors: [first]), sleeper()]
        let pids = children.map(\.pid)
        var watch = try ProcessWatch(processes: [pids[0]], candidates: [pids[1], 0x3fff_ffff], cores: nil)
        watch.narrow(to: [pids[1], 0x3fff_ffff])
        #expect(watch.processes.pids == [pids[1]])
        watch.settled()
        watch.windowBegins()
        watch.windowEnds()
        watch.look([pids[1]])
        let figures = try #require(watch.figures)
        #expect(figures.processes == [pids[1]] && figures.ended.isEmpty && figures.started.isEmpty)
        #expect(figures.residentBeforeConnections > 0 && figures.processors == [first])
        watch.narrow(to: [])
        #expect(watch.processes.pids == [pids[1]], "nobody is no side")
        withExtendedLifetime(children) {}
    }

    @Test("a side of which nobody is left has no figures")
    func gone() throws {
        let child = try sleeper()
        var watch = try ProcessWatch(processes: [child.pid], cores: nil)
        watch.windowBegins()
        child.terminate(Signals.kill)
        _ = child.wait(deadline: MonotonicClock.now() + 60_000_000_000)
        watch.windowEnds()
        #expect(watch.figures == nil)
        #expect(throws: ProcessSampler.Failure.gone(pid: child.pid)) {
            try ProcessWatch(processes: [child.pid], cores: nil)
        }
    }
}
