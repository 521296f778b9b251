/// What options of a command have to do with each other, as data: so that all rules of a command are told at once, and a test runs
/// each. What an option's value must be is not their matter.
struct OptionRule: Sendable {
    /// An option by its name with the dashes, perhaps only with one value: `--tier 0`.
    struct Choice: Sendable, Equatable, CustomStringConvertible, ExpressibleByStringLiteral {
        let name: String
        let value: String?

        init(stringLiteral text: String) {
            let words = text.split(separator: " ", maxSplits: 1).map(String.init)
            name = words[0]
            value = words.count > 1 ? words[1] : nil
        }

        var description: String { value.map { "\(name) \($0)" } ?? name }
    }

    enum Kind: Sendable {
        /// None of the others stands beside the first.
        case excludes(Choice, [String])
        /// Nothing but these stands beside the first.
        case leaves(Choice, [String])
        /// The first stands beside one of the others only.
        case needs(String, [Choice])
        /// All of them, or none.
        case together([String])
        /// One of them at most; one at least, unless there is one of the others.
        case oneOf([String], orElse: [Choice])
        case atMostOne([String])
    }

    let kind: Kind
    /// Said behind what is wrong.
    let reason: String?

    static func excludes(_ choice: Choice, _ others: [String], because reason: String? = nil) -> OptionRule {
        OptionRule(kind: .excludes(choice, others), reason: reason)
    }

    static func leaves(_ choice: Choice, _ others: [String], because reason: String? = nil) -> OptionRule {
        OptionRule(kind: .leaves(choice, others), reason: reason)
    }

    static func needs(_ name: String, _ others: [Choice], because reason: String? = nil) -> OptionRule {
        OptionRule(kind: .needs(name, others), reason: reason)
    }

    static func together(_ names: [String], because reason: String? = nil) -> OptionRule {
        OptionRule(kind: .together(names), reason: reason)
    }

    static func oneOf(_ names: [String], orElse others: [Choice] = [], because reason: String? = nil) -> OptionRule {
        OptionRule(kind: .oneOf(names, orElse: others), reason: reason)
    }

    static func atMostOne(_ names: [String], because reason: String? = nil) -> OptionRule {
        OptionRule(kind: .atMostOne(names), reason: reason)
    }

    /// What is wrong with the options that were given; `nil`: nothing.
    func problem(in given: GivenOptions) -> String? {
        violation(in: given).map { violation in reason.map { "\(violation): \($0)" } ?? violation }
    }

    private func violation(in given: GivenOptions) -> String? {
        switch kind {
        case .excludes(let choice, let others):
            return given.has(choice) ? OptionRule.excluded(others.filter(given.has), choice) : nil
        case .leaves(let choice, let others):
            let rest = given.names.subtracting(others + [choice.name])
            return given.has(choice) ? OptionRule.excluded(rest.sorted(), choice) : nil
        case .needs(let name, let others):
            guard given.has(name), !others.contains(where: given.has) else { return nil }
            return "\(name) goes with \(OptionRule.list(others.map(\.description), "or")) only"
        case .together(let names):
            guard names.contains(where: given.has), !names.allSatisfy(given.has) else { return nil }
            return "\(OptionRule.list(names, "and")) go together"
        case .oneOf(let names, let others):
            let count = names.count(where: given.has)
            guard count > 1 || (count == 0 && !others.contains(where: given.has)) else { return nil }
            return "give one of \(OptionRule.list(names, "and"))"
        case .atMostOne(let names):
            guard names.count(where: given.has) > 1 else { return nil }
            return "give one of \(OptionRule.list(names, "and"))"
        }
    }

    private static func excluded(_ names: [String], _ choice: Choice) -> String? {
        names.isEmpty ? nil : "\(list(names, "and")) cannot be given beside \(choice)"
    }

    private static func list(_ names: [String], _ word: String) -> String {
        guard names.count > 1, let last = names.last else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " \(word) \(last)"
    }
}

extension [OptionRule] {
    /// Tells all rules that are broken at once.
    func check(_ given: GivenOptions) throws {
        let problems = compactMap { $0.problem(in: given) }
        guard problems.isEmpty else { throw Failure.usage(all: problems) }
    }
}
