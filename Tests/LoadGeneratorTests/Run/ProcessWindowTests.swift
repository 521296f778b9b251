import RennbahnMeasurement
import Testing

@testable import RennbahnLoadGenerator
@testable import RennbahnReactor

/// CPU, memory and waiting of a side between two points.
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
            time: ms(5000), samples: [7: sample(user: 10, system: 20, exact: ms(30_000), resident: 4000)],
            threads: [
                thread(1, ran: ms(7000), waited: ms(50)), thread(2, ran: ms(100), waited: ms(60)),
                thread(3, ran: ms(40), waited: 0),
            ])
        let end = ProcessPoint(
            time: ms(7000), samples: [7: sample(user: 10.25, system: 20.75, exact: ms(31_000), resident: 9000)],
            threads: [
                thread(1, ran: ms(7700), waited: ms(50) + waited[0]),
                thread(2, ran: ms(400), waited: ms(60) + waited[1]),
                thread(3, ran: ms(40) + third, waited: 0),
            ])
        let window = ProcessWindow(
            from: start, to: end, before: [7: sample(user: 1, system: 1, exact: ms(2000), resident: 1000)],
            settled: [7: sample(user: 2, system: 4, exact: ms(6500), resident: 3000)], peak: 12_000, cores: cores,
            available: processors, processors: [3])
        return try #require(window)
    }

    @Test func `CPU time and memory are those of the samples`() throws {
        let used = try window()
        #expect(used.seconds == 2)
        #expect(used.cpu.total == 1 && used.cpu.user == 0.25 && used.cpu.system == 0.75)
        #expect(used.connecting.total == 4.5)
        #expect(used.residentBeforeConnections == 1000 && used.residentSettled == 3000)
        #expect(used.residentAtEnd == 9000 && used.residentPeak == 12_000)
        #expect(used.workBeforeConnections == 2)
        #expect(used.processes == [7] && used.ended.isEmpty && used.started.isEmpty && used.processors == [3])
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
        let point = ProcessPoint(time: 5, samples: [7: sample(user: 0, system: 0, exact: nil)], threads: [])
        func window(to end: ProcessPoint) -> ProcessWindow? {
            ProcessWindow(
                from: point, to: end, before: point.samples, settled: point.samples, peak: nil, cores: nil, available: 4
            )
        }
        #expect(window(to: point) == nil)
        var later = point
        later.time = 6
        #expect(window(to: later)?.waitShare == nil && window(to: later)?.cores == 1)
    }

    // MARK: Several processes

    /// Process 1 stays, 2 ends, 3 begins; what they had before the first connection is known of 1 and 3.
    private func group(exactOf newcomer: UInt64? = ms(1000)) throws -> ProcessWindow {
        let start = ProcessPoint(
            time: 0,
            samples: [
                1: sample(user: 10, system: 5, exact: ms(15_000), resident: 100),
                2: sample(user: 20, system: 0, exact: ms(20_000), resident: 200),
            ], threads: [thread(1, ran: 0, waited: ms(100)), thread(2, ran: 0, waited: 0)])
        let end = ProcessPoint(
            time: ms(4000),
            samples: [
                1: sample(user: 11, system: 6, exact: ms(17_500), resident: 1000),
                3: sample(user: 1, system: 0, exact: newcomer, resident: 3000),
            ], threads: [thread(1, ran: ms(2000), waited: ms(300)), thread(3, ran: ms(1000), waited: ms(400))])
        let window = ProcessWindow(
            from: start, to: end,
            before: [
                1: sample(user: 9, system: 4, exact: ms(13_000), resident: 50),
                2: sample(user: 18, system: 0, exact: ms(18_000), resident: 60),
                3: sample(user: 0.25, system: 0.25, exact: ms(500), resident: 70),
            ],
            settled: [
                1: sample(user: 9.5, system: 4.5, exact: ms(14_000), resident: 80),
                2: sample(user: 19, system: 0, exact: ms(19_000), resident: 90),
            ], peak: nil, cores: nil, available: 8)
        return try #require(window)
    }

    @Test func `CPU time is that of all who are there at the end; who began since counts whole, who ended does not`()
        throws
    {
        #expect(try group().cpu.total == 3.5)
        // Ticks, where one has no exact time.
        #expect(try group(exactOf: nil).cpu == CPUUsage(user: 2, system: 1))
        #expect(try group().connecting.total == 2)
    }

    @Test func `Memory of several is their sum, as far as they are there at the end`() throws {
        let used = try group()
        #expect(used.residentBeforeConnections == 120 && used.workBeforeConnections == 13.5)
        #expect(used.residentSettled == 170 && used.residentAtEnd == 4000)
    }

    @Test func `Who ended in the window and who began is named`() throws {
        let used = try group()
        #expect(used.processes == [1, 3] && used.ended == [2] && used.started == [3])
    }

    @Test func `Threads of all of them count: those that were busy, and the one that waited longest`() throws {
        let used = try group()
        #expect(used.cores == 2 && used.waitShare == 0.1)
    }

    @Test func `Where nobody was there at both points there is no window`() {
        let one = ProcessPoint(time: 0, samples: [1: sample(user: 0, system: 0, exact: 0)], threads: [])
        func window(_ samples: [Int32: ProcessSample]) -> ProcessWindow? {
            ProcessWindow(
                from: one, to: ProcessPoint(time: 9, samples: samples, threads: []), before: [:], settled: [:],
                peak: nil, cores: 1, available: 1)
        }
        #expect(window([2: sample(user: 0, system: 0, exact: 0)]) == nil && window([:]) == nil)
        #expect(window(one.samples) != nil)
    }
}
