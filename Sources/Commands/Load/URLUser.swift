import Foundation
import RennbahnBytes
import RennbahnLoadGenerator
import RennbahnWebSocket

/// The user of a URL, `ws://user:password@host/`: what a front end asks for with `WWW-Authenticate: Basic`. It goes into the
/// request that opens a WebSocket connection (RFC 7617), and the URL that is shown has none.
struct URLUser {
    /// Without the user.
    let url: String
    /// `Authorization`; `nil`: the URL has no user.
    let field: RequestField?

    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    /// A URL of another kind, and what is no URL, is as it is.
    init(splitting text: String) throws {
        guard let range = URLUser.range(in: text) else {
            guard !URLUser.isCut(text) else {
                throw Malformed(description: "a /, ? or # of its user is written %2F, %3F or %23")
            }
            (url, field) = (text, nil)
            return
        }
        let parts = text[range].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let plain = parts.compactMap { String($0).removingPercentEncoding }
        guard plain.count == parts.count else { throw Malformed(description: "a % in its user begins no octet") }
        guard let name = plain.first, !name.isEmpty else { throw Malformed(description: "its user has no name") }
        guard !name.contains(":"), plain.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } }) else {
            throw Malformed(description: "its user holds what Basic authentication has no room for")
        }
        let pair = "\(name):\(plain.count > 1 ? plain[1] : "")"
        field = try RequestField("Authorization", "Basic \(Base64.encode(Array(pair.utf8)))")
        url = text.replacingCharacters(in: range.lowerBound..<text.index(after: range.upperBound), with: "")
    }

    /// Where the authority of a URL begins that connects to a host; the path of a UNIX socket may have a `@` of its own.
    private static func start(of text: String) -> String.Index? {
        let scheme = text.prefix { $0 != ":" }
        let connects = ["ws", "wss", "rs", "rss"].contains(scheme.lowercased())
        guard connects, text[scheme.endIndex...].hasPrefix("://") else { return nil }
        return text.index(scheme.endIndex, offsetBy: 3)
    }

    /// What stands in front of the `@` of the authority.
    private static func range(in text: String) -> Range<String.Index>? {
        guard let start = start(of: text) else { return nil }
        let end = text[start...].firstIndex { "/?#".contains($0) } ?? text.endIndex
        return text[start..<end].lastIndex(of: "@").map { start..<$0 }
    }

    /// Whether a URL that is none has a user, perhaps, in which the authority ends.
    private static func isCut(_ text: String) -> Bool {
        guard let start = start(of: text), text[start...].contains("@") else { return false }
        return (try? LoadTarget(parsing: text)) == nil
    }

    /// A URL as others may read it.
    static func hidden(in text: String) -> String {
        if let range = range(in: text) { return text.replacingCharacters(in: range, with: "***") }
        guard isCut(text), let start = start(of: text), let end = text.lastIndex(of: "@") else { return text }
        return text.replacingCharacters(in: start..<end, with: "***")
    }
}
