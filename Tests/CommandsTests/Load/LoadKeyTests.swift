import RennbahnLoadGenerator
import RennbahnWorkload
import Testing

@testable import RennbahnCommands

/// What whoever watches a run may press.
struct LoadKeyTests {
    private func keys(_ text: String) -> [LoadKey] { LoadKey.keys(in: Array(text.utf8)) }

    @Test func `Keys have their meaning in the order in which they are pressed; others have none`() {
        #expect(keys("pxp+=-eq\n") == [.pauseOrResume, .pauseOrResume, .faster, .faster, .slower, .endPhase, .quit])
        #expect(keys("").isEmpty && keys("PQ").isEmpty)
    }

    @Test func `What a terminal sends for an arrow is no keys`() {
        #expect(keys("\u{1B}[A").isEmpty && keys("\u{1B}Op").isEmpty && keys("\u{1B}p").isEmpty)
        #expect(keys("\u{1B}").isEmpty && keys("\u{1B}[1;5").isEmpty && keys("\u{1B}O").isEmpty)
        let beside = keys("p\u{1B}[Axe\u{1B}[1;5pq")
        #expect(beside == [.pauseOrResume, .endPhase, .quit], "what is pressed beside it is")
    }

    @Test func `A rate that went up and down again is what it was`() throws {
        #expect(LoadKey.pauseOrResume.steering(isPaused: false) == .pause)
        #expect(LoadKey.pauseOrResume.steering(isPaused: true) == .resume)
        #expect(LoadKey.endPhase.steering(isPaused: false) == .endPhase)
        #expect(LoadKey.quit.steering(isPaused: false) == nil)
        guard case .rate(let up) = try #require(LoadKey.faster.steering(isPaused: false)),
            case .rate(let down) = try #require(LoadKey.slower.steering(isPaused: false))
        else {
            Issue.record("no rates")
            return
        }
        #expect(up == 1.1 && abs(up * down - 1) < 1e-12)
    }

    @Test func `Nobody is told of a key that does nothing`() {
        func legend(_ scenario: Scenario, _ load: LoadModel, isPaused: Bool = false) -> String {
            let workload = WorkloadParameters(
                scenario: scenario, clients: 2, payload: .filler(bytes: 48), load: load)
            return LoadKey.legend(workload, isPaused: isPaused).joined(separator: ", ")
        }
        #expect(legend(.echo, .closed(depth: 1)) == "[p] pause, [e] end the phase, [q] quit")
        let open = LoadModel.open(rate: 10, arrivals: .constant)
        #expect(legend(.echo, open) == "[p] pause, [+] [-] rate, [e] end the phase, [q] quit")
        #expect(legend(.echo, open, isPaused: true).hasPrefix("[p] go on, "))
        #expect(legend(.connect, .closed(depth: 1)) == "[e] end the phase, [q] quit")
        #expect(legend(.push, .closed(depth: 1)) == "[e] end the phase, [q] quit")
    }
}
