import ArgumentParser
import RennbahnMeasurement
import RennbahnReport

struct CompareCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Put results beside each other: ratios, and what differs.",
        discussion: """
            Each of the results is compared with the first: rate, CPU time per message, octets, percentiles. Warnings come \
            first: whatever differs in machine, build or settings may be what makes the difference. Results of bench and \
            serializers have ratios to their own first side, measured in turns: those have an interval of 95 %. Single runs \
            have none.
            """)

    @Argument(help: "The results, two at least.")
    var results: [String]

    @Flag(help: "Print one JSON object.")
    var json = false

    func execute() throws -> CommandStatus {
        guard results.count > 1 else { throw Failure.usage("compare: one file has nothing to be compared with") }
        let comparisons = try compared(try ResultsReading.sources(results))
        guard !json else {
            let data = try ResultsFile.encode(ComparisonDocument(comparisons), path: "--json")
            try Console.output(whole: String(decoding: data, as: UTF8.self))
            return .good
        }
        let table = ComparisonTable(isStyled: Console.outputIsStyled, width: Console.outputColumns)
        try Console.output(whole: comparisons.map(table.render).joined(separator: "\n"))
        return .good
    }

    private func compared(_ sources: [PageSource]) throws(Failure) -> [Comparison] {
        var (comparisons, problems): ([Comparison], [String]) = ([], [])
        for other in sources.dropFirst() {
            do throws(Comparison.Refusal) {
                comparisons.append(try Comparison(sources[0], other))
            } catch {
                problems.append("\(error)")
            }
        }
        guard problems.isEmpty else { throw Failure.usage(all: problems) }
        return comparisons
    }
}
