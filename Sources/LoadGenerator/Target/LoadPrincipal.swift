package import RennbahnAuthentication
package import RennbahnTLS
import RennbahnTransport
package import RennbahnWebSocket

/// Whom clients of a load log in as, and what with.
package struct LoadPrincipal: Sendable {
    /// Each login is one more of it.
    let authentication: ClientAuthentication
    /// In the order of preference; who has no credentials is anonymous, and HELLO says nothing of it.
    package let methods: [AuthMethod]
    private let authID: String?
    /// In the upgrade requests of its connections, in the place of ``LoadConfiguration/fields`` of the same names.
    package var fields: [RequestField] = []
    /// Of its connections, in the place of ``LoadConfiguration/tls``: with a certificate of its own.
    package var tls: TLSContext?

    /// - Parameter credentials: in the order of preference, one for each method, all of one authid.
    package init(_ credentials: [ClientCredential]) throws(ClientAuthFailure) {
        let nonce = [UInt8](repeating: 0, count: ClientAuthentication.nonceCount)
        authentication = try ClientAuthentication(credentials, nonce: nonce)
        methods = credentials.isEmpty ? [.anonymous] : credentials.map(\.method)
        authID = credentials.lazy.compactMap(\.authID).first
    }

    /// As messages name it.
    var name: LoginName {
        LoginName(authID: authID, methods: methods.map(\.rawValue).joined(separator: " or "))
    }

    /// What the openings of its connections have of their own; `nil`: nothing.
    var opening: OwnOpening? {
        fields.isEmpty && tls == nil ? nil : OwnOpening(fields: fields, tls: tls)
    }
}

/// Whose login a failure is of: without what it was to be proved with.
package struct LoginName: Sendable, Equatable, CustomStringConvertible {
    /// `nil`: the router says who it is, or this text is for others to read.
    package var authID: String?
    package var methods: String

    package init(authID: String?, methods: String) {
        self.authID = authID
        self.methods = methods
    }

    package var description: String { "the login " + (authID.map { "as \($0) " } ?? "") + "by \(methods)" }
}
