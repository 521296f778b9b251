import Glibc
import RennbahnTestKit
import Testing

@testable import RennbahnReactor

@Suite struct ChildProcessTests {
    private static func shell(
        _ script: String, environment: [String: String] = [:], errors: ChildProcess.Stream = .inherit,
        processors: [Int]? = nil
    ) throws -> ChildProcess {
        try ChildProcess(
            "/bin/sh", arguments: ["-c", script], environment: environment, errors: errors, processors: processors)
    }

    @Test func itsLinesAndItsExitCodeArrive() throws {
        let child = try Self.shell("echo one; echo; printf 'no end'; exit 7")
        let deadline = failureDeadline()
        #expect(child.readLine(deadline: deadline) == .line("one"))
        #expect(child.readLine(deadline: deadline) == .line(""))
        #expect(child.readLine(deadline: deadline) == .line("no end"))
        #expect(child.readLine(deadline: deadline) == .ended)
        #expect(child.wait(deadline: deadline) == .exited(code: 7))
        #expect(child.wait(deadline: deadline) == .exited(code: 7), "the answer stays")
        child.terminate()
    }

    @Test func readingASilentProgramEndsAtTheDeadline() throws {
        let quiet = try ChildProcess("/bin/sleep", arguments: ["1000"])
        #expect(quiet.readLine(deadline: MonotonicClock.now() + 2_000_000) == .timedOut)
        #expect(quiet.wait(deadline: MonotonicClock.now() + 2_000_000) == nil)
        #expect(quiet.poll() == nil)
        quiet.terminate()
        #expect(quiet.wait(deadline: failureDeadline()) == .signalled(SIGTERM))
        #expect(quiet.readLine(deadline: failureDeadline()) == .ended)
    }

    @Test func linesThatComeInPiecesAreWhole() throws {
        let child = try Self.shell("i=0; while [ $i -lt 2000 ]; do printf 'a%s' $i; printf 'b\\n'; i=$((i+1)); done")
        for number in 0..<2000 { #expect(child.readLine(deadline: failureDeadline()) == .line("a\(number)b")) }
        #expect(child.readLine(deadline: failureDeadline()) == .ended)
    }

    @Test func itsErrorsAreKeptOutOfItsOutput() throws {
        let child = try Self.shell("echo err >&2; echo out", errors: .discard)
        #expect(child.readLine(deadline: failureDeadline()) == .line("out"))
        #expect(child.readLine(deadline: failureDeadline()) == .ended)
    }

    @Test func itReadsWhatItIsGiven() throws {
        // More than a pipe holds.
        let input = Array("one\n".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: 100_000)
        let child = try ChildProcess(
            "/bin/sh", arguments: ["-c", "read -r line; echo \"$line\"; wc -c </dev/stdin"], input: input)
        #expect(child.readLine(deadline: failureDeadline()) == .line("one"))
        #expect(child.readLine(deadline: failureDeadline()) == .line("100004"))
        let other = try Self.shell("wc -c </dev/stdin")
        #expect(other.readLine(deadline: failureDeadline()) == .line("0"), "else there is nothing to read")
    }

    @Test func itsEnvironmentIsOursWithChanges() throws {
        let child = try Self.shell("echo \"$RING-$PATH\"", environment: ["RING": "rail"])
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        #expect(child.readLine(deadline: failureDeadline()) == .line("rail-\(path)"))
    }

    @Test func aProgramThatDoesNotExistIsAnError() {
        #expect(throws: SystemError(code: ENOENT, operation: "posix_spawn")) {
            try ChildProcess("/nonexistent/program")
        }
    }

    @Test func droppingItKillsTheProgram() throws {
        var child: ChildProcess? = try ChildProcess("/bin/sleep", arguments: ["1000"])
        let pid = try #require(child?.pid)
        #expect(kill(pid, 0) == 0)
        child = nil
        #expect(kill(pid, 0) == -1 && errno == ESRCH)
    }

    @Test func itStartsWithNoSignalBlocked() throws {
        // On a thread of its own: the test's threads keep their mask.
        let thread = try Thread.spawn(name: "masked") {
            do {
                try Signals.block([Signals.terminate, Signals.brokenPipe])
                let child = try ChildProcess("/bin/grep", arguments: ["SigBlk", "/proc/self/status"])
                #expect(child.readLine(deadline: failureDeadline()) == .line("SigBlk:\t0000000000000000"))
            } catch {
                Issue.record(error)
            }
        }
        thread.join()
    }

    @Test func itRunsWhereItIsTold() throws {
        let before = Processor.allowed
        let chosen = try #require(before.last)
        let child = try ChildProcess(
            "/bin/grep", arguments: ["Cpus_allowed_list", "/proc/self/status"], processors: [chosen])
        #expect(child.readLine(deadline: failureDeadline()) == .line("Cpus_allowed_list:\t\(chosen)"))
        #expect(Processor.allowed == before)
    }

    @Test func noDescriptorOfOursIsPassedOn() throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        defer { Sockets.close(listener) }
        // The child looks for the very socket, by its inode, since the test runner itself may pass descriptors on.
        var name = [CChar](repeating: 0, count: 64)
        let length = readlink("/proc/self/fd/\(listener.rawValue)", &name, 63)
        let socket = String(decoding: name.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #expect(socket.hasPrefix("socket:["))
        let child = try Self.shell("ls -l /proc/$$/fd", errors: .discard)
        var lines = 0
        while case .line(let line) = child.readLine(deadline: failureDeadline()) {
            #expect(!line.hasSuffix(socket))
            lines += 1
        }
        #expect(lines > 3)
    }
}

@Suite struct SamplerTests {
    @Test func ourOwnCountersGrow() throws {
        let sampler = try ProcessSampler()
        let before = try sampler.sample()
        let start = ThreadClock.now()
        while ThreadClock.now() - start < 60_000_000 {}
        let after = try sampler.sample()
        // Ticks of 10 ms, of which one may be open at either end.
        let ticks = after.userSeconds + after.systemSeconds - before.userSeconds - before.systemSeconds
        #expect(ticks >= 0.039)
        #expect(after.residentBytes > 1 << 20)
        #expect(after.threads >= 1)
        #expect(after.voluntarySwitches + after.involuntarySwitches > 0)
        if let begun = before.onCPUNanoseconds, let exact = after.onCPUNanoseconds {
            #expect(exact - begun >= 60_000_000)
        }
    }

    @Test func memoryOfItsOwnIsToldFromFiles() throws {
        let child = try ChildProcess("/bin/sleep", arguments: ["1000"])
        defer { child.terminate() }
        let sampler = try ProcessSampler(pid: child.pid)
        let own = try #require(sampler.anonymousBytes())
        // A heap and a stack; what else it has resident is the program and its libraries.
        #expect(own > 0 && own.isMultiple(of: 4096))
        #expect(own < (1 << 20))
        #expect(try #require(ProcessSampler().anonymousBytes()) > own)
    }

    @Test func threadsAreListedByName() throws {
        let sampler = try ProcessSampler()
        let thread = try Thread.spawn(name: "blank ) name") {
            do {
                let names = try sampler.threads().map(\.name)
                #expect(names.contains("blank ) name"))
            } catch {
                Issue.record(error)
            }
        }
        thread.join()
    }

    @Test func anEndedProcessIsGone() throws {
        let child = try ChildProcess("/bin/sleep", arguments: ["1000"])
        let sampler = try ProcessSampler(pid: child.pid)
        #expect(try sampler.sample().threads == 1)
        child.terminate()
        #expect(child.wait(deadline: failureDeadline()) == .signalled(SIGTERM))
        let gone = ProcessSampler.Failure.gone(pid: child.pid)
        #expect(throws: gone) { try sampler.sample() }
        #expect(throws: gone) { try sampler.threads() }
        #expect(throws: gone) { try ProcessSampler(pid: child.pid) }
    }

    @Test func theHostIsDescribed() throws {
        let all = try HostSampler.sample()
        let one = try HostSampler.sample(processors: [Processor.allowed[0]])
        #expect(all.total > 0 && one.total > 0)
        #expect(one.total <= all.total + 10)
        #expect(
            abs(all.total - (all.user + all.system + all.idle + all.interrupts + all.steal)) < 0.001 * all.total + 1)
        #expect(!HostSampler.kernelRelease.isEmpty && !HostSampler.processorModel.isEmpty)
    }

    @Test func theLoadAveragesAreThoseOfTheKernel() throws {
        // They change every five seconds: not twice between two looks.
        let looks = try [averages(), averages()]
        let told = try HostSampler.loadAverage()
        let last = try averages()
        #expect((looks + [last]).contains([told.one, told.five, told.fifteen]))
        #expect(last.count == 3)
    }

    private func averages() throws -> [Double] {
        let fields = try SystemFile.text("/proc/loadavg").split(separator: " ")
        return try (0..<3).map { try #require(Double(fields[$0])) }
    }

    @Test func stolenTimeIsAShareOfTheTimeBetweenTwoSamples() {
        func sample(_ steal: Double, _ total: Double) -> HostSample {
            var sample = HostSample()
            (sample.steal, sample.total) = (steal, total)
            return sample
        }
        #expect(sample(13, 140).stealShare(since: sample(10, 100)) == 0.075)
        // Counters of some hypervisors run backwards.
        #expect(sample(9, 140).stealShare(since: sample(10, 100)) == 0)
        #expect(sample(10, 100).stealShare(since: sample(10, 100)) == 0)
    }
}
