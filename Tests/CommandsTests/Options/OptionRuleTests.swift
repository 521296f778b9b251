import RennbahnMeasurement
import Testing

@testable import RennbahnCommands

private struct Case: Sendable, CustomTestStringConvertible {
    let command: String
    let index: Int

    var rule: OptionRule { commands[command]?.rules[index] ?? .atMostOne([]) }
    var testDescription: String { "\(command): \(rule.kind)" }

    static let all = commands.keys.sorted().flatMap { name in
        (commands[name]?.rules ?? []).indices.map { Case(command: name, index: $0) }
    }
}

/// Rules are data: what breaks each, and what does not, follows from it.
struct OptionRuleTests {
    /// Words of the command line for a choice, with a value that parses where the option takes one.
    private func words(_ choice: OptionRule.Choice, of command: String) -> [String] {
        guard options(of: command)[choice.name] == true else { return [choice.name] }
        let values = ["--compression": "none", "--tls-versions": "1.2", "--filler": "text", "--scenario": "pubsub"]
        return [choice.name, choice.value ?? values[choice.name] ?? "1"]
    }

    private func words(_ names: some Sequence<String>, of command: String) -> [String] {
        names.flatMap { words(OptionRule.Choice(stringLiteral: $0), of: command) }
    }

    private func problem(_ rule: OptionRule, _ words: [String]) -> String? { rule.problem(in: GivenOptions(words)) }

    @Test(arguments: Case.all) private func `A rule lets pass what keeps to it, and nothing else`(test: Case) {
        let (rule, name) = (test.rule, test.command)
        func choice(_ choice: OptionRule.Choice) -> [String] { words(choice, of: name) }
        func option(_ names: String...) -> [String] { words(names, of: name) }
        switch rule.kind {
        case .excludes(let first, let others):
            #expect(problem(rule, choice(first)) == nil)
            for other in others {
                #expect(problem(rule, option(other)) == nil)
                #expect(problem(rule, choice(first) + option(other))?.contains(other) == true)
            }
        case .leaves(let first, let others):
            #expect(problem(rule, choice(first) + words(others, of: name)) == nil)
            for other in options(of: name).keys where other != first.name && !others.contains(other) {
                #expect(problem(rule, option(other)) == nil)
                #expect(problem(rule, choice(first) + option(other))?.contains(other) == true)
            }
        case .needs(let first, let others):
            #expect(problem(rule, option(first))?.contains(first) == true)
            for other in others { #expect(problem(rule, option(first) + choice(other)) == nil) }
        case .together(let names):
            #expect(problem(rule, words(names, of: name)) == nil)
            for other in names { #expect(problem(rule, option(other))?.contains(other) == true) }
        case .oneOf(let names, let others):
            #expect(problem(rule, []) != nil)
            for other in names { #expect(problem(rule, option(other)) == nil) }
            for other in others { #expect(problem(rule, choice(other)) == nil) }
            #expect(problem(rule, words(names, of: name)) != nil)
        case .atMostOne(let names):
            for other in names { #expect(problem(rule, option(other)) == nil) }
            #expect(problem(rule, words(names, of: name)) != nil)
        }
    }

    @Test(arguments: Case.all) private func `A command line that breaks a rule is refused with status 64`(test: Case) {
        let name = test.command
        let wrong: [String]
        switch test.rule.kind {
        case .excludes(let first, let others): wrong = words(first, of: name) + words(others.prefix(1), of: name)
        case .leaves(let first, _): wrong = words(first, of: name) + words(["--realm"], of: name)
        case .needs(let first, _): wrong = words([first], of: name)
        case .together(let names): wrong = words(names.prefix(1), of: name)
        case .oneOf(let names, _), .atMostOne(let names): wrong = words(names, of: name)
        }
        let needed = name == "stages" ? ["--input", "stages.json"] : []
        let failure = #expect(throws: Failure.self) { _ = try Rennbahn.command(in: [name] + needed + wrong) }
        #expect(failure?.status == .usage)
        #expect(failure.map { $0.line.contains(problem(test.rule, wrong) ?? "no problem") } == true)
    }

    @Test func `An option counts as given whatever its value is, and one behind the dashes alone does not`() {
        let given = GivenOptions(["load", "--realm", "realm1", "--rate=5", "--poisson", "--", "--json"])
        #expect(given.names == ["--realm", "--rate", "--poisson"])
        #expect(given.has("--realm realm1" as OptionRule.Choice))
        #expect(given.has("--rate 5" as OptionRule.Choice))
        #expect(!given.has("--rate 6" as OptionRule.Choice))
        #expect(!given.has("--json"))
    }

    @Test func `All rules that are broken are told at once, with their reasons`() {
        let rules: [OptionRule] = [
            .needs("--a", ["--b", "--c 1"], because: "why"), .together(["--x", "--y"]), .atMostOne(["--b", "--c"]),
        ]
        let failure = #expect(throws: Failure.self) { try rules.check(GivenOptions(["--a", "--x"])) }
        #expect(
            failure?.line == "--a goes with --b or --c 1 only: why\nrennbahn: --x and --y go together")
    }
}
