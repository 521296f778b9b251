import RennbahnMeasurement

/// One clear line for the user, and the exit status.
struct Failure: Error, Equatable, CustomStringConvertible {
    var line: String
    var status: CommandStatus

    var description: String { line }

    static func usage(_ line: String) -> Failure { Failure(line: line, status: .usage) }
    static func internalError(_ line: String) -> Failure { Failure(line: line, status: .internalError) }
    static func invalid(_ line: String) -> Failure { Failure(line: line, status: .invalid) }

    /// The user wanted an end.
    static let interrupted = Failure(line: "interrupted", status: .interrupted)

    /// Several problems, each on a line that says whose it is.
    static func usage(all problems: [String]) -> Failure { .usage(problems.joined(separator: "\nrennbahn: ")) }
}
