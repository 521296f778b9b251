import ArgumentParser
import RennbahnMeasurement
import RennbahnWAMP
import Testing

@testable import RennbahnCommands
@testable import RennbahnLoadGenerator
@testable import RennbahnWorkload

/// What `load` prints of a run.
struct LoadSummaryTests {
    private func outcome() throws -> LoadOutcome {
        var figures = FleetFigures()
        figures.messages = 1000
        figures.operations = 400
        figures.nanoseconds = 2_000_000_000
        figures.bytesSent = 50_000
        figures.bytesReceived = 120_000
        for _ in 0..<100 {
            figures.latencies.response.record(nanoseconds: 1_000_000)
            figures.latencies.service.record(nanoseconds: 2_000_000)
            figures.latencies.lag.record(nanoseconds: 3_000_000)
            figures.latencies.lastSubscriber.record(nanoseconds: 4_000_000)
        }
        figures.latencies.response.record(nanoseconds: 90_000_000)
        figures.verification.expected = 1600
        figures.verification.received = 1593
        figures.verification.lost = 7
        var workload = WorkloadParameters(
            scenario: .pubsub(publishers: 10, subscribers: 50, topics: 5), clients: 60, payload: .filler(bytes: 48),
            load: .open(rate: 200, arrivals: .constant))
        workload.laggards = .init(slow: 2, stuck: 3)
        figures.laggards.slow = 2
        figures.laggards.slowMessages = 80
        figures.laggards.slowBehind = 17
        figures.laggards.stuck = 3
        figures.laggards.stuckDropped = 1
        return LoadOutcome(
            LoadConfiguration(
                target: try LoadTarget(parsing: "ws://127.0.0.1:9/"), workload: workload, serializer: .msgpack),
            figures, ending: .completed(MeasuredWindow(start: 0, end: 1)), isInterrupted: false, established: 50,
            lost: 0, undrained: 0, failures: ["CALL was refused: x": 3],
            generator: process(CPUUsage(user: 2, system: 1), cores: 2),
            target: process(CPUUsage(user: 0.5, system: 1.5), cores: 1), stealShare: 0)
    }

    private func process(_ cpu: CPUUsage, cores: Int) -> ProcessWindow {
        ProcessWindow(
            cpu: cpu, seconds: 4, waitShare: 0, cores: cores, connecting: CPUUsage(total: 0.5),
            residentBeforeConnections: 4 << 20, residentSettled: 6 << 20, residentAtEnd: 9 << 20, residentPeak: 12 << 20
        )
    }

    @Test func `It tells every figure by its name`() throws {
        #expect(
            LoadSummary.text(try outcome()) == """
                pubsub · msgpack · none · 48 B · 60 clients · 10 publishers, 50 subscribers (2 slow, 3 stuck), 5 topics · 200 /s offered

                  errors           3 × CALL was refused: x
                                   7 lost
                  throughput       500 /s  (1000 in 2.00 s, 400 operations)
                  response         p50 1.00 ms  p90 1.00 ms  p99 1.00 ms  p99.9 90.0 ms  max 90.0 ms
                  service          p50 2.00 ms  p90 2.00 ms  p99 2.00 ms  p99.9 2.00 ms  max 2.00 ms
                  last subscriber  p50 4.00 ms  p90 4.00 ms  p99 4.00 ms  p99.9 4.00 ms  max 4.00 ms
                  schedule lag     p50 3.00 ms  p90 3.00 ms  p99 3.00 ms  p99.9 3.00 ms  max 3.00 ms
                  wire             170 B per message  (50.0 to the router, 120 from it)
                  router           50 % of 1 core  1000 µs per message (user 250, system 750)
                                   9.00 MiB resident, at most 12.0 MiB
                  generator        38 % of 2 cores  1500 µs per message (user 1000, system 500)
                                   9.00 MiB resident, at most 12.0 MiB
                  slow             2 subscribers, 20 /s each, 17 events behind at the end of the window
                  stuck            1 of 3 subscribers dropped by the router
                  saturated        neither
                  verification     7 lost  (1593 received of 1600)
                  verdict          verification-failed
                                   50 connections were open of 60 requested
                                   sends were 3000 µs late at the 99th percentile, more than 1000 µs
                """)
    }

    private func summary(
        warning: RunWarning? = nil, failures: [String: Int] = [:], _ change: (inout FleetFigures) -> Void = { _ in }
    ) throws -> [String] {
        var figures = FleetFigures()
        figures.messages = 10
        figures.operations = 10
        figures.nanoseconds = 2_000_000_000
        for _ in 0..<10 { figures.latencies.response.record(nanoseconds: 200_000) }
        change(&figures)
        let configuration = try LoadOptions.parse(["--url", "ws://127.0.0.1:9/ws"]).configuration()
        let window = MeasuredWindow(start: 0, end: 2_000_000_000)
        let outcome = LoadOutcome(
            configuration, figures, ending: .drainTimedOut(window), isInterrupted: false, established: 100, lost: 0,
            undrained: 0, failures: failures, generator: nil, target: nil, targetWarning: warning, stealShare: 0)
        return LoadSummary.text(outcome).split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }.map(String.init)
    }

    @Test func `A run of which nothing is to be said has no such lines`() throws {
        let lines = try summary()
        #expect(lines.contains("verdict          valid"))
        #expect(!lines.contains { $0.contains("never answered") || $0.hasPrefix("warning") || $0.contains("beyond") })
    }

    @Test func `What was never answered stands below the percentiles that it counts in`() throws {
        let lines = try summary { figures in
            var waited = LatencyRecorder()
            for _ in 0..<3 { waited.record(nanoseconds: 5_000_000_000) }
            figures.unanswered = waited
        }
        #expect(lines.contains { $0.hasPrefix("3 never answered; counted as at least 5") })
        #expect(lines.contains { $0.hasPrefix("response") && $0.contains("p50 200") && $0.contains("max 5") })
    }

    @Test func `What went wrong stands before every latency: the most frequent first, no more kinds than can be read`()
        throws
    {
        let lines = try summary(failures: Dictionary(uniqueKeysWithValues: (1...15).map { ("reason \($0)", $0) })) {
            $0.verification.lost = 2
        }
        let first = try #require(lines.firstIndex { $0.hasPrefix("errors") })
        #expect(lines[first] == "errors           15 × reason 15")
        #expect(lines[first + 11] == "4 × reason 4" && lines[first + 12] == "6 × 3 other kinds")
        #expect(lines[first + 13] == "2 lost")
        #expect(try first < #require(lines.firstIndex { $0.hasPrefix("response") }))
        #expect(try !summary().contains { $0.hasPrefix("errors") })
    }

    @Test func `What took longer than the histogram reaches is told`() throws {
        let lines = try summary { $0.latencies.response.record(nanoseconds: 200_000_000_000) }
        #expect(lines.contains { $0.hasPrefix("response") && $0.hasSuffix("(1 beyond the range of the histogram)") })
    }

    @Test func `Warnings are named beside a verdict that they do not change`() throws {
        let lines = try summary(warning: RunWarning(.routerProcessUnknown, "who it is is not known"))
        #expect(lines.contains("verdict          valid"))
        #expect(lines.contains("warning          who it is is not known"))
    }
}
