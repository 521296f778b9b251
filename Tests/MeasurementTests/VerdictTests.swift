import Foundation
import Testing

@testable import RennbahnMeasurement

@Suite("Saturation and verdict")
struct VerdictTests {
    private func facts(offered: Double? = nil) -> RunFacts {
        RunFacts(
            offeredRate: offered, achievedRate: offered ?? 5000, connectionsRequested: 2000,
            connectionsEstablished: 2000, messages: 10_000, generatorShare: 0.5, verification: VerificationCounters())
    }

    @Test("a side is saturated from 95 % of its cores on")
    func sides() {
        #expect(Saturation(routerShare: 0.95, generatorShare: 0.5) == .router)
        #expect(Saturation(routerShare: 0.949, generatorShare: 0.95) == .generator)
        #expect(Saturation(routerShare: 1, generatorShare: 1) == .both)
        #expect(Saturation(routerShare: 0.94, generatorShare: 0.94) == .neither)
    }

    @Test("throughput is a lower bound only if the generator alone was saturated")
    func lowerBound() {
        #expect(Saturation.allCases.filter(\.isLowerBoundOnRouter) == [.generator])
    }

    @Test("a good run is valid and exits 0")
    func valid() {
        #expect(facts().verdict == .valid)
        #expect(facts(offered: 5000).verdict == .valid)
        #expect(facts().verdict.exitStatus == .good)
    }

    @Test("a busy generator makes an open-loop run invalid, not a closed-loop one")
    func busyGenerator() {
        var closed = facts()
        closed.generatorShare = 0.99
        #expect(closed.verdict == .valid)
        var open = facts(offered: 5000)
        open.generatorShare = 0.81
        #expect(open.verdict.reasons.map(\.kind) == [.generatorSaturatedInOpenLoop])
        #expect(open.verdict.exitStatus == .invalid)
        open.generatorShare = 0.80
        #expect(open.verdict == .valid)
    }

    @Test("stolen time makes any run invalid", arguments: [nil, 5000.0])
    func steal(offered: Double?) {
        var robbed = facts(offered: offered)
        robbed.stealShare = 0.02
        #expect(robbed.verdict == .valid)
        robbed.stealShare = 0.03
        #expect(robbed.verdict.reasons.map(\.kind) == [.steal])
        #expect(robbed.verdict.exitStatus == .invalid)
    }

    @Test("fewer connections than were asked for make any run invalid", arguments: [nil, 5000.0])
    func connections(offered: Double?) {
        var fewer = facts(offered: offered)
        fewer.connectionsEstablished = 1999
        #expect(fewer.verdict.reasons.map(\.kind) == [.fewerConnectionsThanRequested])
        #expect(fewer.verdict.exitStatus == .invalid)
    }

    @Test("a rate below 99 % of what was offered makes a run invalid")
    func rate() {
        var slow = facts(offered: 5000)
        slow.achievedRate = 4950
        #expect(slow.verdict == .valid)
        slow.achievedRate = 4949
        #expect(slow.verdict.reasons.map(\.kind) == [.achievedRateBelowOffered])
    }

    @Test(
        "one processor for both sides makes any run invalid, two that they share are a warning",
        arguments: [nil, 5000.0])
    func sharedProcessors(offered: Double?) {
        var facts = facts(offered: offered)
        facts.places = SidePlaces(router: [1], generator: [1], routerThreads: 1, generatorThreads: 1, available: 2)
        #expect(facts.verdict.reasons.map(\.kind) == [.sharedCore] && facts.warnings.isEmpty)
        facts.places = SidePlaces(
            router: [0, 1], generator: [0, 1], routerThreads: 1, generatorThreads: 1, available: 2)
        #expect(facts.verdict == .valid && facts.warnings.map(\.kind) == [.sharedProcessors])
        facts.places = SidePlaces(router: [0], generator: [1], routerThreads: 1, generatorThreads: 1, available: 2)
        #expect(facts.verdict == .valid && facts.warnings.isEmpty)
    }

    @Test("warnings void nothing and are all told")
    func warnings() {
        var facts = facts()
        var recorder = LatencyRecorder()
        for number in 0..<1000 { recorder.record(nanoseconds: number < 200 ? 41_000_000 : 200_000) }
        facts.nagleStalls = NagleStalls(in: recorder, inFlight: 1)
        facts.processWarnings = [RunWarning(.routerProcessEnded, "process 7 ended")]
        #expect(facts.verdict == .valid && facts.verdict.exitStatus == .good)
        #expect(facts.warnings.map(\.kind) == [.routerProcessEnded, .nagleStalls])
        #expect(facts.warnings.map(\.description).first == "process 7 ended")
    }

    @Test("a side that waits for a processor makes any run invalid, and is told", arguments: [nil, 5000.0])
    func starvation(offered: Double?) {
        var starved = facts(offered: offered)
        starved.routerWaitShare = 0.05
        starved.generatorWaitShare = 0.05
        #expect(starved.verdict == .valid)
        starved.routerWaitShare = 0.051
        #expect(starved.verdict.reasons.map(\.kind) == [.routerStarved])
        #expect(starved.verdict.exitStatus == .invalid)
        starved.generatorWaitShare = 0.5
        #expect(starved.verdict.reasons.map(\.kind) == [.routerStarved, .generatorStarved])
        #expect(
            starved.verdict.reasons.map(\.description) == [
                "the router waited for a processor 5.1 % of the time, more than 5.0 %: rates and latencies are not its own",
                "the generator waited for a processor 50.0 % of the time, more than 5.0 %: rates, latencies and CPU times are "
                    + "not its own",
            ])
    }

    @Test("a run that was interrupted is not valid, whatever it measured")
    func interrupted() {
        var facts = facts()
        facts.isInterrupted = true
        #expect(facts.verdict.outcome == "invalid" && facts.verdict.reasons.map(\.kind) == [.interrupted])
        facts.verification.corrupted = 1
        #expect(facts.verdict.exitStatus == .verificationFailure)
    }

    @Test("sessions that could not be opened make a run invalid")
    func failedVisits() {
        var facts = facts()
        facts.failedVisits = 1
        #expect(facts.verdict.reasons.map(\.description) == ["1 session could not be opened"])
        facts.failedVisits = 2
        #expect(facts.verdict.reasons.map(\.description) == ["2 sessions could not be opened"])
    }

    @Test("every reason is told, in words with its figures")
    func allReasons() {
        var bad = facts(offered: 5000)
        bad.achievedRate = 4949
        bad.connectionsEstablished = 1990
        bad.connectionsLost = 3
        bad.messages = 0
        bad.generatorShare = 0.9
        bad.stealShare = 0.031
        bad.lagP99 = 1_000_001
        bad.undrained = 7
        bad.failedVisits = 4
        bad.routerWaitShare = 0.06
        bad.generatorWaitShare = 0.07
        bad.isInterrupted = true
        bad.places = SidePlaces(router: [0], generator: [0], routerThreads: 1, generatorThreads: 1, available: 2)
        let reasons = bad.verdict.reasons
        #expect(Set(reasons.map(\.kind)) == Set(InvalidReason.Kind.allCases))
        #expect(
            reasons.map(\.description) == [
                "1990 connections were open of 2000 requested",
                "3 connections were lost during the run",
                "4 sessions could not be opened",
                "the generator used 90.0 % of its cores, more than 80.0 % in an open-loop run",
                "4949 operations a second were sent, fewer than 99 % of the rate (4950 needed)",
                "sends were 1000 µs late at the 99th percentile, more than 1000 µs",
                "the hypervisor stole 3.1 % of the CPU, more than 2.0 %",
                "router and generator are bound to the same single processor: rates, latencies and CPU times are not their own",
                "the router waited for a processor 6.0 % of the time, more than 5.0 %: rates and latencies are not its own",
                "the generator waited for a processor 7.0 % of the time, more than 5.0 %: rates and latencies are not its own",
                "the run was interrupted",
                "no message was measured in the window",
                "7 messages were still on their way when the drain timed out",
            ])
    }

    @Test("lag may be a tenth of the median response where that is more than a millisecond")
    func lag() {
        var slow = facts(offered: 5000)
        slow.lagP99 = 1_500_000
        slow.responseP50 = 20_000_000
        #expect(slow.verdict == .valid)
        slow.responseP50 = 10_000_000
        #expect(slow.verdict.reasons.map(\.kind) == [.scheduleLag])
        slow.responseP50 = 15_000_000
        #expect(slow.verdict == .valid, "a tenth is not more than a tenth")
        slow.responseP50 = 1_000_000
        slow.lagP99 = 1_000_000
        #expect(slow.verdict == .valid)
        slow.lagP99 = 1_000_001
        #expect(slow.verdict.reasons.map(\.kind) == [.scheduleLag])
    }

    @Test("one violation fails the run, whatever else is wrong", arguments: 0..<5)
    func violation(which: Int) {
        var failed = facts()
        failed.connectionsEstablished = 1
        switch which {
        case 0: failed.verification.lost = 1
        case 1: failed.verification.duplicated = 1
        case 2: failed.verification.reordered = 1
        case 3: failed.verification.corrupted = 1
        default: failed.verification.unexpected = 1
        }
        guard case .verificationFailed(let others) = failed.verdict else {
            Issue.record("verdict is \(failed.verdict)")
            return
        }
        #expect(others.map(\.kind) == [.fewerConnectionsThanRequested])
        #expect(failed.verdict.exitStatus == .verificationFailure)
    }

    @Test("verdicts survive JSON; an unknown outcome is refused")
    func coding() throws {
        let reason = InvalidReason(.steal, measured: 0.5, limit: 0.02)
        for verdict in [Verdict.valid, .invalid([reason]), .verificationFailed(alsoInvalid: [])] {
            let data = try JSONEncoder().encode(verdict)
            #expect(try JSONDecoder().decode(Verdict.self, from: data) == verdict)
        }
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Verdict.self, from: Data(#"{"outcome":"fine","reasons":[]}"#.utf8))
        }
    }

    @Test("violations are summed over shards and named")
    func counters() {
        var sum = VerificationCounters()
        #expect(sum.summary == "ok")
        var shard = VerificationCounters()
        shard.expected = 10
        shard.received = 9
        shard.lost = 2
        shard.duplicated = 1
        sum += shard
        sum += shard
        #expect(sum.expected == 20 && sum.received == 18)
        #expect(sum.summary == "4 lost, 2 duplicated")
        #expect(!sum.isClean)
    }
}
