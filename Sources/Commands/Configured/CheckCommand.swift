import ArgumentParser
import RennbahnConfiguration
import RennbahnMeasurement

struct CheckCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a node configuration.",
        discussion: """
            Tells every problem with its line and the path to the key, and ends with status 64; or says what the file runs,
            and ends with 0. docs/configuration.md lists every key.
            """)

    @Option(help: "The file, YAML or JSON in the layout of Crossbar.io.")
    var config: String

    @Flag(help: "Write JSON.")
    var json = false

    func execute() throws -> CommandStatus {
        let file = try ConfigurationFile(config)
        if json {
            try Console.output(CheckCommand.document(file).text.trimmingSuffix(while: \.isNewline))
        } else if let tree = file.tree, file.problems.isEmpty {
            try Console.output("\(config): good: \(ConfigurationFile.summary(tree))")
        } else {
            for problem in file.problems { try Console.output(problem.line(file: config)) }
            try Console.output("\(config): \(file.problems.count.of("problem"))")
        }
        return file.problems.isEmpty ? .good : .usage
    }

    private static func document(_ file: ConfigurationFile) -> JSON {
        .object([
            ("file", .text(file.path)),
            ("good", .boolean(file.problems.isEmpty)),
            (
                "problems",
                .list(
                    file.problems.map { problem in
                        .object([
                            ("kind", .text(problem.kind.rawValue)), ("path", .text(problem.path)),
                            ("line", .integer(problem.place.line)), ("column", .integer(problem.place.column)),
                            ("message", .text(problem.message)),
                        ])
                    })
            ),
        ])
    }
}

extension String {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
        var text = self
        while let last = text.last, predicate(last) { text.removeLast() }
        return text
    }
}
