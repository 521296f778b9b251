/// Arguments as others may read them: results hold the command line that they are of.
enum HiddenArguments {
    private static let options = Set(
        LoginOptions.secrets + ["--authid", "--header", "--cookie", "--url", "--receiver-url"])

    static func hide(_ arguments: [String]) -> [String] {
        var hidden: [String] = []
        var option: String?
        for argument in arguments {
            if let name = option {
                hidden.append(shown(argument, of: name))
                option = nil
                continue
            }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let name = parts.first, options.contains(name) else {
                hidden.append(argument)
                continue
            }
            if parts.count > 1 {
                hidden.append("\(name)=\(shown(parts[1], of: name))")
            } else {
                hidden.append(argument)
                option = name
            }
        }
        return hidden
    }

    private static func shown(_ value: String, of option: String) -> String {
        func head(before mark: Character, _ rest: String) -> String {
            value.firstIndex(of: mark).map { String(value[..<$0]) + rest } ?? "***"
        }
        switch option {
        case "--url", "--receiver-url": return URLUser.hidden(in: value)
        case _ where SecretText.isReference(value):
            // Folders are of one machine.
            guard value.hasPrefix("@") else { return value }
            return "@\(value.dropFirst().split(separator: "/").last ?? "")"
        case "--header": return head(before: ":", ": ***")
        case "--cookie": return head(before: "=", "=***")
        case _: return "***"
        }
    }
}
