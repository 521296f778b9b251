import Foundation
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnMetrics
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWAMP
import RennbahnWorkload
import Testing

@testable import RennbahnCommands

@Suite(.serialized, .timeLimit(.minutes(2)))
struct LoadMetricsTests {
    private func names(_ format: MetricsFormat) -> [String] {
        LoadFamilies.all.map { format == .prometheus ? $0.sampleName : $0.name }
    }

    @Test(arguments: MetricsFormat.allCases)
    func `A run that has not begun tells every family of the table`(format: MetricsFormat) {
        let text = LoadMetrics().text(OwnProcess(descriptors: 100), format)
        #expect(toldNames(text) == names(format))
        #expect(text.text.contains("rennbahn_load_phase{phase=\"idle\"} 1\n"))
        #expect(text.text.contains("rennbahn_load_response_seconds_bucket{le=\"+Inf\"} 0\n"))
    }

    @Test func `A run tells what it does while it goes on, and no counter is ever less than it was`() throws {
        let node = try Node(NodeConfiguration(service: .router(realms: ["realm1"]), listen: .loopback(port: 0)))
        defer {
            node.abandon()
            node.wait()
        }
        var phases = PhaseDurations()
        phases.settle = 1_000_000
        phases.warmUp = 20_000_000
        phases.window = 2_500_000_000
        let configuration = LoadConfiguration(
            target: try LoadTarget(parsing: "ws://\(node.address)/"),
            workload: WorkloadParameters(
                scenario: .rpc(callers: 2, callees: 2), clients: 4, payload: .filler(bytes: 32),
                load: .open(rate: 500, arrivals: .constant), phases: phases),
            serializer: .json)
        let metrics = LoadMetrics()
        let process = OwnProcess(descriptors: 100)
        var told: [[String: Double]] = []
        _ = try LoadRun(configuration).run(
            onProgress: { progress in
                metrics.note(progress)
                told.append(values(metrics.text(process, .openMetrics)))
            }, onInterval: { metrics.note($0) }, takesTotals: true)
        let last = try #require(told.last)
        let counters = last.keys.filter { $0.contains("_total") || $0.contains("_bucket") || $0.contains("_count") }
        #expect(counters.count > 20)
        for (before, after) in zip(told, told.dropFirst()) {
            for name in counters { #expect(before[name] ?? 0 <= after[name] ?? 0, "\(name)") }
        }
        #expect(told.contains { $0["rennbahn_load_phase{phase=\"measuring\"}"] == 1 })
        #expect(told.contains { $0["rennbahn_load_clients{state=\"ready\"}"] == 4 })
        #expect(
            last["rennbahn_load_clients{state=\"asked\"}"] == 4 && last["rennbahn_load_clients{state=\"lost\"}"] == 0)
        for name in [
            "messages_total", "operations_total", "wire_bytes_total{direction=\"to_router\"}",
            "wire_bytes_total{direction=\"from_router\"}", "response_seconds_count", "response_seconds_sum",
            "lag_seconds_count", "cpu_seconds_total{side=\"generator\"}", "resident_bytes{side=\"generator\"}",
        ] { #expect(last["rennbahn_load_" + name] ?? 0 > 0, "\(name)") }
        let count = last["rennbahn_load_response_seconds_count"]
        #expect(last["rennbahn_load_response_seconds_bucket{le=\"+Inf\"}"] == count)
    }

    private func values(_ text: MetricsText) -> [String: Double] {
        var values: [String: Double] = [:]
        for line in text.text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " ") else { continue }
            values[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
        return values
    }
}
