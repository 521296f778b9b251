import ArgumentParser
import Foundation
import RennbahnGate
import RennbahnMeasurement
import RennbahnReport

struct HistoryCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Draw the history of ratios to an anchor release, and mark where it changed.",
        discussion: """
            Reads what rennbahn gate --history wrote. Each chart is of one metric of one cell on one machine. Change points
            are told, and fail nothing.
            """)

    @Argument(help: "The history.")
    var file = "results/history.csv"

    @Option(help: "Only cells whose name contains this.")
    var cell: String?

    @Option(help: "Only this metric, such as router-cpu-per-message.")
    var metric: String?

    @Option(help: "Width of the charts. (default: 100)", transform: Quantity.count)
    var columns = 100

    func execute() throws -> CommandStatus {
        guard (20...1000).contains(columns) else { throw Failure.usage("--columns must be 20 to 1000") }
        let rows = try GateHistory.read(file).filter { row in
            (cell.map(row.cell.contains) ?? true) && (metric.map { row.metric == $0 } ?? true)
        }
        let chart = HistoryChart.render(
            HistorySeries.all(of: rows), columns: columns, isTerminal: Console.outputIsStyled)
        try Console.output(chart)
        return .good
    }
}

/// The history on disk.
enum GateHistory {
    static func read(_ path: String) throws -> [HistoryRow] {
        do {
            return try HistoryFile.parse(try text(of: path))
        } catch let malformed as HistoryFile.Malformed {
            throw Failure.usage("\(path), \(malformed)")
        }
    }

    static func append(_ report: GateReport, to path: String) throws {
        let environment = report.environment
        let machine = HistoryRow.fingerprint([
            environment.cpuModel, "\(environment.cores)", environment.kernel, environment.toolchain,
        ])
        let before = FileManager.default.fileExists(atPath: path) ? try text(of: path) : ""
        do {
            let after = try HistoryFile.appending(HistoryRow.rows(of: report, machine: machine), to: before)
            try Data(after.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw Failure.internalError("\(path): \(error)")
        }
    }

    private static func text(of path: String) throws -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw Failure.usage("\(path): cannot be read: \(error.localizedDescription)")
        }
    }
}
