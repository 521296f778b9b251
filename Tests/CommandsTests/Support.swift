import ArgumentParser
import Foundation
import RennbahnMeasurement

@testable import RennbahnCommands

/// Every command, by its name.
let commands: [String: any Command.Type] = Dictionary(
    uniqueKeysWithValues: Rennbahn.configuration.subcommands.compactMap { type in
        (type as? any Command.Type).map { ($0.configuration.commandName ?? "", $0) }
    })

/// The help of a command, or of the whole program.
func help(of name: String, includeHidden: Bool = false, columns: Int = 100) -> String {
    let type: any ParsableCommand.Type = commands[name] ?? Rennbahn.self
    return Rennbahn.helpMessage(for: type, includeHidden: includeHidden, columns: columns)
}

/// The options that a command declares, hidden ones too, with their dashes; whether each takes a value.
func options(of name: String) -> [String: Bool] { declaredOptions[name] ?? [:] }

private let declaredOptions = Dictionary(
    uniqueKeysWithValues: ([""] + commands.keys).map { name in
        var options: [String: Bool] = [:]
        for line in help(of: name, includeHidden: true, columns: 400).split(separator: "\n") {
            guard let match = line.firstMatch(of: /^  (?:-\w, )?(--[a-z0-9-]+)( <)?/) else { continue }
            options[String(match.output.1)] = match.output.2 != nil
        }
        return (name, options)
    })

/// What a command line that is wrong is answered with.
func answer(to arguments: [String], columns: Int = 100) -> (text: String, status: Int32) {
    do {
        let status = try Rennbahn.carryOut(arguments)
        return ("", status.rawValue)
    } catch let failure as Failure {
        return ("rennbahn: \(failure.line)", failure.status.rawValue)
    } catch {
        return (Rennbahn.fullMessage(for: error, columns: columns), Rennbahn.exitCode(for: error).rawValue)
    }
}

/// The words of a command line; quotes keep what is between them together.
func words(of line: String) -> [String] {
    line.matches(of: /'([^']*)'|(\S+)/).map { String($0.output.1 ?? $0.output.2 ?? "") }
}

/// The folder of these tests, and that of the package.
let testFolder = URL(filePath: #filePath).deletingLastPathComponent()
let repository = testFolder.deletingLastPathComponent().deletingLastPathComponent()

/// The program that is built beside these tests.
let builtProgram = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "rennbahn").path
