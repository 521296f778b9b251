import RennbahnMeasurement
import Testing

struct IntervalSeriesTests {
    private func interval(_ number: Int) -> RunInterval {
        RunInterval(
            at: Double(number), seconds: 1, phase: number == 1 ? "connecting" : "measuring", connections: number,
            messages: UInt64(number) * 10)
    }

    private func latency(_ nanoseconds: UInt64...) -> LatencyFigure {
        var recorder = LatencyRecorder()
        for time in nanoseconds { recorder.record(nanoseconds: time) }
        return LatencyFigure(recorder)
    }

    private func sample(
        at end: Double, cpu: Double, resident: UInt64, steal: Double?, waited: Double?
    ) -> ResourceSample {
        var side = SideResources()
        (side.cpuSeconds, side.userSeconds, side.systemSeconds) = (cpu, cpu / 4, cpu / 2)
        (side.residentBytes, side.voluntarySwitches, side.involuntarySwitches) = (resident, 2, 3)
        side.runQueueSeconds = waited
        var sample = ResourceSample(at: end, seconds: 0.25)
        (sample.stealShare, sample.router) = (steal, side)
        return sample
    }

    /// The series with these two at its beginning, and as many behind them as make it merge neighbours.
    private func merged(_ first: RunInterval, _ second: RunInterval) -> RunInterval? {
        var series = IntervalSeries()
        series.append(first)
        series.append(second)
        for number in 3...IntervalSeries.limit + 1 { series.append(interval(number)) }
        return series.intervals.first
    }

    @Test func `Up to its limit it has what came, and beyond it no more than that many`() {
        var series = IntervalSeries()
        for number in 1...IntervalSeries.limit { series.append(interval(number)) }
        #expect(series.intervals == (1...IntervalSeries.limit).map(interval))
        series.append(interval(IntervalSeries.limit + 1))
        #expect(series.intervals.count == IntervalSeries.limit / 2 + 1)
        #expect(series.intervals.last == interval(IntervalSeries.limit + 1))
    }

    @Test func `However long it becomes nothing is lost, and all but the last are of one length`() {
        var series = IntervalSeries()
        var messages: UInt64 = 0
        for number in 1...IntervalSeries.limit * 5 + 3 {
            series.append(interval(number))
            messages += UInt64(number) * 10
            guard number % 97 == 0 || number > IntervalSeries.limit * 5 else { continue }
            let intervals = series.intervals
            #expect(intervals.count <= IntervalSeries.limit)
            #expect(intervals.reduce(0) { $0 + $1.messages } == messages)
            #expect(Set(intervals.dropLast().map(\.seconds)).count == 1)
            #expect(intervals.last?.at == Double(number))
            for (one, next) in zip(intervals, intervals.dropFirst()) { #expect(next.at - next.seconds == one.at) }
        }
        #expect(series.intervals[0].seconds == 8)
    }

    @Test func `Of two that become one counts add up, and states are those at the end`() throws {
        var (first, second) = (interval(1), interval(2))
        (first.generatorSeconds, second.generatorSeconds) = (0.5, 0.25)
        first.routerSeconds = 1
        (first.outstanding, second.outstanding) = (9, 4)
        (first.errors, second.errors) = (2, 3)
        let both = try #require(merged(first, second))
        #expect(both.at == 2 && both.seconds == 2 && both.phase == "measuring" && both.connections == 2)
        #expect(both.messages == 30 && both.messagesPerSecond == 15)
        #expect(both.generatorSeconds == 0.75 && both.routerSeconds == nil, "half of it is not all")
        #expect(both.outstanding == 4 && both.errors == 5)
        #expect(both.latency == nil && both.response == nil && both.resources == nil)
    }

    @Test func `Histograms add up, and the window so far is that of the second`() throws {
        var (first, second) = (interval(1), interval(2))
        (first.latency, second.latency) = (latency(1_000_000, 2_000_000), latency(50_000_000))
        (first.response, second.response) = (first.latency?.summary, latency(1_000_000, 50_000_000).summary)
        let both = try #require(merged(first, second))
        let own = try #require(both.latency)
        #expect(own.histogram == latency(1_000_000, 2_000_000, 50_000_000).histogram)
        #expect(own.summary.count == 3 && own.summary.max >= 50_000_000 && own.summary.max < 50_100_000)
        #expect(both.response == second.response)
        second.latency = nil
        second.response = nil
        let quiet = try #require(merged(first, second))
        #expect(quiet.latency == first.latency && quiet.response == first.response)
    }

    @Test func `Samples of resources become as few as the intervals do`() throws {
        var (first, second) = (interval(1), interval(2))
        first.resources = [
            sample(at: 0.25, cpu: 0.125, resident: 900, steal: 0.5, waited: 1),
            sample(at: 0.5, cpu: 0.25, resident: 700, steal: 0, waited: 2),
        ]
        second.resources = [sample(at: 1.25, cpu: 1, resident: 800, steal: nil, waited: nil)]
        let samples = try #require(merged(first, second)?.resources)
        #expect(samples.count == 2 && samples[1] == second.resources?[0])
        let (whole, router) = (samples[0], try #require(samples[0].router))
        #expect(whole.at == 0.5 && whole.seconds == 0.5 && whole.stealShare == 0.25 && whole.generator == nil)
        #expect(router.cpuSeconds == 0.375 && router.userSeconds == 0.375 / 4 && router.systemSeconds == 0.375 / 2)
        #expect(router.residentBytes == 900 && router.voluntarySwitches == 4 && router.involuntarySwitches == 6)
        #expect(router.runQueueSeconds == 3)
    }

    @Test func `What one of two samples does not know is not known of both`() throws {
        var (first, second) = (interval(1), interval(2))
        first.resources = [sample(at: 0.25, cpu: 0.125, resident: 900, steal: 0.5, waited: 1)]
        second.resources = [sample(at: 0.5, cpu: 0.25, resident: 700, steal: nil, waited: nil)]
        let whole = try #require(merged(first, second)?.resources?.first)
        #expect(whole.stealShare == nil && whole.router?.runQueueSeconds == nil && whole.router?.cpuSeconds == 0.375)
        second.resources?[0].router = nil
        #expect(merged(first, second)?.resources?.first?.router == nil)
    }
}
