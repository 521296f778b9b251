import RennbahnConfiguration
import Testing

/// Rules of authentication, of transports and of components.
@Suite struct AuthRuleTests {
    private func problems(
        _ transport: String, roles: String = "[{name: anonymous, allow-by-default: true}]"
    ) throws -> [String] {
        let text = """
            version: 2
            workers:
              - type: router
                realms: [{name: realm1, roles: \(roles)}]
                transports: [\(transport)]
            """
        return Checker.check(try TreeReader.read(text)).map { problem in
            "\(problem.path.replacing("workers[0].transports[0].", with: "")): \(problem.message)"
        }
    }

    private static let endpoint = "endpoint: {type: tcp, port: 8080}"
    private static let users = "[{name: user, allow-by-default: true}, {name: guest, allow-by-default: true}]"
    private static let key = String(repeating: "a", count: 64)
    private static let print = String(repeating: "AA:", count: 19) + "AA"

    private func websocket(_ auth: String, endpoint: String = endpoint) -> String {
        "{type: websocket, \(endpoint), auth: {\(auth)}}"
    }

    private static let good = [
        "anonymous: {type: static, role: guest, authid: visitor}",
        "ticket: {type: static, principals: {joe: {ticket: t, role: user}, 'é x': {ticket: '${T}', role: guest}}}",
        "wampcra: {type: static, users: {joe: {secret: s, role: user}, ann: {secret: s, role: user, salt: s, iterations: 5, keylen: 16}}}",
        "scram: {type: static, principals: {joe: {kdf: pbkdf2, iterations: 4096, salt: 'aa', stored-key: \(key), server-key: \(key), role: user}}}",
        "wampcra: {type: static, users: {joe: {secret: s, role: user, salt: s, iterations: 62500, keylen: 1024}, ann: {secret: s, role: user, salt: s, iterations: 2000000}}}",
        "scram: {type: static, principals: {joe: {kdf: argon2id-13, iterations: 3, memory: 4096, salt: 'aa', stored-key: \(key), server-key: \(key), role: user}}}",
        "cryptosign: {type: static, principals: {joe: {authorized_keys: [\(key)], role: user, realm: realm1}}}",
    ]

    @Test(arguments: good)
    func `what is supported is taken, on every kind of transport`(auth: String) throws {
        for transport in [
            websocket(auth), "{type: rawsocket, \(AuthRuleTests.endpoint), auth: {\(auth)}}",
            "{type: universal, \(AuthRuleTests.endpoint), rawsocket: {auth: {\(auth)}}, websocket: {ws: {auth: {\(auth)}}}}",
        ] {
            #expect(try problems(transport, roles: AuthRuleTests.users) == [])
        }
    }

    @Test func `tls needs clients that show certificates, each for one principal`() throws {
        let auth = "tls: {type: static, principals: {joe: {certificate-sha1: '\(AuthRuleTests.print)', role: user}}}"
        let tls = "endpoint: {type: tcp, port: 1, tls: {key: a, certificate: a, ca_certificates: [a]}}"
        #expect(try problems(websocket(auth, endpoint: tls), roles: AuthRuleTests.users) == [])
        #expect(
            try problems(websocket(auth), roles: AuthRuleTests.users) == [
                "auth.tls: no client has a certificate here: needs endpoint.tls.ca_certificates"
            ])
        let twice = auth.replacing(
            "}}", with: "}, ann: {certificate-sha1: '\(AuthRuleTests.print.lowercased())', role: user}}")
        #expect(
            try problems(websocket(twice, endpoint: tls), roles: AuthRuleTests.users) == [
                "auth.tls.principals.ann.certificate-sha1: found \"\(AuthRuleTests.print.lowercased().prefix(60))\", which stands here twice"
            ])
    }

    @Test(arguments: [
        ("anonymous: {type: static}", "auth.anonymous.role: found \"anonymous\"; no realm has such a role"),
        ("anonymous: {type: static, role: boss}", "auth.anonymous.role: found \"boss\"; no realm has such a role"),
        (
            "ticket: {type: static, principals: {joe: {ticket: t, role: boss}}}",
            "auth.ticket.principals.joe.role: found \"boss\"; no realm has such a role"
        ),
        ("ticket: {type: static, principals: {joe: {ticket: t}}}", "auth.ticket.principals.joe.role: missing"),
        ("ticket: {type: static, principals: {joe: {role: user}}}", "auth.ticket.principals.joe.ticket: missing"),
        ("ticket: {type: static}", "auth.ticket.principals: missing"),
        ("ticket: {principals: {}}", "auth.ticket.type: missing"),
        (
            "ticket: {type: dynamic, authenticator: com.a}",
            "auth.ticket.type: \"dynamic\": not supported by this version"
        ),
        ("ticket: {type: function, create: a.b}", "auth.ticket.type: \"function\": Python only"),
        ("wampcra: {type: static, users: {}, principals: {}}", "auth.wampcra.principals: unknown key"),
        (
            "wampcra: {type: static, users: {joe: {secret: s, role: user, iterations: 5}}}",
            "auth.wampcra.users.joe.iterations: without salt it would have no effect"
        ),
        (
            "wampcra: {type: static, users: {joe: {secret: s, role: user, keylen: 5}}}",
            "auth.wampcra.users.joe.keylen: without salt it would have no effect"
        ),
        (
            "scram: {type: static, principals: {joe: {kdf: argon2id-13, iterations: 3, salt: 'aa', stored-key: \(key), server-key: \(key), role: user}}}",
            "auth.scram.principals.joe.memory: argon2id-13 needs memory"
        ),
        (
            "scram: {type: static, principals: {joe: {kdf: pbkdf2, iterations: 4095, salt: 'aa', stored-key: \(key), server-key: \(key), role: user}}}",
            "auth.scram.principals.joe.iterations: found 4095; allowed: an integer from 4096 to 2000000"
        ),
        (
            "scram: {type: static, principals: {joe: {kdf: pbkdf2, iterations: 2000001, salt: 'aa', stored-key: \(key), server-key: \(key), role: user}}}",
            "auth.scram.principals.joe.iterations: found 2000001; allowed: an integer from 4096 to 2000000"
        ),
        (
            "wampcra: {type: static, users: {joe: {secret: s, role: user, salt: s, iterations: 2000001}}}",
            "auth.wampcra.users.joe.iterations: found 2000001; allowed: an integer from 1 to 2000000"
        ),
        (
            "wampcra: {type: static, users: {joe: {secret: s, role: user, salt: s, iterations: 1000001, keylen: 33}}}",
            "auth.wampcra.users.joe.iterations: found 1000001; allowed: 1 to 1000000 beside keylen 33"
        ),
        (
            "wampcra: {type: static, users: {joe: {secret: s, role: user, salt: s, iterations: 62501, keylen: 1024}}}",
            "auth.wampcra.users.joe.iterations: found 62501; allowed: 1 to 62500 beside keylen 1024"
        ),
        (
            "cryptosign: {type: static, principals: {}, trustroots: {}}",
            "auth.cryptosign.trustroots: certificates of Ethereum are not supported"
        ),
        (
            "cryptosign: {type: static, principals: {joe: {authorized_keys: [], role: user}}}",
            "auth.cryptosign.principals.joe.authorized_keys: found"
        ),
        ("cryptosign-proxy: {}", "auth.cryptosign-proxy: for Crossbar.io's proxy workers"),
        ("oauth2: {}", "auth.oauth2: unknown key"),
    ])
    func `what is not is told where it stands`(auth: String, problem: String) throws {
        // Somebody else can join the realm.
        let transports =
            websocket(auth)
            + ", {type: websocket, endpoint: {type: tcp, port: 1}, auth: {anonymous: {type: static, role: guest}}}"
        let found = try problems(transports, roles: AuthRuleTests.users)
        #expect(found.count == 1 && found[0].hasPrefix(problem), "\(found)")
    }

    @Test func `a realm that nobody could join, and a role twice, are told`() throws {
        #expect(
            try problems("{type: websocket, \(AuthRuleTests.endpoint)}", roles: AuthRuleTests.users) == [
                "workers[0].realms[0].roles: nobody could join: the roles that a transport gives are \"anonymous\""
            ])
        #expect(try problems(websocket("anonymous: {type: static, role: guest}"), roles: AuthRuleTests.users) == [])
        let twice = "[{name: anonymous, allow-by-default: true}, {name: anonymous, allow-by-default: true}]"
        #expect(
            try problems("{type: websocket, \(AuthRuleTests.endpoint)}", roles: twice) == [
                "workers[0].realms[0].roles[1].name: found \"anonymous\", which stands here twice"
            ])
    }

    @Test func `a secret of the wrong kind is not quoted`() throws {
        let found = try problems(
            websocket(
                """
                anonymous: {type: static, role: guest}, ticket: {type: static, principals: {joe: {ticket: 12345678, role: user}}},
                cryptosign: {type: static, principals: {joe: {authorized_keys: [12345678], role: user}}},
                scram: {type: static, principals: {joe: {kdf: pbkdf2, iterations: 5000, salt: 'aa', stored-key: geheim12345678, server-key: \(AuthRuleTests.key), role: user}}}
                """), roles: AuthRuleTests.users)
        #expect(found.count == 3 && !found.contains { $0.contains("345") }, "\(found)")
        #expect(found.contains("auth.ticket.principals.joe.ticket: found a number; allowed: a text"))
        #expect(found.contains("auth.scram.principals.joe.stored-key: found a text; allowed: 64 hexadecimal digits"))
    }

    private func component(_ auth: String, tls: String = "") throws -> [String] {
        let text = """
            version: 2
            workers:
              - type: container
                components:
                  - {type: class, classname: echo, realm: realm1, auth: {\(auth)}, transport: {type: websocket,
                     url: "ws\(tls.isEmpty ? "" : "s")://a/", endpoint: {type: tcp, host: a, port: 1\(tls)}}}
            """
        return Checker.check(try TreeReader.read(text)).map { problem in
            "\(problem.path.replacing("workers[0].components[0].", with: "")): \(problem.message)"
        }
    }

    @Test(arguments: [
        "", "anonymous: {}", "anonymous: {authid: joe}, ticket: {authid: joe, ticket: t}",
        "wampcra: {authid: joe, secret: s}",
        "scram: {authid: joe, password: '${P}'}", "cryptosign: {privkey: \(key)}",
        "cryptosign: {authid: joe, privkey: '${K}'}",
    ])
    func `credentials of a component are taken`(auth: String) throws {
        #expect(try component(auth) == [])
    }

    @Test(arguments: [
        ("ticket: {ticket: t}", "auth.ticket.authid: missing"),
        ("scram: {authid: joe}", "auth.scram.password: missing"),
        ("cookie: {}", "auth.cookie: unknown key"),
        ("cryptosign: {privkey: 'abc'}", "auth.cryptosign.privkey: found a text; allowed: "),
        (
            "ticket: {authid: joe, ticket: t}, wampcra: {authid: ann, secret: s}",
            "auth.wampcra.authid: found \"ann\" beside \"joe\"; HELLO has room for one authid"
        ),
        ("tls: {}", "auth.tls: the connection has no certificate to show"),
    ])
    func `what is none of a component's is told`(auth: String, problem: String) throws {
        let found = try component(auth)
        #expect(found.count == 1 && found[0].hasPrefix(problem), "\(found)")
    }

    @Test func `a component with a certificate may use it`() throws {
        #expect(try component("tls: {}", tls: ", tls: {hostname: a, certificate: a, key: a}") == [])
    }
}
