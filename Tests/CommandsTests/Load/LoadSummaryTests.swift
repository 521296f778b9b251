import ArgumentParser
import RennbahnMeasurement
import Testing

@testable import RennbahnCommands
@testable import RennbahnLoadGenerator
@testable import RennbahnWorkload

/// What `load` prints of a run, beside its figures.
struct LoadSummaryTests {
    private func summary(
        warning: RunWarning? = nil, _ change: (inout FleetFigures) -> Void = { _ in }
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
            undrained: 0, failures: [:], generator: nil, target: nil, targetWarning: warning, stealShare: 0)
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
