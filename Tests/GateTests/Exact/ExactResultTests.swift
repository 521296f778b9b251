import RennbahnMeasurement
import RennbahnTrial
import Testing

@testable import RennbahnGate

struct ExactResultTests {
    private let platform = ["toolchain": "swift 6.3.1", "architecture": "x86_64"]

    private func record(
        _ cells: [String: [ExactCounter: Double]], platform: [String: String]? = nil
    ) -> ExactRecord {
        ExactRecord(platform: platform ?? self.platform, date: "2026-11-23", reason: "first", cells: cells)
    }

    private func finding(_ counter: ExactCounter, from reference: Double, to measured: Double) -> ExactResult {
        ExactResult(measured: record(["a": [counter: measured]]), reference: record(["a": [counter: reference]]))
    }

    @Test func `Equal counts pass`() {
        let cells: [String: [ExactCounter: Double]] = ["a": [.instructions: 3995.74, .allocations: 0, .wireBytes: 61]]
        let result = ExactResult(measured: record(cells), reference: record(cells))
        #expect(result.verdict == .pass)
        #expect(result.rows.count == 3)
        #expect(result.reasons.isEmpty)
    }

    @Test func `Instructions may differ by a hundredth`() {
        #expect(finding(.instructions, from: 1000, to: 1010).verdict == .pass)
        #expect(finding(.instructions, from: 1000, to: 1011).verdict == .fail)
        #expect(finding(.instructions, from: 1000, to: 1011).reasons[0].contains("+1.1 %"))
    }

    @Test func `One allocation more fails`() {
        #expect(finding(.allocations, from: 0, to: 1).rows[0].finding == .worse)
        #expect(finding(.allocations, from: 0, to: 1).verdict == .fail)
    }

    @Test func `Fewer instructions pass, and ask to be blessed`() {
        let result = finding(.instructions, from: 1000, to: 900)
        #expect(result.verdict == .pass)
        #expect(result.reasons.contains { $0.contains("bless") })
    }

    @Test func `Other bytes on the wire fail, even if they are fewer`() {
        #expect(finding(.wireBytes, from: 61, to: 60).rows[0].finding == .changed)
        #expect(finding(.wireBytes, from: 61, to: 60).verdict == .fail)
    }

    @Test func `A missing cell, a missing counter and an unknown cell fail`() {
        let reference = record(["a": [.allocations: 0], "b": [.allocations: 0, .wireBytes: 5]])
        let missing = ExactResult(
            measured: record(["a": [.allocations: 0], "b": [.allocations: 0]]), reference: reference)
        #expect(missing.verdict == .fail)
        #expect(missing.rows.map(\.finding) == [.same, .same, .missing])
        #expect(ExactResult(measured: record(["a": [.allocations: 0]]), reference: reference).verdict == .fail)
        let more = ExactResult(
            measured: record(["a": [.allocations: 0], "c": [.allocations: 0]]),
            reference: record(["a": [.allocations: 0]]))
        #expect(more.rows.map(\.finding) == [.same, .unknown])
        #expect(more.verdict == .fail)
    }

    @Test(arguments: [
        ["toolchain": "swift 6.4", "architecture": "x86_64"], ["toolchain": "swift 6.3.1", "architecture": "aarch64"],
        ["toolchain": "swift 6.3.1"], [:],
    ])
    func `Another toolchain or architecture says so and never passes`(there: [String: String]) {
        let cells: [String: [ExactCounter: Double]] = ["a": [.allocations: 0]]
        let result = ExactResult(measured: record(cells), reference: record(cells, platform: there))
        #expect(result.verdict == .invalid)
        #expect(result.verdict.exitStatus == .invalid)
        #expect(result.reasons.last?.contains("--bless") == true)
        #expect(result.rows.isEmpty)
    }

    @Test func `No reference and an empty one never pass`() {
        #expect(ExactResult(measured: record(["a": [.allocations: 0]]), reference: nil).verdict == .invalid)
        #expect(ExactResult(measured: record([:]), reference: record([:])).verdict == .invalid)
        #expect(ExactResult(measured: record([:]), reference: record(["a": [.allocations: 0]])).verdict == .fail)
    }

    @Test func `A figure that is not a number is missing`() {
        #expect(finding(.instructions, from: 5, to: .nan).rows[0].finding == .missing)
        #expect(finding(.instructions, from: .nan, to: 5).verdict == .fail)
    }

    @Test func `Blessing demands a reason`() {
        #expect(record([:]).blessed(for: " \n") == nil)
        #expect(record([:]).blessed(for: "smaller frames")?.reason == "smaller frames")
    }
}
