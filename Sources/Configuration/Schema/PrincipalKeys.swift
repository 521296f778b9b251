/// Keys of a file of principals, whom the clients of `rennbahn load` log in as: those of a component's `auth`, and what its
/// connections need for it.
extension Keys {
    package enum LoadPrincipal {
        package static let tls = Key<Tree?>("tls", .section("principalTLS"), "By a certificate of the connection.")
        package static let cookie = Key<Tree?>(
            "cookie", .section("principalCookie"), "By the cookie of somebody who was authenticated before.")
    }

    package enum PrincipalTLS {
        package static let certificate = Key<String?>(
            "certificate", .text(.any), without: "that of all clients", "PEM file of its certificate.")
        package static let key = Key<String?>("key", .text(.any), "PEM file of the certificate's key.")
    }

    package enum PrincipalCookie {
        package static let cookie = Key<Tree>(
            required: "cookie", .text(.secret),
            "The cookie, `name=value`. `\"${NAME}\"` is the value of an environment variable.")
    }
}

extension Schema {
    /// A whole file.
    static let principals = Row("principals", .list(of: .section("principal"), atLeast: 1), "Whom clients log in as.")

    /// They stand beside the table of a node's configuration, which they are no part of.
    static let principalSections: [Section] = [
        Section(
            "principal", "Principal", "One method or several, which are offered in this order.",
            [
                Row("anonymous", .section("componentAnonymous"), "Without proof."),
                Row("ticket", .section("componentTicket"), "By a ticket."),
                Row("wampcra", .section("componentWAMPCRA"), "By a secret, salted or not."),
                Row("scram", .section("componentScram"), "By a password."),
                Row("cryptosign", .section("componentCryptosign"), "By an Ed25519 key."),
                Keys.LoadPrincipal.tls, Keys.LoadPrincipal.cookie,
            ], rules: [.oneAuthID]),
        Section(
            "principalTLS", "Certificate of a principal", "", [Keys.PrincipalTLS.certificate, Keys.PrincipalTLS.key]),
        Section("principalCookie", "Cookie of a principal", "", [Keys.PrincipalCookie.cookie]),
    ]
}
