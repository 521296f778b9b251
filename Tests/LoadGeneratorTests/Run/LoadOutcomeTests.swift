import RennbahnMeasurement
import Testing

@testable import RennbahnLoadGenerator
@testable import RennbahnWorkload

/// From what was counted to the figures that people see.
struct LoadOutcomeTests {
    @Test func `Every figure per message divides by the messages, every share by the window and the cores`() throws {
        let figures = try SampleOutcome.make().measurements
        #expect(figures.seconds == 2 && figures.messages == 1000 && figures.operations == 400)
        #expect(figures.messagesPerSecond == 500)
        #expect(figures.wire == WireFigures(bytesIn: 50_000, bytesOut: 120_000, messages: 1000))
        #expect(figures.wire.bytesInPerMessage == 50 && figures.wire.bytesOutPerMessage == 120)
        #expect(figures.wire.bytesPerMessage == 170)
        #expect(figures.verification.expected == 1600)
        #expect(figures.connections == ConnectionFigures(lost: 5, unopenedSessions: 2))
    }

    /// Samples lie 4 s apart, and the window is 2 s long: half of the CPU time is the window's.
    @Test func `CPU time is brought to the length of the window, and is each side's own`() throws {
        let figures = try SampleOutcome.make().measurements
        let router = try #require(figures.router)
        #expect(router.cpu == CPUUsage(user: 0.25, system: 0.75) && router.cores == 1)
        #expect(router.cpuMicrosecondsPerMessage == CPUPerMessage(user: 250, system: 750, total: 1000))
        #expect(router.cpuShare == 0.5 && router.runQueueShare == 0.03)
        #expect(figures.generator.cpu == CPUUsage(user: 1, system: 0.5) && figures.generator.cores == 2)
        #expect(figures.generator.cpuMicrosecondsPerMessage?.total == 1500)
        #expect(figures.generator.cpuShare == 0.375 && figures.generator.runQueueShare == 0.02)
        #expect(figures.saturated == .neither && !figures.generatorFlagged && !figures.lowerBound)
    }

    @Test func `Memory of a connection is what the process grew by, over the connections that were made`() throws {
        var outcome = try SampleOutcome.make()
        outcome.connectionsEstablished = 200
        outcome.target?.residentBeforeConnections = 1 << 20
        outcome.target?.residentAtEnd = 3 << 20
        let router = try #require(outcome.measurements.router)
        #expect(router.residentBytes == 3 << 20 && router.peakResidentBytes == 12_000)
        #expect(router.residentBytesPerConnection == Double(2 << 20) / 200)
    }

    @Test func `Each latency is its own`() throws {
        let latency = try SampleOutcome.make().measurements.latency
        #expect(latency.response.summary.max == ms(1) && latency.service?.summary.max == ms(2))
        #expect(latency.lag?.summary.max == ms(3) && latency.lastSubscriber?.summary.max == ms(4))
    }

    @Test func `A saturated side is told from its share of its own cores`() throws {
        var outcome = try SampleOutcome.make()
        outcome.generator?.cpu = CPUUsage(user: 8, system: 0)
        #expect(outcome.measurements.saturated == .generator)
        #expect(outcome.measurements.generatorFlagged && outcome.measurements.lowerBound)
        outcome.target?.cpu = CPUUsage(user: 4, system: 0)
        #expect(outcome.measurements.saturated == .both && !outcome.measurements.lowerBound)
        outcome.generator?.cores = 4
        #expect(outcome.measurements.saturated == .router && !outcome.measurements.generatorFlagged)
    }

    @Test func `The verdict has the facts of the run, each side's to that side`() throws {
        let facts = try SampleOutcome.make(load: .open(rate: 300, arrivals: .constant)).facts
        // Of an even timetable one operation less may be in the window.
        #expect(facts.offeredRate == 299.5 && facts.achievedRate == 200)
        #expect(facts.lagP99.map { isNear($0, ms(3)) } == true && facts.responseP50.map { isNear($0, ms(1)) } == true)
        #expect(facts.connectionsRequested == 60 && facts.connectionsEstablished == 50 && facts.connectionsLost == 5)
        #expect(facts.messages == 1000 && facts.generatorShare == 0.375 && facts.stealShare == 0.01)
        #expect(facts.routerWaitShare == 0.03 && facts.generatorWaitShare == 0.02)
        #expect(facts.failedVisits == 2 && facts.undrained == 0 && !facts.isInterrupted)
    }

    @Test func `A timetable of independent arrivals may have fewer in the window`() throws {
        let facts = try SampleOutcome.make(load: .open(rate: 200, arrivals: .poisson)).facts
        #expect(facts.offeredRate == 160)
    }

    @Test func `A closed loop offers no rate and has no lag`() throws {
        let facts = try SampleOutcome.make().facts
        #expect(facts.offeredRate == nil && facts.lagP99 == nil && facts.responseP50 != nil)
    }

    @Test func `What did not drain is told, and what was lost where nobody broke the run off`() throws {
        let window = MeasuredWindow(start: 0, end: 1)
        let timedOut = try SampleOutcome.make(ending: .drainTimedOut(window))
        #expect(timedOut.facts.undrained == 9 && timedOut.verification.lost == 7)
        let interrupted = try SampleOutcome.make(ending: .aborted, isInterrupted: true)
        #expect(
            interrupted.facts.isInterrupted && interrupted.facts.undrained == 0 && interrupted.verification.lost == 0)
    }

    @Test func `The cell names what was asked for`() throws {
        var cell = try SampleOutcome.make().parameters
        #expect(cell.publishers == 10 && cell.subscribers == 50 && cell.topics == 5 && cell.depth == 3)
        #expect(cell.rate == nil && cell.payloadBytes == 48 && cell.clients == 60)
        #expect(cell.slowSubscribers == nil && cell.stuckSubscribers == nil)
        cell = try SampleOutcome.make(.rpc(callers: 40, callees: 20), load: .open(rate: 9, arrivals: .constant))
            .parameters
        #expect(cell.callers == 40 && cell.callees == 20 && cell.rate == 9 && cell.depth == nil)
    }
}
