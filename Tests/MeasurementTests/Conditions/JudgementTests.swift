import Testing

@testable import RennbahnMeasurement

/// Whether conditions hold of known figures.
struct JudgementTests {
    private var figures: Figures {
        var figures = Figures()
        var recorder = LatencyRecorder()
        for milliseconds in UInt64(1)...100 { recorder.record(nanoseconds: milliseconds * 1_000_000) }
        figures[.rpcResponse] = .distribution(recorder)
        figures[.lag] = .distribution(LatencyRecorder())
        figures[.events] = .counter(1000, seconds: 4)
        figures[.messages] = .counter(5, seconds: 0)
        figures[.loss] = .fault(1, of: 2000)
        figures[.errors] = .fault(0, of: 0)
        figures[.routerCPU] = .value(0.75)
        figures[.routerCost] = .value(1234)
        return figures
    }

    private func judge(_ text: String) throws -> ConditionOutcome { try Condition(parsing: text).judge(figures) }

    @Test(arguments: [
        ("p50(rpc.response)<=50.1ms", true), ("p50(rpc.response)<49ms", false), ("p90(rpc.response)>=90ms", true),
        ("p99(rpc.response)<98ms", false), ("p99.9(rpc.response)>99ms", true), ("p1(rpc.response)<1.1ms", true),
        ("min(rpc.response)<1.1ms", true), ("max(rpc.response)>=99.9ms", true), ("mean(rpc.response)<50ms", false),
        ("mean(rpc.response)<51ms", true), ("count(rpc.response)==100", true), ("count(lag)==0", true),
        ("events==1000", true), ("count(events)!=1000", false), ("rate(events)==250", true),
        ("rate(events)>250/s", false),
        ("loss==1", true), ("loss<1", false), ("loss<=0.05%", true), ("loss<0.05%", false), ("errors==0", true),
        ("cpu.router==75%", true), ("cpu.router>0.75", false), ("cost.router<1.3us", true),
    ])
    func `A condition holds of a figure, or does not`(text: String, holds: Bool) throws {
        let outcome = try judge(text)
        #expect(outcome.verdict == (holds ? .holds : .broken), "\(outcome.line)")
        #expect(outcome.exitStatus == (holds ? .good : .thresholdMissed))
    }

    @Test(arguments: [
        ("p99(response)<1s", "the run has no figure response"), ("p99(lag)<1s", "nothing of lag was recorded"),
        ("rate(messages)>1", "messages was measured of nothing"), ("errors<1%", "errors was measured of nothing"),
    ])
    func `A figure that is absent leaves its condition untold`(text: String, note: String) throws {
        let outcome = try judge(text)
        #expect(outcome.verdict == .untold && outcome.note == note && outcome.seen == nil)
        #expect(outcome.exitStatus == .invalid && outcome.line == "\(text) cannot be told: \(note)")
    }

    /// A hundred that were answered, the longest in 100 ms, and five that had waited for 5 s.
    private func withUnanswered() -> Figures {
        var figures = Figures()
        var recorder = LatencyRecorder()
        for milliseconds in UInt64(1)...100 { recorder.record(nanoseconds: milliseconds * 1_000_000) }
        for _ in 0..<5 { recorder.record(nanoseconds: 5_000_000_000) }
        let unanswered = UnansweredFigures(count: 5, atLeast: 5_000_000_000)
        figures[.response] = .distribution(recorder, unanswered: unanswered)
        return figures
    }

    @Test(
        arguments: [
            ("p95(response)<101ms", .holds), ("p95(response)>101ms", .broken), ("p96(response)<4s", .broken),
            ("p96(response)<10s", .untold), ("p96(response)<=4s", .broken), ("p96(response)<=10s", .untold),
            ("p96(response)>4s", .holds), ("p96(response)>10s", .untold), ("p96(response)>=4s", .holds),
            ("p96(response)>=10s", .untold), ("p96(response)==4s", .broken), ("p96(response)==10s", .untold),
            ("p96(response)!=4s", .holds), ("p96(response)!=10s", .untold), ("max(response)<4s", .broken),
            ("max(response)<10s", .untold), ("min(response)<1.1ms", .holds), ("mean(response)<200ms", .broken),
            ("mean(response)<1s", .untold), ("count(response)==105", .holds),
        ] as [(String, ConditionOutcome.Verdict)])
    func `What was never answered took its time or longer`(text: String, verdict: ConditionOutcome.Verdict) throws {
        let outcome = try Condition(parsing: text).judge(withUnanswered())
        #expect(outcome.verdict == verdict, "\(outcome.line)")
    }

    @Test(
        arguments: [
            ("p99(response)<2ms", .holds), ("p99.9(response)<100s", .broken), ("p99.9(response)<200s", .untold),
            ("p99.9(response)>=120s", .holds), ("max(response)>200s", .untold), ("max(response)==100s", .broken),
            ("mean(response)<2s", .untold), ("mean(response)<1s", .broken), ("min(response)<2ms", .holds),
        ] as [(String, ConditionOutcome.Verdict)])
    func `What is beyond the range took that long or longer`(text: String, verdict: ConditionOutcome.Verdict) throws {
        var recorder = LatencyRecorder()
        for _ in 0..<99 { recorder.record(nanoseconds: 1_000_000) }
        recorder.record(nanoseconds: 150_000_000_000)
        // As they are read from a file, too.
        for recorder in [recorder, try HistogramRecord(recorder).recorder()] {
            var figures = Figures()
            figures[.response] = .distribution(recorder)
            let outcome = try Condition(parsing: text).judge(figures)
            #expect(outcome.verdict == verdict, "\(outcome.line)")
        }
    }

    @Test func `The line of a lower bound says so, and why`() throws {
        let broken = try Condition(parsing: "max(response)<1s").judge(withUnanswered())
        #expect(broken.line == "max(response)<1s does not hold: ≥ 5s; 5 were never answered")
        #expect(broken.isLowerBound == true)
        let untold = try Condition(parsing: "max(response)<10s").judge(withUnanswered())
        #expect(untold.line == "max(response)<10s cannot be told: ≥ 5s; 5 were never answered")
        #expect(untold.seen != nil && untold.exitStatus == .invalid)
        let known = try Condition(parsing: "p50(response)<1s").judge(withUnanswered())
        #expect(known.isLowerBound == nil && known.note == nil)
    }

    @Test func `The line has what was seen, in the unit of the condition`() throws {
        #expect(try judge("cost.router<5us").line == "cost.router<5µs holds: 1.234µs")
        #expect(try judge("rate(events)>1k/s").line == "rate(events)>1k/s does not hold: 0.25k/s")
        #expect(try judge("loss<0.01%").line == "loss<0.01% does not hold: 0.05%")
        #expect(try judge("loss<0.01%").seen == 0.0005)
    }

    @Test func `What is just beyond its limit is not rounded to it`() throws {
        var figures = Figures()
        figures[.routerCost] = .value(10_000_001)
        #expect(
            try Condition(parsing: "cost.router<=10ms").judge(figures).line
                == "cost.router<=10ms does not hold: 10.000001ms")
        #expect(try Condition(parsing: "cost.router>10ms").judge(figures).line.hasSuffix("holds: 10.000001ms"))
    }
}
