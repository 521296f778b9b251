/// Which web pages may connect: the origin check of RFC 6455, section 10.2, by patterns as Crossbar.io has them.
///
/// The pattern `*` stands for whatever a client sends. Another pattern is an origin in which `*` stands for any text:
/// `https://*.example.com`, `http://localhost:*`. An origin is compared as it is, with its port written out, and without it
/// where the port is its scheme's own: so patterns match with and without the default port. What is no origin (RFC 6454,
/// section 6.2) matches none of these.
package struct OriginPolicy: Sendable, Equatable {
    /// In lower case, as schemes and hosts are.
    private let patterns: [[UInt8]]
    /// Whether one of the patterns is `*`.
    private let allowsAnything: Bool
    /// Whether pages without an origin of their own (`null`, `file://`) may connect.
    package let allowsNull: Bool

    package static let any = OriginPolicy()

    package init(patterns: [String] = ["*"], allowsNull: Bool = true) {
        self.patterns = patterns.map { Array(HTTPText.lowercased($0).utf8) }
        allowsAnything = self.patterns.contains { OriginPolicy.matches($0, []) && !$0.isEmpty }
        self.allowsNull = allowsNull
    }

    package enum Verdict: Sendable, Equatable {
        case allowed
        case denied
    }

    /// - Parameter origin: the header's value; `nil` where there is none, as from a client that is no browser.
    package func judge(_ origin: String?) -> Verdict {
        guard let origin else { return .allowed }
        let text = HTTPText.lowercased(origin)
        if text == "null" || text.hasPrefix("file://") { return allowsNull ? .allowed : .denied }
        if allowsAnything { return .allowed }
        guard let parts = Parts(text) else { return .denied }
        let forms = [text, parts.withPort, parts.withoutDefaultPort].map { Array($0.utf8) }
        let isAllowed = patterns.contains { pattern in forms.contains { OriginPolicy.matches(pattern, $0) } }
        return isAllowed ? .allowed : .denied
    }

    /// `scheme://host[:port]`, in lower case.
    private struct Parts {
        var scheme: Substring
        /// With the brackets of an IPv6 address.
        var host: Substring
        var port: UInt16?

        init?(_ text: String) {
            let bytes = text.utf8
            guard let colon = text.firstIndex(of: ":"), colon > text.startIndex, text[colon...].hasPrefix("://"),
                bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
            else { return nil }
            scheme = text[..<colon]
            var rest = text[text.index(colon, offsetBy: 3)...]
            guard !rest.contains(where: { "/?#@".contains($0) }) else { return nil }
            if let last = rest.lastIndex(of: ":"), rest.last != "]" {
                let digits = rest[rest.index(after: last)...]
                guard digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = UInt16(digits) else {
                    return nil
                }
                port = number
                rest = rest[..<last]
            }
            guard !rest.isEmpty, rest.hasPrefix("[") == rest.hasSuffix("]"), rest.hasPrefix("[") || !rest.contains(":")
            else { return nil }
            host = rest
        }

        private var defaultPort: UInt16? {
            switch scheme {
            case "http", "ws": 80
            case "https", "wss": 443
            default: nil
            }
        }

        var withPort: String {
            guard let number = port ?? defaultPort else { return "\(scheme)://\(host)" }
            return "\(scheme)://\(host):\(number)"
        }

        var withoutDefaultPort: String {
            port == defaultPort ? "\(scheme)://\(host)" : withPort
        }
    }

    /// Whether `pattern` is `text`, `*` standing for any octets. Goes back to the last star only, so it takes at most the
    /// product of both lengths.
    static func matches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
        var (p, t) = (0, 0)
        var star: (pattern: Int, text: Int)?
        while t < text.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = (p, t)
                p += 1
            } else if p < pattern.count, pattern[p] == text[t] {
                p += 1
                t += 1
            } else if let last = star {
                p = last.pattern + 1
                t = last.text + 1
                star = (last.pattern, t)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
