/// What callgrind wrote of a program that made a ``CountedPass``
/// (https://valgrind.org/docs/manual/cl-format.html): instructions of each stage.
package struct CallgrindProfile: Equatable, Sendable {
    /// With what the stages call, of all messages.
    package private(set) var instructions: [Stage: UInt64] = [:]

    /// - Parameter text: with costs by function, not by line or address. Whatever is no profile has no instructions.
    package init(parsing text: String) {
        var names: [Substring: Substring] = [:]
        var (caller, called): (Stage?, Stage?) = (nil, nil)
        var isCall = false
        for line in text.split(separator: "\n") {
            if line.hasPrefix("fn=") {
                caller = CallgrindProfile.stage(line.dropFirst(3), &names)
            } else if line.hasPrefix("cfn=") {
                called = CallgrindProfile.stage(line.dropFirst(4), &names)
            } else if line.hasPrefix("calls=") {
                isCall = true
            } else if isCall {
                isCall = false
                // A specialized copy that the stage's own function calls is within it.
                guard let called, called != caller, let cost = CallgrindProfile.cost(line) else { continue }
                let (sum, overflows) = instructions[called, default: 0].addingReportingOverflow(cost)
                instructions[called] = overflows ? .max : sum
            }
        }
    }

    /// The first cost, behind the position: instructions.
    private static func cost(_ line: Substring) -> UInt64? {
        let words = line.split(separator: " ")
        return words.count > 1 ? UInt64(words[1]) : nil
    }

    /// The stage that a function carries out. A name stands behind its number when it is first told.
    private static func stage(_ text: Substring, _ names: inout [Substring: Substring]) -> Stage? {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard let number = parts.first else { return nil }
        if parts.count > 1 { names[number] = parts[1] }
        guard let name = names[number] else { return nil }
        return Stage.allCases.first { name.contains("9StagePathV" + $0.symbol) }
    }
}

extension Stage {
    /// How the name of the function of ``StagePath`` that carries the stage out stands in a mangled name.
    fileprivate var symbol: String {
        let name = rawValue + "Messages"
        return "\(name.utf8.count)\(name)"
    }
}
