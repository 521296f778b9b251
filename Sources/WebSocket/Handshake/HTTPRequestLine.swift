/// The first line of a request (RFC 9112, section 3).
package struct HTTPRequestLine: Sendable, Equatable {
    /// A token, as it was sent: methods are case-sensitive.
    package let method: String
    /// Path and query, beginning with a slash, whichever form the target had.
    package let target: String
    /// Whether it is of HTTP/1.0: without `Host` perhaps, and nothing may follow on the connection.
    package let isHTTP10: Bool

    package init(_ line: String) throws(UpgradeRefusal) {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, HTTPText.isToken(parts[0]), !parts[1].isEmpty else {
            throw .badRequest("malformed request line")
        }
        let version = Array(parts[2].utf8)
        guard version.count == 8, parts[2].hasPrefix("HTTP/"), version[6] == UInt8(ascii: ".") else {
            throw .badRequest("malformed HTTP version")
        }
        let minor: ClosedRange<UInt8> = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard version[5] == UInt8(ascii: "1"), minor.contains(version[7]) else { throw .versionNotSupported }
        guard let target = HTTPRequestLine.originForm(String(parts[1])) else {
            throw .badRequest("malformed request target")
        }
        method = String(parts[0])
        self.target = target
        isHTTP10 = version[7] == UInt8(ascii: "0")
    }

    /// Path and query of a target in origin or absolute form; `nil` for any other.
    static func originForm(_ target: String) -> String? {
        guard target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "#") }) else { return nil }
        if target.hasPrefix("/") { return target }
        let lower = HTTPText.lowercased(target)
        for scheme in ["ws://", "wss://", "http://", "https://"] where lower.hasPrefix(scheme) {
            let rest = target.dropFirst(scheme.count)
            guard let end = rest.firstIndex(where: { $0 == "/" || $0 == "?" }) else { return rest.isEmpty ? nil : "/" }
            guard end != rest.startIndex else { return nil }
            return rest[end] == "?" ? "/" + rest[end...] : String(rest[end...])
        }
        return nil
    }
}
