import RennbahnGate
import RennbahnMeasurement
import Testing

@testable import RennbahnCommands
@testable import RennbahnLoadGenerator

struct BlockFiguresTests {
    private func turn(
        messages: UInt64 = 100, seconds: Double = 0.02, whole: UInt64 = 200, bytes: UInt64 = 12_000,
        server: Double? = 0.001, responses: [UInt64] = []
    ) -> LoadSession.Turn {
        var response = LatencyRecorder()
        for nanoseconds in responses { response.record(nanoseconds: nanoseconds) }
        return LoadSession.Turn(
            messages: messages, seconds: seconds, response: response, wholeMessages: whole, wholeBytes: bytes,
            serverSeconds: server)
    }

    @Test func `The closed loop feeds throughput, octets and CPU time per message`() {
        var figures = BlockFigures()
        figures.takeClosedLoop(turn(), samplesServer: true)
        figures.takeClosedLoop(turn(messages: 150), samplesServer: true)
        #expect(
            figures.turns == [.throughput: [5000, 7500], .bytesPerMessage: [60, 60], .routerCPU: [5, 5]])
        #expect(figures.flaw == nil)
    }

    @Test func `The open loop feeds the latencies, and nothing else`() throws {
        var figures = BlockFigures()
        figures.takeOpenLoop(turn(responses: Array(repeating: 1_000_000, count: 98) + [50_000_000, 50_000_000]))
        #expect(Set(figures.turns.keys) == [.responseP50, .responseP99])
        let p50 = try #require(figures.turns[.responseP50]?.first ?? nil)
        let p99 = try #require(figures.turns[.responseP99]?.first ?? nil)
        #expect((0.99e6...1.01e6).contains(p50) && (49e6...51e6).contains(p99))
    }

    @Test func `A router on another machine has no CPU time, and that is no flaw`() {
        var figures = BlockFigures()
        figures.takeClosedLoop(turn(server: nil), samplesServer: false)
        #expect(figures.turns[.routerCPU] == nil)
        #expect(figures.flaw == nil)
    }

    @Test func `CPU time too short for the kernel's clock was measured`() {
        var figures = BlockFigures()
        figures.takeClosedLoop(turn(server: 0), samplesServer: true)
        #expect(figures.turns[.routerCPU] == [0])
        #expect(figures.flaw == nil)
    }

    @Test func `A figure that is missing becomes a gap, not a 0, and the turns behind it stay in their places`() {
        var figures = BlockFigures()
        for server in [0.001, nil, 0.002, 0.001, 0.001] {
            figures.takeClosedLoop(turn(server: server), samplesServer: true)
        }
        #expect(figures.turns[.routerCPU] == [5, nil, 10, 5, 5])
        #expect(figures.flaw == nil)
    }

    @Test func `More than one gap in five makes the block invalid`() {
        var figures = BlockFigures()
        for server in [0.001, nil, 0.002, nil, 0.001] {
            figures.takeClosedLoop(turn(server: server), samplesServer: true)
        }
        #expect(figures.flaw == "2 of 5 turns have no figure for router CPU per message: is --turn too short?")
    }

    @Test func `A turn without a message, in its window or at all, and one without a response, are gaps`() {
        var window = BlockFigures()
        window.takeClosedLoop(turn(messages: 0), samplesServer: true)
        #expect(window.turns == [.throughput: [nil], .bytesPerMessage: [60], .routerCPU: [5]])
        #expect(window.flaw == "1 of 1 turns have no figure for throughput: is --turn too short?")
        var empty = BlockFigures()
        empty.takeClosedLoop(turn(messages: 0, whole: 0, bytes: 0), samplesServer: true)
        #expect(empty.turns == [.throughput: [nil], .bytesPerMessage: [nil], .routerCPU: [nil]])
        var silent = BlockFigures()
        silent.takeOpenLoop(turn())
        #expect(silent.turns == [.responseP50: [nil], .responseP99: [nil]])
        #expect(silent.flaw == "1 of 1 turns have no figure for response p50: is --turn too short?")
    }

    @Test func `Latencies that say nothing are dropped with their gaps; what the closed loop showed stays`() {
        var figures = BlockFigures()
        figures.takeClosedLoop(turn(), samplesServer: true)
        figures.takeOpenLoop(turn(responses: [1000]))
        figures.takeOpenLoop(turn())
        figures.take(memoryPerConnection: 900)
        figures.dropLatencies()
        #expect(figures.flaw == nil)
        #expect(Set(figures.turns.keys) == [.throughput, .bytesPerMessage, .routerCPU, .memoryPerConnection])
    }
}
