import RennbahnWAMP

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

    @inline(__always)
    static func of(_ realm: UInt32, _ match: MatchPolicy) -> UInt32 {
        let policy: UInt32 =
            switch match {
            case .exact: 0
            case .prefix: 1
            case .wildcard: 2
            }
        return realm << 2 | policy
    }
}

extension MatchPolicy {
    /// Anything but exact. Faster than a comparison, which the compiler leaves to a generic function since the type is
    /// another module's.
    @inline(__always)
    var isPattern: Bool {
        switch self {
        case .exact: false
        case .prefix, .wildcard: true
        }
    }
}
