import RennbahnBytes
package import RennbahnWAMP

/// Who a session is, once that is settled: what WELCOME says of it.
package struct Principal: Sendable, Equatable {
    package var authID: String
    package var role: String
    package var realm: String
    /// How it was authenticated: for `cookie` the method of the first time.
    package var method: String
    package var provider: String
    /// `WELCOME.Details.authextra`; empty: there is none.
    package var extra: WAMPDictionary

    package init(
        authID: String, role: String, realm: String, method: String, provider: String = "static",
        extra: WAMPDictionary = [:]
    ) {
        self.authID = authID
        self.role = role
        self.realm = realm
        self.method = method
        self.provider = provider
        self.extra = extra
    }
}

/// Why a session is not welcome: the reason and the message of ABORT.
package struct AuthRefusal: Error, Sendable, Equatable, CustomStringConvertible {
    package var reason: PredefinedURI
    package var message: StaticString

    package init(_ reason: PredefinedURI, _ message: StaticString) {
        self.reason = reason
        self.message = message
    }

    package var description: String { "\(reason.text): \(message)" }

    package static func == (left: AuthRefusal, right: AuthRefusal) -> Bool {
        left.reason == right.reason && left.message.description == right.message.description
    }
}

/// The realms of a router, and the roles that each has.
package struct RealmDirectory: Sendable, Equatable {
    private let roles: [String: Set<String>]
    private let withoutHolds: [String: Set<String>]

    /// - Parameter withoutHolds: the roles of each realm whose sessions wait for no receiver.
    package init(_ roles: [String: Set<String>], withoutHolds: [String: Set<String>] = [:]) {
        self.roles = roles
        self.withoutHolds = withoutHolds
    }

    /// Whether a session's publications and calls may wait for receivers that are behind.
    package func mayHold(_ principal: Principal) -> Bool {
        withoutHolds[principal.realm]?.contains(principal.role) != true
    }

    /// - Throws: `wamp.error.invalid_uri`, `wamp.error.no_such_realm`
    package func check(realm: String) throws(AuthRefusal) {
        guard URIRules.isValid(realm.utf8.span) else {
            throw AuthRefusal(.invalidURI, "the realm is not a valid URI")
        }
        guard roles[realm] != nil else { throw AuthRefusal(.noSuchRealm, "no such realm") }
    }

    /// - Throws: as ``check(realm:)``, and `wamp.error.no_such_role`
    package func check(_ principal: Principal) throws(AuthRefusal) {
        try check(realm: principal.realm)
        guard roles[principal.realm]?.contains(principal.role) == true else {
            throw AuthRefusal(.noSuchRole, "the realm does not have the principal's role")
        }
    }
}

extension WAMPDictionary {
    /// Whether it has at most so many octets as JSON.
    func fits(_ limit: Int) -> Bool {
        var bytes = ByteBuffer()
        WAMPValue.dictionary(self).encode(.json, into: &bytes)
        return bytes.count <= limit
    }
}
