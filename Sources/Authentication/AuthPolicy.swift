/// What a transport's `auth` says: the methods that it takes, each with its principals by `authid`.
package struct AuthPolicy: Sendable, Equatable {
    package var anonymous: Anonymous?
    package var ticket: [String: Ticket]?
    package var wampcra: [String: WAMPCRA]?
    package var scram: [String: Scram]?
    package var cryptosign: [String: Cryptosign]?
    package var tls: [String: Certificate]?
    /// Whoever brings the cookie of somebody may join as that.
    package var takesCookies = false

    package init() {}

    /// Without `auth`: everybody is anonymous.
    package static var open: AuthPolicy {
        var policy = AuthPolicy()
        policy.anonymous = Anonymous(role: "anonymous")
        return policy
    }

    package struct Anonymous: Sendable, Equatable {
        package var role: String
        /// `nil`: another for each session.
        package var authID: String?

        package init(role: String, authID: String? = nil) {
            self.role = role
            self.authID = authID
        }
    }

    package struct Ticket: Sendable, Equatable {
        package var role: String
        package var ticket: Secret

        package init(role: String, ticket: Secret) {
            self.role = role
            self.ticket = ticket
        }
    }

    package struct WAMPCRA: Sendable, Equatable {
        package var role: String
        /// The key that challenges are signed with. With ``salting``: the Base64 text of what a client derives.
        package var secret: Secret
        package var salting: Salting?

        package init(role: String, secret: Secret, salting: Salting? = nil) {
            self.role = role
            self.secret = secret
            self.salting = salting
        }
    }

    /// How a client derives its key with PBKDF2 from a password.
    package struct Salting: Sendable, Equatable {
        package var salt: String
        package var iterations: Int
        /// Octets.
        package var keyLength: Int

        package init(salt: String, iterations: Int, keyLength: Int) {
            self.salt = salt
            self.iterations = iterations
            self.keyLength = keyLength
        }
    }

    package struct Scram: Sendable, Equatable {
        package var role: String
        package var kdf: String
        package var salt: [UInt8]
        package var iterations: Int
        /// KiB; of Argon2.
        package var memory: Int?
        /// StoredKey and ServerKey of RFC 5802, section 3.
        package var storedKey: Secret
        package var serverKey: Secret

        package init(
            role: String, kdf: String, salt: [UInt8], iterations: Int, memory: Int?, storedKey: Secret,
            serverKey: Secret
        ) {
            self.role = role
            self.kdf = kdf
            self.salt = salt
            self.iterations = iterations
            self.memory = memory
            self.storedKey = storedKey
            self.serverKey = serverKey
        }
    }

    package struct Cryptosign: Sendable, Equatable {
        package var role: String
        /// The realm that it joins, whatever HELLO asks for.
        package var realm: String?
        /// Public keys, 32 octets each.
        package var keys: [[UInt8]]

        package init(role: String, realm: String? = nil, keys: [[UInt8]]) {
            self.role = role
            self.realm = realm
            self.keys = keys
        }
    }

    package struct Certificate: Sendable, Equatable {
        package var role: String
        /// Of the certificate in DER, 20 octets.
        package var sha1: [UInt8]

        package init(role: String, sha1: [UInt8]) {
            self.role = role
            self.sha1 = sha1
        }
    }
}
