import ArgumentParser
import RennbahnMeasurement
import RennbahnReport

/// Where a run goes besides its results, in the forms of `rennbahn export`.
struct LoadOutputs: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write the response times of each second to this file, as a log of HdrHistogram. See docs/export.md.",
            valueName: "file"))
    var hlog: String?

    @Option(help: ArgumentHelp("Write what happened in each second to this file, as CSV.", valueName: "file"))
    var csv: String?

    @Option(help: ArgumentHelp("Write the summary to this file, as Markdown.", valueName: "file"))
    var markdown: String?

    @Option(
        help: ArgumentHelp(
            "Write verdict, verification and conditions to this file, as JUnit XML.", valueName: "file"))
    var junit: String?

    @Option(help: ArgumentHelp("Write the figures to this file, as OpenMetrics text.", valueName: "file"))
    var openmetrics: String?

    /// What became of them.
    struct Delivery {
        /// What was written where, and why something was not.
        var lines: [String] = []
        var problems: [String] = []
    }

    /// In the order in which they are written.
    private var wanted: [(format: ExportFormat, path: String)] {
        let all: [(ExportFormat, String?)] = [
            (.hlog, hlog), (.csv, csv), (.markdown, markdown), (.junit, junit), (.openmetrics, openmetrics),
        ]
        return all.compactMap { format, path in path.map { (format: format, path: $0) } }
    }

    var areWanted: Bool { !wanted.isEmpty }

    /// Before the run: what is no place for a file is the fault of an option.
    func check() throws {
        var problems: [String] = []
        for (format, path) in wanted {
            guard !path.isEmpty else {
                problems.append("--\(format.rawValue): is empty")
                continue
            }
            do throws(ResultsFile.Failure) {
                try ResultsFile.checkTarget(path)
            } catch {
                problems.append("--\(format.rawValue): \(error)")
            }
        }
        guard problems.isEmpty else { throw Failure.usage(all: problems) }
    }

    func write(_ document: ResultsDocument) -> Delivery {
        var delivery = Delivery()
        for (format, path) in wanted {
            do {
                try ResultsFile.put(text: try format.text(of: .run(document)), at: path)
                delivery.lines.append("\(format.rawValue): \(path)")
            } catch let refusal as ExportRefusal {
                delivery.problems.append("\(path): \(refusal)")
            } catch {
                delivery.problems.append("\(error)")
            }
        }
        return delivery
    }
}
