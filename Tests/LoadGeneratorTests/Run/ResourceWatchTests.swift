import RennbahnMeasurement
import Testing

@testable import RennbahnLoadGenerator
@testable import RennbahnReactor

/// What both sides used between two times.
struct ResourceWatchTests {
    private func process(
        user: Double, system: Double, exact: UInt64?, resident: UInt64, waited: UInt64?, switches: UInt64
    ) -> ProcessSample {
        ProcessSample(
            userSeconds: user, systemSeconds: system, onCPUNanoseconds: exact, runQueueNanoseconds: waited,
            residentBytes: resident, voluntarySwitches: switches, involuntarySwitches: switches * 2, threads: 1)
    }

    private func host(total: Double, steal: Double) -> HostSample {
        var host = HostSample()
        (host.total, host.steal) = (total, steal)
        return host
    }

    @Test func `Processes that were there at both times add up, and others do not count`() throws {
        let before =
            [
                1: process(user: 1, system: 2, exact: ms(3000), resident: 500, waited: ms(10), switches: 100),
                2: process(user: 5, system: 5, exact: ms(9000), resident: 700, waited: ms(20), switches: 40),
                3: process(user: 7, system: 7, exact: ms(9000), resident: 900, waited: ms(20), switches: 40),
            ] as [Int32: ProcessSample]
        let after =
            [
                1: process(user: 1.5, system: 2.25, exact: ms(3700), resident: 600, waited: ms(30), switches: 107),
                2: process(user: 5, system: 5.25, exact: ms(9200), resident: 800, waited: ms(25), switches: 30),
                4: process(user: 7, system: 7, exact: ms(9000), resident: 900, waited: ms(20), switches: 40),
            ] as [Int32: ProcessSample]
        let side = try #require(SideResources(from: before, to: after))
        #expect(side.userSeconds == 0.5 && side.systemSeconds == 0.5)
        #expect(abs(side.cpuSeconds - 0.9) < 1e-9)
        #expect(side.residentBytes == 1400)
        // Threads of the second have ended, and what they had counted is gone.
        #expect(side.voluntarySwitches == 7 && side.involuntarySwitches == 14)
        #expect(abs(try #require(side.runQueueSeconds) - 0.025) < 1e-9)
    }

    @Test func `Where the kernel tells less, ticks stand for CPU time, and waiting is not known`() throws {
        let before =
            [1: process(user: 1, system: 2, exact: nil, resident: 5, waited: nil, switches: 0)]
            as [Int32: ProcessSample]
        let after =
            [1: process(user: 2, system: 2.5, exact: nil, resident: 5, waited: nil, switches: 0)]
            as [Int32: ProcessSample]
        let side = try #require(SideResources(from: before, to: after))
        #expect(side.cpuSeconds == 1.5 && side.runQueueSeconds == nil)
        #expect(SideResources(from: before, to: [:]) == nil)
        #expect(SideResources(from: [:], to: after) == nil)
    }

    @Test func `A sample says when it was, how long it is, and what the hypervisor took`() {
        let start = ResourcePoint(time: ms(2000), generator: [:], router: [:], host: host(total: 100, steal: 1))
        let end = ResourcePoint(time: ms(2250), generator: [:], router: [:], host: host(total: 102, steal: 1.5))
        let sample = ResourceSample(from: start, to: end, startedAt: ms(500))
        #expect(sample.at == 1.75 && sample.seconds == 0.25 && sample.stealShare == 0.25)
        #expect(sample.generator == nil && sample.router == nil)
        let blind = ResourcePoint(time: ms(2250), generator: [:], router: [:], host: nil)
        #expect(ResourceSample(from: start, to: blind, startedAt: 0).stealShare == nil)
    }
}
