import ArgumentParser
import RennbahnReactor

/// The exit status of every command; see the discussion of ``Rennbahn``.
enum Status {
    static let good: Int32 = 0
    static let internalError: Int32 = 1
    static let regression: Int32 = 2
    static let thresholdMissed: Int32 = 3
    static let verificationFailure: Int32 = 4
    static let invalidRun: Int32 = 5
    static let usage: Int32 = 64
}

/// One clear line for the user, and the exit status.
struct Failure: Error {
    var line: String
    var status: Int32

    static func usage(_ line: String) -> Failure { Failure(line: line, status: Status.usage) }
    static func internalError(_ line: String) -> Failure { Failure(line: line, status: Status.internalError) }
    static func invalid(_ line: String) -> Failure { Failure(line: line, status: Status.invalidRun) }
}

/// Runs a command's body; a failure becomes its line on standard error and its exit status.
func reporting(_ body: () throws -> Int32) throws {
    let status: Int32
    do {
        status = try body()
    } catch let failure as Failure {
        Console.error("rennbahn: \(failure.line)")
        throw ExitCode(failure.status)
    } catch let error as SystemError {
        Console.error("rennbahn: \(error)")
        throw ExitCode(Status.internalError)
    }
    if status != Status.good { throw ExitCode(status) }
}
