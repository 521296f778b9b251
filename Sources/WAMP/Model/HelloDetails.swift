/// The roles of a WAMP client.
package struct ClientRoles: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let publisher = ClientRoles(rawValue: 1)
    package static let subscriber = ClientRoles(rawValue: 2)
    package static let caller = ClientRoles(rawValue: 4)
    package static let callee = ClientRoles(rawValue: 8)
    package static let all: ClientRoles = [.publisher, .subscriber, .caller, .callee]
}

/// What the router reads of `HELLO.Details`.
package struct HelloDetails: Sendable, Equatable {
    /// At least one role must be announced.
    package var roles: ClientRoles
    /// `authmethods`; `nil` when the key is absent, which means anonymous.
    package var authMethods: [String]?
    package var authID: String?
    package var agent: String?
    package var authExtra: WAMPDictionary?

    package init(
        roles: ClientRoles, authMethods: [String]? = nil, authID: String? = nil, agent: String? = nil,
        authExtra: WAMPDictionary? = nil
    ) {
        self.roles = roles
        self.authMethods = authMethods
        self.authID = authID
        self.agent = agent
        self.authExtra = authExtra
    }
}
