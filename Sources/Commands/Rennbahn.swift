package import ArgumentParser
import Foundation
import RennbahnMeasurement
import RennbahnReactor

/// The command line: every command of the program.
package struct Rennbahn: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "rennbahn",
        abstract: "A WAMP router, and a load generator that measures WAMP routers.",
        discussion: """
            Numbers may have units: 10k, 1.5M; 500us, 500ms, 10s, 2m, 1h; 64KiB, 2MiB, 64kB; 10%. Where a bare number has one, the
            option says which.

            Exit status of every command:

            """ + statuses,
        version: Version.line,
        subcommands: [
            RouterCommand.self, LoadCommand.self, BenchCommand.self, SerializersCommand.self, GateCommand.self,
            HistoryCommand.self, ExportCommand.self, ReportCommand.self, CompareCommand.self, ExchangeCommand.self,
            StagesCommand.self, EchoClientCommand.self, CheckCommand.self, InitCommand.self,
        ])

    /// A table of them: what is too long for a line goes on below its beginning.
    private static var statuses: String {
        CommandStatus.allCases.map { status in
            var lines: [String] = []
            var line = "  \(status.rawValue)".padding(toLength: 5, withPad: " ", startingAt: 0)
            for word in status.meaning.split(separator: " ") {
                if line.count + 1 + word.count > 78 {
                    lines.append(line)
                    line = String(repeating: " ", count: 5)
                }
                line += " " + word
            }
            return (lines + [line]).joined(separator: "\n")
        }.joined(separator: "\n")
    }

    package init() {}

    /// Does what the process's arguments say, and ends the process with the status of that.
    package static func start() {
        // Whoever reads what is written may go, and a file may reach its limit: those are errors of writing then, and not the end
        // without a word.
        try? Signals.block([Signals.brokenPipe, Signals.fileTooLarge])
        let status: CommandStatus
        do {
            status = try carryOut(Array(CommandLine.arguments.dropFirst()))
        } catch let failure as Failure {
            Console.error("rennbahn: \(failure.line)")
            status = failure.status
        } catch let error as SystemError {
            Console.error("rennbahn: \(error)")
            status = .internalError
        } catch {
            status = tell(error)
        }
        Foundation.exit(status.rawValue)
    }

    /// What is no command line, and what is asked for instead of a command: help, the version.
    private static func tell(_ error: any Error) -> CommandStatus {
        let text = fullMessage(for: error)
        guard exitCode(for: error) == .success else {
            Console.error(text)
            return CommandStatus(rawValue: exitCode(for: error).rawValue) ?? .internalError
        }
        do {
            try Console.output(text)
            return .good
        } catch {
            Console.error("rennbahn: \(error)")
            return .internalError
        }
    }

    /// Does what a command line says.
    static func carryOut(_ arguments: [String]) throws -> CommandStatus {
        var parsed = try command(in: arguments)
        guard let command = parsed as? any Command else {
            try parsed.run()
            return .good
        }
        return try command.execute()
    }

    /// The command that a command line names, with options that go together.
    static func command(in arguments: [String]) throws -> any ParsableCommand {
        let parsed = try parseAsRoot(arguments)
        if let command = parsed as? any Command { try type(of: command).rules.check(GivenOptions(arguments)) }
        return parsed
    }
}
