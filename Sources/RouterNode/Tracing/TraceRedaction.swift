package import RennbahnWAMP

/// Takes secrets out of what is traced: what authenticates a session, and whatever stands under the name of a secret.
package enum TraceRedaction {
    static let replacement = "***"

    private static let headerFields: Set<String> = ["cookie", "set-cookie", "authorization", "proxy-authorization"]
    private static let names: Set<String> = [
        "password", "passwd", "passphrase", "secret", "ticket", "token", "access_token", "refresh_token", "api_key",
        "apikey", "private_key", "privkey", "signature", "authorization", "cookie", "authextra",
    ]

    /// The lines of a request or response head, without cookies, credentials and the query of the target.
    package static func head(_ text: String) -> [String] {
        text.split(separator: "\r\n", omittingEmptySubsequences: true).enumerated().map { index, line in
            if index == 0 { return firstLine(line) }
            guard let colon = line.firstIndex(of: ":"), headerFields.contains(line[..<colon].lowercased()) else {
                return String(line)
            }
            return "\(line[..<colon]): \(replacement)"
        }
    }

    private static func firstLine(_ line: Substring) -> String {
        guard !line.hasPrefix("HTTP/"), let query = line.firstIndex(of: "?") else { return String(line) }
        let rest = line[query...]
        return "\(line[..<query])?\(replacement)" + (rest.firstIndex(of: " ").map { String(rest[$0...]) } ?? "")
    }

    /// A message without what proves an identity (WAMP specification, section 13) and without values of secret names.
    package static func message(_ value: WAMPValue) -> WAMPValue {
        guard case .list(var elements) = value, let code = elements.first?.integerValue else { return hidden(value) }
        switch code {
        case 4, 5:
            // CHALLENGE.Extra; AUTHENTICATE.Signature and its Extra.
            for index in elements.indices where index >= (code == 4 ? 2 : 1) { elements[index] = .string(replacement) }
        default: break
        }
        return .list(elements.map(hidden))
    }

    private static func hidden(_ value: WAMPValue) -> WAMPValue {
        switch value {
        case .list(let elements): return .list(elements.map(hidden))
        case .dictionary(let dictionary):
            let pairs = dictionary.pairs.map { pair in
                let isSecret = names.contains(pair.key.lowercased())
                return WAMPDictionary.Pair(
                    key: pair.key, value: isSecret ? .string(replacement) : hidden(pair.value))
            }
            return .dictionary(WAMPDictionary(pairs))
        case .null, .bool, .integer, .unsigned, .double, .string, .binary: return value
        }
    }
}
