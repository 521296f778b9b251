import ArgumentParser
import Foundation
import RennbahnConfiguration
import RennbahnMeasurement

struct InitCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a node configuration to start from.",
        discussion: "It runs as it is and says in comments what its keys mean. docs/configuration.md lists every key.")

    @Argument(help: "The file to write; its name ends with .yaml or .yml.")
    var file = "node.yaml"

    @Flag(help: "Overwrite the file where it exists.")
    var force = false

    func execute() throws -> CommandStatus {
        guard file.hasSuffix(".yaml") || file.hasSuffix(".yml") else {
            throw Failure.usage("\(file): the name of the file must end with .yaml or .yml")
        }
        do {
            // Without --force the file is created or nothing is done, also when another creates it meanwhile.
            try Data(Starter.text.utf8).write(
                to: URL(filePath: file), options: force ? .atomic : .withoutOverwriting)
        } catch CocoaError.fileWriteFileExists {
            throw Failure.usage("\(file) exists; --force overwrites it")
        } catch {
            throw Failure.usage("cannot write \(file): \(error.localizedDescription)")
        }
        try Console.output("\(file) written; rennbahn router --config \(file) runs it")
        return .good
    }
}
