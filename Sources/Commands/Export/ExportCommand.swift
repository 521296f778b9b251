import ArgumentParser
import RennbahnMeasurement
import RennbahnReport

struct ExportCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write results in the forms of other tools.",
        discussion: """
            hlog is a log of HdrHistogram, with a line for each interval of a run; csv the series of a run, or the figures of \
            trials with their intervals; csv-resources what both sides used, four times a second; markdown a summary for a pull \
            request; junit verdict, verification and conditions as test cases; openmetrics counters, gauges and histograms. \
            docs/export.md has an example of each.

            Read are the files of rennbahn load --results and --json, bench and serializers. What a file does not have is refused.
            """)

    @Argument(help: "The results.")
    var file: String

    @Option(help: "The form.")
    var format: ExportFormat

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where it goes: a file, which is replaced. Default: standard output.", valueName: "file"))
    var output: String?

    func execute() throws -> CommandStatus {
        let text = try exported()
        guard let output else {
            try Console.output(whole: text)
            return .good
        }
        do throws(ResultsFile.Failure) {
            try ResultsFile.put(text: text, at: output)
        } catch {
            throw Failure.internalError("\(error)")
        }
        return .good
    }

    private func exported() throws -> String {
        do {
            return try format.text(of: try ExportSource(reading: file))
        } catch let refusal as ExportRefusal {
            throw Failure.usage("\(file): \(format.rawValue): \(refusal)")
        } catch {
            throw Failure.usage("\(error)")
        }
    }
}

extension ExportFormat: ExpressibleByArgument {}
