import Testing

@testable import RennbahnReport
@testable import RennbahnStages

struct StageTableTests {
    private func costs(_ times: [Stage: Double], counted: [Stage: Double]? = nil) -> StageCosts {
        var costs = StageCosts(
            times.mapValues { time in
                StageTime(TrimmedMean(Array(repeating: time, count: 5)), criticalValue: { _ in 2 })
            })
        if let counted { costs.note(instructions: counted) }
        return costs
    }

    @Test func `Each stage has its column, what a format does not go through is absent, and all are added up`() {
        let rows = [
            DocumentStages(document: "tick", format: "json", costs: costs([.frame: 12, .scan: 88])),
            DocumentStages(
                document: "tick", format: "json+deflate",
                costs: costs(
                    [.frame: 12, .inflate: 500, .scan: 88], counted: [.frame: 40, .inflate: 1500, .scan: 260])),
        ]
        let text = StageTable.render(rows, isStyled: false)
        let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(text.hasPrefix("Stages of the router's path"))
        #expect(lines.contains(["tick", "json", "12", "–", "88", "–", "–", "–", "100"]))
        #expect(lines.contains(["json+deflate", "12", "500", "88", "–", "–", "–", "600"]))
        #expect(lines.contains(["40", "1.50", "k", "260", "–", "–", "–", "1.80", "k"]))
    }
}
