import WAMP

/// What a URI is interned in: a realm, and how the URI matches there. The same URI under two policies is two things.
///
/// ```
/// 31                      2 1      0
/// ┌────────────────────────┬────────┐
/// │ realm                  │ policy │
/// └────────────────────────┴────────┘
/// ```
enum URISpace {
    /// The largest number of a realm that fits.
    static let maximumRealm: UInt32 = .max >> 2

    static func of(_ realm: UInt32, _ match: MatchPolicy) -> UInt32 {
        realm << 2 | UInt32(match.rawValue)
    }
}
