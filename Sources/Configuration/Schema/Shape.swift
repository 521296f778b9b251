/// What this version does with a legal value.
package enum Support: Sendable, Equatable {
    case full
    /// Taken and without effect, since there is nothing to do for it; says why.
    case hint(String)
    /// These values, which are what this version does anyway, and no others; says why.
    case only([Tree.Value], String)
    /// Legal in Crossbar.io, refused here; says why.
    case none(String)

    static let notYet = Support.none("not supported by this version")
}

/// The texts that a value may be.
package enum TextForm: String, Sendable, CaseIterable {
    case any, id, realm, webSocketURL, rawSocketURL, uri, permissionURI, cookieName, pathName, environmentVariable, role
    case permissions, fileExtension, mediaType, location, hexadecimal, key, fingerprint, bracedVariable, network
    /// Any, which no message quotes.
    case secret

    /// A regular expression, for the JSON Schema and for the check; `nil`: any text.
    package var pattern: String? {
        switch self {
        case .any, .secret: nil
        case .id: "^[a-z][a-z0-9_]{2,63}$"
        case .realm: "^[A-Za-z][A-Za-z0-9_@.\\-]{2,254}$"
        case .webSocketURL: "^wss?://([A-Za-z0-9._~\\-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?(/[^#?\\s]*)?$"
        case .rawSocketURL: "^rss?://(unix:[^\\s]+|([A-Za-z0-9._~\\-]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5})$"
        case .uri: "^([^\\s.#]+\\.)*[^\\s.#]+$"
        case .permissionURI: "^([^\\s.#]*\\.)*[^\\s.#]*$"
        case .cookieName: "^[a-z][a-z0-9_]+$"
        case .pathName: "^([a-z0-9A-Z_\\-]+|/)$"
        case .environmentVariable: "^\\$[A-Za-z_][A-Za-z0-9_]*$"
        case .permissions: "^[0-7]{3}$"
        case .role: "^[A-Za-z][A-Za-z0-9_@.\\-]*$"
        case .fileExtension: "^\\.[A-Za-z0-9_+\\-]+$"
        case .mediaType: "^[A-Za-z0-9!#$&^_.+\\-]+/[A-Za-z0-9!#$&^_.+\\-]+(; ?[a-z]+=[A-Za-z0-9_\\-]+)*$"
        case .location: "^[!-~]+$"
        case .hexadecimal: "^([0-9A-Fa-f]{2})+$"
        case .key: "^[0-9A-Fa-f]{64}$"
        case .fingerprint: "^([0-9A-Fa-f]{2}:){19}[0-9A-Fa-f]{2}$"
        case .network: "^([0-9]{1,3}(\\.[0-9]{1,3}){3}(/[0-9]{1,2})?|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(/[0-9]{1,3})?)$"
        case .bracedVariable: "^\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}$"
        }
    }

    package var allowed: String {
        switch self {
        case .any, .secret: "a text"
        case .id: "an id of 3 to 64 characters: a-z, then a-z, 0-9 and _"
        case .realm: "a realm name of 3 to 255 characters: a letter, then letters, digits and _ @ . -"
        case .webSocketURL: "a URL ws://host[:port][/path] or wss://…, without query and fragment"
        case .rawSocketURL: "a URL rs://host:port, rs://unix:path or rss://…"
        case .uri: "a WAMP URI"
        case .permissionURI: "a WAMP URI, whose components may be empty or *"
        case .cookieName: "a cookie name: a-z, then one or more of a-z, 0-9 and _"
        case .pathName: "/ or a path component of letters, digits, _ and -"
        case .environmentVariable: "the name of an environment variable, \"$NAME\""
        case .permissions: "three octal digits as a text, such as \"660\""
        case .fileExtension: "the end of a file name with its dot, such as .svg"
        case .mediaType: "a media type, such as text/javascript; charset=utf-8"
        case .location: "a URL, absolute or relative, in printable ASCII without spaces"
        case .role: "a role name: a letter, then letters, digits and _ @ . -"
        case .hexadecimal: "pairs of hexadecimal digits"
        case .key: "64 hexadecimal digits"
        case .fingerprint: "a fingerprint of 20 octets, AA:BB:…"
        case .network: "an address or network, such as 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32"
        case .bracedVariable: "an environment variable, \"${NAME}\""
        }
    }
}

extension TextForm {
    /// Whether values must not show in messages.
    var isSecret: Bool { self == .secret || self == .key }
}

/// One of several texts that a key may have.
package struct Choice: Sendable {
    package var name: String
    package var support: Support

    package init(_ name: String, _ support: Support = .full) {
        self.name = name
        self.support = support
    }
}

/// What the value of a key may look like.
package indirect enum Shape: Sendable {
    case boolean
    /// Within the range, or 0 where `orZero` says so.
    case integer(ClosedRange<Int>, orZero: Bool)
    /// One of a few.
    case integers([Int])
    case text(TextForm)
    case choice([Choice])
    case list(of: Shape, atLeast: Int)
    /// `[low, high]`, both within the range.
    case portRange
    /// The keys of the named section.
    case section(String)
    /// A section for each value of the key `type`; an empty name is a type whose keys are not looked at.
    case variants([(type: String, section: String, support: Support)])
    /// Free keys of one form, each with a value of one shape.
    case map(TextForm, Shape)
    case either(Shape, Shape)
    case anything

    static func integer(_ range: ClosedRange<Int>) -> Shape { .integer(range, orZero: false) }
    static func list(of shape: Shape) -> Shape { .list(of: shape, atLeast: 0) }
    static func choices(_ names: String...) -> Shape { .choice(names.map { Choice($0) }) }
    /// 0, or milliseconds from 1000 on.
    static let milliseconds = Shape.integer(1000...86_400_000, orZero: true)
    static let port = Shape.integer(1...65535)

    /// Whether values must not show in messages. What stands in the place of a section with a secret may be that secret.
    var isSecret: Bool {
        switch self {
        case .section(let name): Schema.section(name).keys.contains(where: \.shape.isSecretText)
        case .text, .either: isSecretText
        case .boolean, .integer, .integers, .choice, .list, .portRange, .variants, .map, .anything: false
        }
    }

    private var isSecretText: Bool {
        switch self {
        case .text(let form): form.isSecret
        case .either(let first, let second): first.isSecretText || second.isSecretText
        case .boolean, .integer, .integers, .choice, .list, .portRange, .section, .variants, .map, .anything: false
        }
    }
}
