import Foundation
import RennbahnGate
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnWorkload
import Testing

@testable import RennbahnCommands

struct CommandStatusTests {
    @Test func `The table of the README is the type's`() throws {
        let readme = try String(contentsOf: repository.appending(path: "README.md"), encoding: .utf8)
        let section = try #require(readme.split(separator: "\n## ").first { $0.hasPrefix("Exit status") })
        let rows = section.split(separator: "\n").filter { $0.firstMatch(of: /^\| \d/) != nil }
            .map { $0.replacing("`", with: "") }
        #expect(rows == CommandStatus.allCases.map { "| \($0.rawValue) | \($0.meaning) |" })
    }

    @Test func `The help tells every status`() {
        let words = help(of: "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for status in CommandStatus.allCases { #expect(words.contains("\(status.rawValue) \(status.meaning)")) }
    }

    @Test func `What could not be begun is a matter of usage, what broke off is invalid, a violation or internal`() {
        #expect(LoadFailure.unresolved(url: "ws://x", reason: "none").exitStatus == .usage)
        let timeout = LoadFailure.connectTimeout(url: "ws://x", ready: 0, requested: 1)
        #expect(timeout.exitStatus == .invalid)
        let fault = MessageFault(.message("WELCOME", to: .visitor), .repeated)
        #expect(LoadFailure.violated([fault], timeout).exitStatus == .verificationFailure)
        #expect(LoadFailure.system(SystemError(code: 24, operation: "socket")).exitStatus == .internalError)
    }

    @Test func `A failure of the load is told with the option that helps`() {
        #expect(
            LoadCommand.line(.parameters([WorkloadProblem(option: "clients", message: "must be at least 1, is 0")]))
                == "--clients: must be at least 1, is 0")
        #expect(
            LoadCommand.line(.tooFewPorts(needed: 9, available: 8, sources: 1)).hasSuffix("name more with --source"))
    }
}
