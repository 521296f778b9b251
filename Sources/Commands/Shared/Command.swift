import ArgumentParser
import RennbahnMeasurement

/// A command that does something; how its end is told is the matter of ``Rennbahn``.
protocol Command: ParsableCommand {
    /// What its options have to do with each other: settled before anything else is done.
    static var rules: [OptionRule] { get }

    func execute() throws -> CommandStatus
}

extension Command {
    static var rules: [OptionRule] { [] }
}
