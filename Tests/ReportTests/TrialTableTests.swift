import Foundation
import RennbahnMeasurement
import RennbahnTrial
import Testing

@testable import RennbahnReport

@Suite("Tables of trials")
struct TrialTableTests {
    private func told(_ value: Double, _ reach: Double) -> Told {
        Told(value: value, lower: value / (1 + reach), upper: value * (1 + reach), turns: 30, starts: 3)
    }

    private func side(
        _ name: String, _ role: SideResult.Role, cpu: Double, ratio: Double? = nil, limit: Limit = .latency
    ) -> SideResult {
        var side = SideResult(name, role)
        side.figures = [
            .rate: told(172_600, 0.021), .routerCPU: told(cpu, 0.004), .generatorCPU: told(3.21, 0.02),
            .bytes: told(65.7, 0), .batch: told(1.02, 0.01),
        ]
        if let ratio {
            side.ratios[.routerCPU] = told(ratio, 0.011)
            side.findings[.routerCPU] = Finding(told(ratio, 0.011))
        }
        if role != .floor { side.floorRatio = told(1.09, 0.01) }
        side.limit = limit
        side.response = LatencySummary(count: 9, p50: 640_000, p99: 1_200_000)
        return side
    }

    private var result: TrialResult {
        TrialResult(
            work: "pubsub 32 B", load: "1 in flight", clients: 200, clientsAsked: 200,
            sides: [
                side("json", .baseline, cpu: 4.73), side("json (twin)", .twin, cpu: 4.74, ratio: 1.002),
                side("floor", .floor, cpu: 4.3, limit: .router), side("msgpack", .other, cpu: 4.68, ratio: 0.985),
            ])
    }

    @Test("cells say figure, precision and what the ratio shows")
    func cells() {
        let lines = TrialTable(isStyled: false, width: nil).rows(result).split(separator: "\n").map(String.init)
        #expect(lines[0] == "pubsub 32 B, 1 in flight, 200 clients")
        #expect(lines.count == 7)
        #expect(lines[4].hasPrefix("json "))
        #expect(lines[4].contains("173 k ±2.1%  4.73 ±0.4%  1  "))
        #expect(
            lines[5].contains("0.985 ±1.1% less  1.09×     3.21       65.7      1.02  640 µs  1.20 ms  latency-bound"))
        #expect(lines[6].hasPrefix("floor ") && lines[6].hasSuffix("router"))
    }

    @Test("what the interval does not bear is not claimed, and the note says what would have been seen")
    func noDifference() {
        var result = result
        result.sides[3] = side("msgpack", .other, cpu: 4.7, ratio: 0.995)
        let table = TrialTable(isStyled: false, width: nil)
        #expect(table.rows(result).contains("0.995 ±1.1% same?"))
        #expect(table.notes([result]).hasPrefix("same? "))
        #expect(table.notes([result], hasRows: false).isEmpty, "nobody sees the mark")
        result.sides[3] = side("msgpack", .other, cpu: 5, ratio: 1.06)
        #expect(table.rows(result).contains("1.060 ±1.1% more"))
        #expect(table.notes([result]).isEmpty)
    }

    @Test("a table fits 100 columns, and 80 with the figures that matter most", arguments: [100, 80])
    func widths(width: Int) {
        let text = TrialTable(isStyled: false, width: width).rows(result)
        for line in text.split(separator: "\n") { #expect(line.count <= width, "\(line)") }
        #expect(text.contains("173 k") && text.contains("4.73") && text.contains("0.985"))
    }

    @Test("where there is no floor there is no column for it; what clients cost is told where there is room")
    func withoutFloor() {
        var result = result
        result.sides.removeAll { $0.role == .floor }
        for index in result.sides.indices { result.sides[index].floorRatio = nil }
        let text = TrialTable(isStyled: false, width: 112).rows(result)
        #expect(!text.contains("floor") && text.contains("clients  ") && text.contains("3.21"))
        #expect(!TrialTable(isStyled: false, width: 111).rows(result).contains("3.21"))
    }

    @Test("a rate that the generator held back is a lower bound, where it is read and below")
    func lowerBound() {
        var result = result
        result.sides[0].limit = .generator
        let table = TrialTable(isStyled: false, width: nil)
        #expect(table.rows(result).contains("≥ 173 k"))
        #expect(table.notes([result]).contains("a lower bound on the router"))
    }

    @Test("missing figures are absent; one line says why where all sides share the reason, else one a side")
    func problems() {
        var result = result
        for index in result.sides.indices {
            result.sides[index].figures = [:]
            result.sides[index].ratios = [:]
            result.sides[index].problem = "something else had the processors for \(31 + index) % of the time"
        }
        let table = TrialTable(isStyled: false, width: nil)
        #expect(!table.rows(result).contains("173 k"))
        #expect(
            table.notes([result])
                == "INVALID  pubsub 32 B, 1 in flight, all sides: something else had the processors for 34 % of the time\n"
        )
        result.sides[0].problem = nil
        #expect(table.notes([result]).split(separator: "\n").count == 3)
        result.sides[1].verification.lost = 2
        #expect(table.notes([result]).hasPrefix("FAILED   pubsub 32 B, 1 in flight, json (twin): 2 lost\n"))
    }

    @Test("a warning stands below the table by its side, and once where it is of all sides")
    func warnings() {
        var result = result
        result.sides[3].warnings = [RunWarning(.nagleStalls, "one in 5 took 40 ms")]
        let table = TrialTable(isStyled: false, width: nil)
        #expect(table.notes([result]) == "WARNING  pubsub 32 B, 1 in flight, msgpack: one in 5 took 40 ms\n")
        for index in result.sides.indices {
            result.sides[index].warnings =
                [RunWarning(.sharedProcessors, "both on 0-1")] + (result.sides[index].warnings ?? [])
        }
        #expect(
            table.notes([result]) == """
                WARNING  pubsub 32 B, 1 in flight, all sides: both on 0-1
                WARNING  pubsub 32 B, 1 in flight, msgpack: one in 5 took 40 ms

                """)
    }

    @Test("what several sides have to a different degree is said once, by its worst")
    func degrees() {
        var result = result
        for (index, share) in ["7.8 %", "12 %", "2.1 %"].enumerated() {
            result.sides[index].warnings = [RunWarning(.stolenTime, "taken for \(share) of the time")]
        }
        let table = TrialTable(isStyled: false, width: nil)
        #expect(
            table.notes([result])
                == "WARNING  pubsub 32 B, 1 in flight, 3 sides, at worst: taken for 12 % of the time\n")
        // What tells of different things is told of each.
        for index in 0..<2 {
            result.sides[index].warnings = [RunWarning(.routerProcessEnded, "process \(index) ended")]
        }
        #expect(table.notes([result]).split(separator: "\n").count == 3)
    }

    @Test("a fleet that was made smaller says of how many, and why is said once")
    func fleets() {
        var smaller = result
        smaller.clients = 20
        let table = TrialTable(isStyled: false, width: nil)
        #expect(table.rows(smaller).contains("20 of 200 clients"))
        #expect(!table.rows(result).contains(" of 200"))
        #expect(table.notes([smaller, smaller]).components(separatedBy: "n of m").count == 2)
        #expect(!table.notes([result]).contains("n of m"))
    }

    @Test("an open loop says what was offered, and has no rate or limit")
    func openLoop() {
        var result = result
        result.offeredRate = 12_300
        let text = TrialTable(isStyled: false, width: nil).rows(result)
        #expect(text.contains("12.3 k/s offered"))
        #expect(!text.contains("messages/s") && !text.contains("latency-bound"))
    }

    @Test("colours change nothing but colours")
    func styles() {
        let styled = TrialTable(isStyled: true, width: nil).rows(result)
        #expect(styled.replacing(/\u{1B}\[[0-9]+m/, with: "") == TrialTable(isStyled: false, width: nil).rows(result))
        #expect(styled.contains("\u{1B}[32m"))
    }
}
