import RennbahnMeasurement
import RennbahnWorkload
import Testing

@testable import RennbahnLoadGenerator

/// Two rounds of the same work become one outcome.
struct RoundsTests {
    private func merged(_ change: (inout LoadOutcome) -> Void) throws -> LoadOutcome {
        var sum = try SampleOutcome.make()
        var other = try SampleOutcome.make()
        change(&other)
        sum.merge(other)
        return sum
    }

    @Test func `Windows and counts add up, so that rates and costs are those of both together`() throws {
        let sum = try merged { other in
            other.seconds = 3
            other.messages = 500
            other.operations = 100
            other.bytesSent = 1000
            other.bytesReceived = 2000
            other.undrained = 1
            other.failedVisits = 5
        }
        #expect(sum.seconds == 5 && sum.messages == 1500 && sum.operations == 500)
        #expect(sum.bytesSent == 51_000 && sum.bytesReceived == 122_000)
        #expect(sum.undrained == 10 && sum.failedVisits == 7)
        #expect(sum.measurements.messagesPerSecond == 300)
        #expect(sum.verification.expected == 3200)
    }

    @Test func `Latencies are those of both, each kind by itself`() throws {
        let sum = try merged { other in
            other.response.record(nanoseconds: ms(11))
            other.service.record(nanoseconds: ms(12))
            other.lag.record(nanoseconds: ms(13))
            other.lastSubscriber.record(nanoseconds: ms(14))
        }
        let highest = [sum.response, sum.service, sum.lag, sum.lastSubscriber].map { [$0.count, $0.summary().max] }
        #expect(highest == [[3, ms(11)], [3, ms(12)], [3, ms(13)], [3, ms(14)]])
    }

    @Test func `CPU time adds up, and the worst of what makes a run invalid counts`() throws {
        let sum = try merged { other in
            other.target?.cpu = CPUUsage(user: 1, system: 2)
            other.target?.seconds = 1.5
            other.target?.waitShare = 0.2
            other.generator?.waitShare = 0.01
            other.stealShare = 0.005
            other.connectionsEstablished = 45
            other.connectionsLost = 1
            other.isInterrupted = true
            other.ending = .aborted
        }
        #expect(sum.target?.cpu == CPUUsage(user: 1.5, system: 3.5) && sum.target?.seconds == 5.5)
        #expect(sum.target?.waitShare == 0.2 && sum.generator?.waitShare == 0.02 && sum.stealShare == 0.01)
        #expect(sum.connectionsEstablished == 45 && sum.connectionsLost == 6)
        #expect(sum.isInterrupted && sum.ending == .aborted)
    }

    @Test func `Memory is that of the larger round, and connecting that of the cheaper one`() throws {
        let larger = try merged { other in
            other.target?.residentAtEnd = 20_000
            other.target?.connecting = CPUUsage(total: 9)
        }
        #expect(larger.target?.residentAtEnd == 20_000 && larger.target?.connecting.total == 0.5)
        let smaller = try merged { other in
            other.target?.residentAtEnd = 5000
            other.target?.connecting = CPUUsage(total: 0.1)
        }
        #expect(smaller.target?.residentAtEnd == 9000 && smaller.target?.connecting.total == 0.1)
    }
}
