/// Who a session with a cookie was: what the cookie stands for when it comes again.
package struct CookieIdentity: Sendable, Equatable {
    /// Octets of each of the texts; an identity with a longer one is not kept.
    package static let longestText = 1024

    package var authID: String
    package var authRole: String
    /// How it was authenticated first.
    package var authMethod: String
    package var realm: String

    package init(authID: String, authRole: String, authMethod: String, realm: String) {
        self.authID = authID
        self.authRole = authRole
        self.authMethod = authMethod
        self.realm = realm
    }

    package var isStorable: Bool {
        [authID, authRole, authMethod, realm].allSatisfy { $0.utf8.count <= CookieIdentity.longestText }
    }
}

/// Something that happened to a cookie: what a store writes down. Times are in seconds since 1970.
package enum CookieChange: Sendable, Equatable {
    case issued(String, at: UInt64)
    case identified(String, CookieIdentity)
    /// It stands for nobody any more, and stays.
    case forgotten(String)
    case deleted(String)

    /// Whether missing it would let a cookie stand for somebody that it must not stand for.
    package var takesAway: Bool {
        switch self {
        case .forgotten, .deleted: true
        case .issued, .identified: false
        }
    }
}
