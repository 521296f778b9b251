/// What a client can prove itself with, for one method.
package enum ClientCredential: Sendable, Hashable {
    case anonymous(authID: String?)
    case ticket(authID: String, ticket: Secret)
    /// A password or a key: which of them the router says.
    case wampcra(authID: String, secret: Secret)
    case scram(authID: String, password: Secret)
    /// The private key has 32 octets. `nil`: the router knows whose the key is.
    case cryptosign(authID: String?, privateKey: Secret)
    /// The certificate of the TLS connection.
    case tls
    /// The cookie that the request of the connection has.
    case cookie

    package var method: AuthMethod {
        switch self {
        case .anonymous: .anonymous
        case .ticket: .ticket
        case .wampcra: .wampcra
        case .scram: .scram
        case .cryptosign: .cryptosign
        case .tls: .tls
        case .cookie: .cookie
        }
    }

    package var authID: String? {
        switch self {
        case .anonymous(let authID), .cryptosign(let authID, _): authID
        case .ticket(let authID, _), .wampcra(let authID, _), .scram(let authID, _): authID
        case .tls, .cookie: nil
        }
    }

    var isScram: Bool { method == .scram }
}

/// Why credentials are of no use, or a router is not trusted; for people.
package struct ClientAuthFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package var message: String

    package var description: String { message }

    package init(_ message: String) {
        self.message = message
    }
}
