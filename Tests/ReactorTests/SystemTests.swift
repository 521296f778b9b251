import Glibc
import RennbahnReactor
import Synchronization
import Testing

@Suite struct SystemTests {
    @Test func aThreadRunsItsBodyAndIsJoined() throws {
        let result = Result()
        let thread = try Thread.spawn(name: "worker") { result.value.store(42, ordering: .relaxed) }
        thread.join()
        #expect(result.value.load(ordering: .relaxed) == 42)
    }

    @Test func aThreadCanBePinned() throws {
        let result = Result()
        let chosen = try #require(Processor.allowed.last)
        let thread = try Thread.spawn(name: "pinned") {
            try? Processor.pinCurrentThread(to: [chosen])
            result.value.store(Processor.allowed == [chosen] ? 1 : 2, ordering: .relaxed)
        }
        thread.join()
        #expect(result.value.load(ordering: .relaxed) == 1)
        #expect(Processor.allowed.contains(chosen))
        #expect(throws: SystemError(code: EINVAL, operation: "sched_setaffinity")) {
            try Processor.pinCurrentThread(to: [-1])
        }
    }

    /// The signal goes to one thread only (`pthread_kill` by `raise`), which blocks it: the test process is not at risk.
    @Test func aBlockedSignalIsReceivedThroughTheDescriptor() throws {
        let thread = try Thread.spawn(name: "signals") {
            do {
                let watcher = try SignalWatcher([Signals.terminate])
                #expect(watcher.next() == nil)
                var poller = try Poller()
                try poller.add(watcher.descriptor, token: 1, interest: .read)
                raise(SIGTERM)
                #expect(poller.wait(timeoutMilliseconds: 60_000) == 1)
                #expect(watcher.next() == Signals.terminate)
                #expect(watcher.next() == nil)
            } catch {
                Issue.record(error)
            }
        }
        thread.join()
    }

    /// The signals stay with the thread, as above; what is ignored concerns the process, but nobody else asks after SIGHUP.
    @Test func aHangUpIsReceivedUnlessTheProcessIgnoresIt() throws {
        let thread = try Thread.spawn(name: "signals") {
            do {
                // Whoever runs the tests may have it ignored.
                let before = signal(SIGHUP, SIG_DFL)
                defer { signal(SIGHUP, before) }
                let watcher = try SignalWatcher()
                raise(SIGHUP)
                #expect(watcher.next() == Signals.hangUp)
                signal(SIGHUP, SIG_IGN)
                let deaf = try SignalWatcher()
                raise(SIGHUP)
                #expect(deaf.next() == nil)
            } catch {
                Issue.record(error)
            }
        }
        thread.join()
    }

    @Test func theClockDoesNotGoBack() {
        var last = MonotonicClock.now()
        for _ in 0..<1000 {
            let now = MonotonicClock.now()
            #expect(now >= last)
            last = now
        }
        #expect(WallClock.now() > 1_700_000_000_000_000_000)
    }

    @Test func theDescriptorLimitIsAtItsMaximum() {
        let (soft, hard) = DescriptorLimit.raise()
        #expect(soft > 0 && soft == hard)
    }

    @Test func theEphemeralPortsAreARange() {
        let ports = PortRange.ephemeral
        #expect(ports.lowerBound > 0 && ports.count > 100)
    }

    private final class Result: Sendable {
        let value = Atomic<Int>(0)
    }
}
