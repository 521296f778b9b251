import RennbahnMeasurement
import Testing

@testable import RennbahnLoadGenerator
@testable import RennbahnReactor

/// CPU, memory and waiting of a process between two samples.
struct ProcessWindowTests {
    private func sample(user: Double, system: Double, exact: UInt64?, resident: UInt64 = 0) -> ProcessSample {
        ProcessSample(
            userSeconds: user, systemSeconds: system, onCPUNanoseconds: exact, residentBytes: resident,
            voluntarySwitches: 0, involuntarySwitches: 0, threads: 1)
    }

    private func thread(_ id: Int32, ran: UInt64, waited: UInt64) -> ThreadSample {
        ThreadSample(
            id: id, name: "", userSeconds: 0, systemSeconds: 0, onCPUNanoseconds: ran, runQueueNanoseconds: waited)
    }

    /// Two seconds, in which the process ran for one; thread 1 for 0.7 s and thread 2 for 0.3 s.
    private func window(
        waited: [UInt64] = [ms(100), ms(300)], cores: Int? = nil, processors: Int = 8, third: UInt64 = 0
    ) throws -> ProcessWindow {
        let start = ProcessPoint(
            time: ms(5000), sample: sample(user: 10, system: 20, exact: ms(30_000), resident: 4000),
            threads: [
                thread(1, ran: ms(7000), waited: ms(50)), thread(2, ran: ms(100), waited: ms(60)),
                thread(3, ran: ms(40), waited: 0),
            ])
        let end = ProcessPoint(
            time: ms(7000), sample: sample(user: 10.25, system: 20.75, exact: ms(31_000), resident: 9000),
            threads: [
                thread(1, ran: ms(7700), waited: ms(50) + waited[0]),
                thread(2, ran: ms(400), waited: ms(60) + waited[1]),
                thread(3, ran: ms(40) + third, waited: 0),
            ])
        let window = ProcessWindow(
            from: start, to: end, before: sample(user: 1, system: 1, exact: ms(2000), resident: 1000),
            settled: sample(user: 2, system: 4, exact: ms(6500), resident: 3000), peak: 12_000, cores: cores,
            processors: processors)
        return try #require(window)
    }

    @Test func `CPU time and memory are those of the samples`() throws {
        let used = try window()
        #expect(used.seconds == 2)
        #expect(used.cpu.total == 1 && used.cpu.user == 0.25 && used.cpu.system == 0.75)
        #expect(used.connecting.total == 4.5)
        #expect(used.residentBeforeConnections == 1000 && used.residentSettled == 3000)
        #expect(used.residentAtEnd == 9000 && used.residentPeak == 12_000)
    }

    @Test func `It may use as many cores as it is told, or as it had busy threads`() throws {
        #expect(try window().cores == 2)
        #expect(try window(processors: 1).cores == 1)
        #expect(try window(cores: 5).cores == 5)
        // A thread is busy from a twentieth of the window on.
        #expect(try window(third: ms(99)).cores == 2)
        #expect(try window(third: ms(101)).cores == 3)
    }

    @Test func `The thread that waited longest says how long the process waited, in shares of the window`() throws {
        let share = try #require(try window().waitShare)
        #expect(abs(share - 0.15) < 1e-9)
        let other = try #require(try window(waited: [ms(500), ms(10)]).waitShare)
        #expect(abs(other - 0.25) < 1e-9)
    }

    /// One second of two cores' four was used.
    @Test func `It has not waited for what it used itself`() throws {
        #expect(try window(waited: [ms(1900), 0]).waitShare == 0.75)
        #expect(try window(waited: [ms(1900), 0], cores: 1).waitShare == 0.5)
    }

    @Test func `Where no time has passed there is no window, and where the kernel counts nothing no waiting`() {
        let point = ProcessPoint(time: 5, sample: sample(user: 0, system: 0, exact: nil), threads: [])
        func window(to end: ProcessPoint) -> ProcessWindow? {
            ProcessWindow(
                from: point, to: end, before: point.sample, settled: point.sample, peak: nil, cores: nil, processors: 4)
        }
        #expect(window(to: point) == nil)
        var later = point
        later.time = 6
        #expect(window(to: later)?.waitShare == nil && window(to: later)?.cores == 1)
    }
}
