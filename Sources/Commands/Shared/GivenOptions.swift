/// The options that stand on the command line, whatever their defaults are.
struct GivenOptions {
    /// By name with its dashes; the word behind it, which is its value where it takes one.
    private let words: [String: String]

    /// - Parameter arguments: of a command line that was found to be well formed, so that what begins with dashes is an option.
    init(_ arguments: [String]) {
        let options = arguments.prefix { $0 != "--" }
        var words: [String: String] = [:]
        for (index, word) in options.enumerated() where word.hasPrefix("--") {
            if let equals = word.firstIndex(of: "=") {
                words[String(word[..<equals])] = String(word[word.index(after: equals)...])
            } else {
                words[word] = index + 1 < options.count ? options[index + 1] : ""
            }
        }
        self.words = words
    }

    var names: Set<String> { Set(words.keys) }

    func has(_ name: String) -> Bool { words[name] != nil }

    func has(_ choice: OptionRule.Choice) -> Bool {
        guard let word = words[choice.name] else { return false }
        return choice.value.map { $0 == word } ?? true
    }
}
