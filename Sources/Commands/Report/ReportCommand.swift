import ArgumentParser
import RennbahnMeasurement
import RennbahnReport

struct ReportCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write results as a page for a browser.",
        discussion: """
            One HTML file without script or network, in light or dark as the reader has it, fit for print and for a phone: \
            verdict, what was run, errors, figures, latency by percentile, the series with its phases, both sides' processors \
            and memory, and the terms. Several results have a section each, and are compared with the first.

            Read are the files of rennbahn load --results and --json, bench and serializers. docs/report.md shows what is in it.
            """)

    @Argument(help: "The results, \(ReportPage.mostResults) at most.")
    var results: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where it goes: a file, which is replaced; -: standard output.", valueName: "file"))
    var output: String

    func execute() throws -> CommandStatus {
        let sources = try ResultsReading.sources(results)
        let page = ReportPage.render(sources)
        guard output != "-" else {
            try Console.output(whole: page)
            return .good
        }
        do throws(ResultsFile.Failure) {
            try ResultsFile.put(text: page, at: output)
        } catch {
            throw Failure.internalError("\(error)")
        }
        return .good
    }
}

/// Several files of results, of which all that cannot be read are told at once.
enum ResultsReading {
    static func sources(_ paths: [String]) throws(Failure) -> [PageSource] {
        guard paths.count <= ReportPage.mostResults else {
            throw Failure.usage("\(paths.count.of("result")): a page has no more than \(ReportPage.mostResults)")
        }
        let (sources, problems) = PageSource.readAll(paths)
        guard problems.isEmpty else { throw Failure.usage(all: problems) }
        return sources
    }
}
