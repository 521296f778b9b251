/// The path of a request target, cut into its components, each decoded (RFC 3986, sections 2.1 and 3.3).
package struct RequestPath: Sendable, Equatable {
    package let components: [String]
    /// Whether the path ends with a slash, which is how folders are asked for.
    package let isFolder: Bool

    package init(_ components: [String], isFolder: Bool) {
        self.components = components
        self.isFolder = isFolder
    }

    /// - Parameter target: path and query, beginning with a slash.
    /// - Returns: `nil` for a path that can lead nowhere: an empty component, one of dots, one that holds a slash or a
    ///   null octet, one that is not UTF-8, or a broken escape.
    package init?(target: String) {
        let path = target.prefix { $0 != "?" }
        guard path.first == "/" else { return nil }
        var parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        isFolder = parts.last?.isEmpty ?? true
        if isFolder { parts = parts.dropLast() }
        var components: [String] = []
        for part in parts {
            guard let component = RequestPath.decoded(part), RequestPath.isName(component) else { return nil }
            components.append(component)
        }
        self.components = components
    }

    /// The first component as it stands in a target, not decoded; `/` where there is none.
    package static func place(in target: String) -> String {
        target.prefix { $0 != "?" }.split(separator: "/").first.map(String.init) ?? "/"
    }

    private static func isName(_ component: String) -> Bool {
        !component.isEmpty && component != "." && component != ".."
            && component.utf8.allSatisfy { $0 != 0 && $0 != UInt8(ascii: "/") }
    }

    private static func decoded(_ part: Substring) -> String? {
        var octets: [UInt8] = []
        var rest = Array(part.utf8)[...]
        while let octet = rest.popFirst() {
            guard octet == UInt8(ascii: "%") else {
                octets.append(octet)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return nil
            }
            octets.append(high << 4 | low)
        }
        return String(validating: octets, as: UTF8.self)
    }

    private static func digit(_ octet: UInt8) -> UInt8? {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): octet - UInt8(ascii: "A") + 10
        case _: nil
        }
    }

    /// A component as it may stand in a link: all but the unreserved characters escaped.
    static func encoded(_ component: String) -> String {
        var text = ""
        for octet in component.utf8 {
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(octet))
            case _:
                let digits = String(octet, radix: 16, uppercase: true)
                text += "%" + (octet < 16 ? "0" : "") + digits
            }
        }
        return text
    }
}
