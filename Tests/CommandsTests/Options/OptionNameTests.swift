import Foundation
import Testing

@testable import RennbahnCommands

/// A help or an error that names an option which does not exist sends its reader nowhere.
@Suite(.timeLimit(.minutes(5)))
struct OptionNameTests {
    /// Of other programs that are called, and of the scripts of the package.
    private static let foreign: Set<String> = [
        "--porcelain", "--verify", "--quiet", "--force", "--detach", "--version", "--scratch-path", "--package-path",
        "--configuration", "--product", "--rennbahn", "--output", "--exit-with-parent", "--help",
        "--strip-debug", "--tool", "--vgdb", "--dump-instr", "--dump-line", "--callgrind-out-file",
    ]

    /// The options in a text that the command does not declare. Behind `rennbahn NAME` in the same sentence they are those of
    /// another command.
    static func strangers(in text: String, of command: String) -> [String] {
        text.matches(of: /(?:^|[^\w-])(--[a-z][a-z0-9-]*)/).compactMap { match in
            let before = text[..<match.output.1.startIndex]
            let sentence = before.split(separator: #/\n|[.;] /#, omittingEmptySubsequences: false).last ?? before
            let other = sentence.matches(of: /rennbahn ([a-z-]+)/).last.map { String($0.output.1) }
            let option = String(match.output.1)
            let declared = options(of: other.flatMap { commands[$0] == nil ? nil : $0 } ?? command)
            return declared[option] == nil && option != "--version" ? option : nil
        }
    }

    @Test func `A stranger is found, and an option of another command told by that`() {
        let text = "--realm and --connect-rate. See rennbahn router --stall-timeout; --stall-timeout"
        #expect(Self.strangers(in: text, of: "load") == ["--connect-rate", "--stall-timeout"])
        #expect(options(of: "load")["--rate"] == true)
        #expect(options(of: "load")["--poisson"] == false)
    }

    @Test(arguments: [""] + commands.keys.sorted())
    func `The help of a command names options that exist`(name: String) {
        #expect(Self.strangers(in: help(of: name, includeHidden: true, columns: 10_000), of: name) == [])
    }

    @Test(arguments: commands.keys.sorted())
    func `Every answer to a wrong command line names options that exist`(name: String) throws {
        for line in try #require(wrongCommandLines[name]) where !line.contains("--nonsense") {
            let text = answer(to: words(of: line), columns: 10_000).text
            #expect(Self.strangers(in: text, of: name) == [], "rennbahn \(line)")
        }
    }

    @Test(arguments: commands.keys.sorted())
    func `The rules of a command are about options that it has`(name: String) throws {
        let declared = options(of: name)
        for rule in try #require(commands[name]).rules {
            for option in rule.names { #expect(declared[option] != nil, "\(option)") }
            if let reason = rule.reason { #expect(Self.strangers(in: reason, of: name) == []) }
        }
    }

    /// Also those that no test provokes. The page of the gate has style sheets, whose variables begin with dashes, too.
    @Test func `Every option that a source names exists somewhere`() throws {
        let all = Set(commands.keys.flatMap { options(of: $0).keys }).union(Self.foreign)
        for folder in ["Commands", "Workload", "LoadGenerator", "Components", "RouterNode", "Gate", "Measurement"] {
            let files = try #require(
                FileManager.default.enumerator(
                    at: repository.appending(path: "Sources/\(folder)"), includingPropertiesForKeys: nil))
            for case let file as URL in files where file.pathExtension == "swift" {
                let text = try String(contentsOf: file, encoding: .utf8)
                // The pattern is slow in a debug build; most lines have no dashes.
                for line in text.split(separator: "\n")
                where line.utf8.contains(UInt8(ascii: "-")) && line.contains("--") {
                    for match in line.matches(of: /(?:^|[^\w-])(--[a-z][a-z0-9-]*)/) {
                        #expect(all.contains(String(match.output.1)), "\(file.lastPathComponent): \(match.output.1)")
                    }
                }
            }
        }
    }
}

extension OptionRule {
    /// The options that it is about.
    var names: [String] {
        switch kind {
        case .excludes(let choice, let others), .leaves(let choice, let others): [choice.name] + others
        case .needs(let name, let others): [name] + others.map(\.name)
        case .together(let names), .atMostOne(let names): names
        case .oneOf(let names, let others): names + others.map(\.name)
        }
    }
}
