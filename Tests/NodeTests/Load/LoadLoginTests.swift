import CRennbahnOpenSSL
import RennbahnAuthentication
import RennbahnBytes
import RennbahnCrypto
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTLS
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload
import Testing

/// Whole runs whose clients log in, against a node in this process.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct LoadLoginTests {
    private static let keys = [[UInt8](repeating: 7, count: 32), [UInt8](repeating: 8, count: 32)]
    private static let publicKeys = keys.map { Hexadecimal.encode(Ed25519.publicKey(of: $0) ?? []) }
    /// Of the password `pencil`, with 4096 iterations and the salt 0xAABB.
    private static let scram = """
        {kdf: pbkdf2, iterations: 4096, salt: 'aabb', role: user, \
        stored-key: 4b7fca87a5f8d869d9d399a4e7205dd0eb338cd555155a7cf3861086cd56568b, \
        server-key: 229f9e31f554ee8ea83053db30a97e828cb0b852376658e296d9123388e53d33}
        """
    private static let methods = """
        ticket: {type: static, principals: {joe: {ticket: open sesame, role: user}, ann: {ticket: abracadabra, role: user}}},
        wampcra: {type: static, users: {joe: {secret: geheim, role: user},
          ann: {secret: "qzcdsr9uu/L5hnss3kjNTRe490ETgA70ZBaB5rvnJ5Y=", salt: salt123, iterations: 1000, role: user}}},
        scram: {type: static, principals: {joe: \(scram), ann: \(scram)}},
        cryptosign: {type: static, principals: {joe: {authorized_keys: [\(publicKeys[0])], role: user},
          ann: {authorized_keys: [\(publicKeys[1])], role: user}}}
        """

    private static let pairs: [[ClientCredential]] = [
        [.ticket(authID: "joe", ticket: Secret("open sesame")), .ticket(authID: "ann", ticket: Secret("abracadabra"))],
        [.wampcra(authID: "joe", secret: Secret("geheim")), .wampcra(authID: "ann", secret: Secret("L3L1YUE8Txlw"))],
        [.scram(authID: "joe", password: Secret("pencil")), .scram(authID: "ann", password: Secret("pencil"))],
        [
            .cryptosign(authID: nil, privateKey: Secret(keys[0])),
            .cryptosign(authID: "ann", privateKey: Secret(keys[1])),
        ],
    ]

    private static let wrong: [(ClientCredential, String)] = [
        (.ticket(authID: "joe", ticket: Secret("geheim")), "ticket in static WAMP-Ticket authentication is invalid"),
        (.ticket(authID: "eve", ticket: Secret("geheim")), "ticket in static WAMP-Ticket authentication is invalid"),
        (.wampcra(authID: "joe", secret: Secret("pencil")), "WAMP-CRA client signature is invalid"),
        (.wampcra(authID: "eve", secret: Secret("geheim")), "WAMP-CRA client signature is invalid"),
        (.scram(authID: "joe", password: Secret("geheim")), "SCRAM authentication failed"),
        (.scram(authID: "eve", password: Secret("pencil")), "SCRAM authentication failed"),
        (.cryptosign(authID: "joe", privateKey: Secret(keys[1])), "cryptosign authentication failed"),
        (.cryptosign(authID: "eve", privateKey: Secret(keys[0])), "cryptosign authentication failed"),
    ]

    private func node(
        _ auth: String, type: String = "websocket", endpoint: String = RawSocketNodeTests.endpoint, _ more: String = ""
    ) throws -> Node {
        let more = more.isEmpty ? "" : ", \(more)"
        return try Node(try AuthNodeTests.configuration("{type: \(type), \(endpoint), auth: {\(auth)}\(more)}"))
    }

    private func end(_ node: Node) {
        node.abandon()
        node.wait()
    }

    private func configuration(
        _ node: Node, scheme: String = "ws", _ credentials: [[ClientCredential]],
        _ workload: WorkloadParameters = .short(.pubsub(publishers: 1, subscribers: 3, topics: 1), clients: 4),
        _ serializer: Serializer = .json
    ) throws -> LoadConfiguration {
        var configuration = LoadConfiguration(
            target: try LoadTarget(parsing: "\(scheme)://127.0.0.1:\(node.address.port)"), workload: workload,
            serializer: serializer)
        configuration.principals = try credentials.map { try LoadPrincipal($0) }
        return configuration
    }

    private func expectClean(_ configuration: LoadConfiguration) throws {
        let outcome = try LoadRun(configuration).run()
        #expect(outcome.connectionsEstablished == configuration.workload.clients && outcome.failures.isEmpty)
        #expect(outcome.messages > 0 && outcome.verification.isClean, "\(outcome.verification.summary)")
    }

    private func reason(_ configuration: LoadConfiguration) throws -> ConnectionFailure {
        let found = failure(of: configuration)
        guard case .connection(_, let reason, _, _)? = found else {
            throw Unexpected(description: "\(String(describing: found))")
        }
        #expect(found?.exitStatus == .invalid)
        return reason
    }

    private struct Unexpected: Error, CustomStringConvertible {
        let description: String
    }

    @Test("two principals of a method join, and the load is as without", arguments: pairs, ["websocket", "rawsocket"])
    func success(pair: [ClientCredential], type: String) throws {
        let node = try node(Self.methods, type: type)
        defer { end(node) }
        let scheme = type == "rawsocket" ? "rs" : "ws"
        for serializer in Serializer.allCases {
            try expectClean(try configuration(node, scheme: scheme, pair.map { [$0] }, serializer: serializer))
        }
    }

    private func configuration(
        _ node: Node, scheme: String, _ credentials: [[ClientCredential]], serializer: Serializer
    ) throws -> LoadConfiguration {
        let workload = WorkloadParameters.short(
            .pubsub(publishers: 2, subscribers: 4, topics: 2), clients: 6, shards: 2)
        return try configuration(node, scheme: scheme, credentials, workload, serializer)
    }

    @Test("sessions that are opened again and again log in again and again", arguments: pairs)
    func visits(pair: [ClientCredential]) throws {
        let node = try node(Self.methods)
        defer { end(node) }
        let configuration = try configuration(node, pair.map { [$0] }, .short(.connect, clients: 3))
        let outcome = try LoadRun(configuration).run()
        #expect(outcome.messages > 3 && outcome.failedVisits == 0 && outcome.verification.isClean)
    }

    @Test("a wrong secret, and a name that nobody has, end the run with who, how and why", arguments: wrong.indices)
    func refusal(number: Int) throws {
        let (credential, message) = Self.wrong[number]
        let node = try node(Self.methods)
        defer { end(node) }
        let reason = try reason(try configuration(node, [[credential]]))
        let name = LoginName(authID: credential.authID, methods: credential.method.rawValue)
        #expect(reason == .loginRefused(name, reason: "wamp.error.not_authorized", message: message))
        let start = "the login as \(credential.authID ?? "") by \(credential.method.rawValue) was refused: "
        #expect("\(reason)".hasPrefix(start))
        for secret in ["geheim", "pencil", Hexadecimal.encode(Self.keys[0]), Hexadecimal.encode(Self.keys[1])] {
            #expect(!"\(reason)".contains(secret))
        }
    }

    @Test("a method that the router does not take, and a realm that it has not, are told with the login")
    func otherRefusals() throws {
        let node = try node("ticket: {type: static, principals: {joe: {ticket: open sesame, role: user}}}")
        defer { end(node) }
        let wampcra = try reason(try configuration(node, [[Self.pairs[1][0]]]))
        #expect("\(wampcra)".hasPrefix("the login as joe by wampcra was refused: ABORT wamp.error.no_auth_method: "))
        var elsewhere = try configuration(node, [[Self.pairs[0][0]]])
        elsewhere.realm = "nowhere"
        #expect("\(try reason(elsewhere))".contains("by ticket was refused: ABORT wamp.error.no_such_realm: "))
        // Who says nothing of a login is told what it was told before.
        let nobody = try reason(try configuration(node, []))
        #expect("\(nobody)".hasPrefix("ABORT wamp.error.no_auth_method: "))
    }

    @Test("cookies of two principals are theirs, and another's is nobody's")
    func cookies() throws {
        let more = "options: {allowed_origins: [\"http://a\"]}, cookie: {store: {type: memory}}"
        let node = try node("\(Self.methods), cookie: {}", more)
        defer { end(node) }
        func principal(_ cookie: String) throws -> LoadPrincipal {
            var principal = try LoadPrincipal([.cookie])
            principal.fields = [try RequestField.cookies(["other=1", "cbtid=\(cookie)"])]
            return principal
        }
        var principals: [LoadPrincipal] = []
        for (name, ticket) in [("joe", "open sesame"), ("ann", "abracadabra")] {
            let peer = try RawPeer(node.address, .webSocket(path: "/", fields: ""))
            let value = try #require(peer.cookie)
            #expect(try peer.ask(AuthNodeTests.hello("ticket", "\"authid\":\"\(name)\""))[0] == 4)
            #expect(try peer.ask("[5,\"\(ticket)\",{}]")[0] == 2)
            principals.append(try principal(value))
        }
        var configuration = try configuration(node, [])
        configuration.fields = [try RequestField.cookies(["cbtid=invented"])]
        configuration.principals = principals
        try expectClean(configuration)
        configuration.principals = [try LoadPrincipal([.cookie])]
        let reason = try reason(configuration)
        #expect("\(reason)".hasPrefix("the login by cookie was refused: ABORT wamp.error.no_auth_method: "))
    }

    @Test("certificates of two principals are theirs, one of them that of all clients, and another's is nobody's")
    func certificates() throws {
        let made = Certificates.shared
        func context(_ identity: Certificates.Identity) throws -> TLSContext {
            var settings = TLSClientSettings(hostName: "127.0.0.1")
            settings.authorities = [made.authority.certificate]
            settings.certificate = identity.certificate
            settings.key = identity.key
            return try TLSContext(settings)
        }
        let tls = """
            tls: {certificate: "\(made.server.certificate)", key: "\(made.server.key)", \
            ca_certificates: ["\(made.authority.certificate)"]}
            """
        let node = try node(
            """
            tls: {type: static, principals: {joe: {certificate-sha1: "\(try fingerprint(made.client.certificate))", role: user},
             ann: {certificate-sha1: "\(try fingerprint(made.server.certificate))", role: user}}}
            """, endpoint: "endpoint: {type: tcp, portrange: [21000, 29999], interface: 127.0.0.1, \(tls)}")
        defer { end(node) }
        var configuration = try configuration(node, scheme: "wss", [[.tls], [.tls]])
        configuration.tls = try context(made.client)
        configuration.principals[1].tls = try context(made.server)
        try expectClean(configuration)
        // Signed by whom the router trusts, but nobody's.
        configuration.principals[0].tls = try context(made.strangeServer)
        configuration.principals[1].tls = try context(made.strangeServer)
        let reason = try reason(configuration)
        let message = "the TLS client certificate is nobody's"
        let name = LoginName(authID: nil, methods: "tls")
        #expect(reason == .loginRefused(name, reason: "wamp.error.not_authorized", message: message))
    }

    private func fingerprint(_ path: String) throws -> String {
        let file = BIO_new_file(path, "r")
        defer { BIO_free(file) }
        let certificate = try #require(PEM_read_bio_X509(file, nil, nil, nil))
        defer { X509_free(certificate) }
        var digest = [UInt8](repeating: 0, count: 20)
        #expect(X509_digest(certificate, EVP_sha1(), &digest, nil) == 1)
        return digest.map { Hexadecimal.encode([$0]).uppercased() }.joined(separator: ":")
    }

    // MARK: What the request has, and what a front end answers

    private func refused(_ answer: String, _ fields: [RequestField] = []) throws -> (reason: String, heads: [String]) {
        var script = ScriptedServer.Script()
        script.refusal = answer
        let server = try ScriptedServer(script)
        defer { server.stop() }
        var configuration = LoadConfiguration(
            target: try LoadTarget(parsing: "ws://\(server.address)/ws"), workload: .short(.connect, clients: 1),
            serializer: .json)
        configuration.fields = fields
        return ("\(try reason(configuration))", server.heads)
    }

    @Test("the fields that are asked for stand in the request, once")
    func fields() throws {
        let asked = [
            try RequestField("Authorization", "Basic dTpw"), try RequestField("X-Tenant", "a"),
            try RequestField("x-tenant", "b"), try RequestField("Origin", "https://example.com"),
            try RequestField.cookies(["a=b", "c=d"]),
        ]
        let head = try #require(try refused("HTTP/1.1 503 Busy\r\n\r\n", asked).heads.first)
        let lines = head.split(separator: "\r\n").map(String.init)
        for line in [
            "Authorization: Basic dTpw", "X-Tenant: a", "x-tenant: b", "Origin: https://example.com",
            "Cookie: a=b; c=d", "User-Agent: Rennbahn", "Sec-WebSocket-Protocol: wamp.2.json",
        ] {
            #expect(lines.filter { $0 == line }.count == 1, "\(line): \(lines)")
        }
        let own = try refused("HTTP/1.1 503 Busy\r\n\r\n", [try RequestField("user-agent", "me")]).heads.first
        #expect(own?.contains("\r\nuser-agent: me\r\n") == true && own?.contains("Rennbahn") == false)
    }

    @Test(
        "what a front end answers is told as that",
        arguments: [
            ("302 Found\r\nLocation: https://a.example/b?c", "HTTP status 302 Found; Location: https://a.example/b?c"),
            ("301 Moved Permanently", "HTTP status 301 Moved Permanently"),
            (
                "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"a\"",
                "HTTP status 401 Unauthorized; WWW-Authenticate: Basic realm=\"a\""
            ),
            (
                "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic",
                "HTTP status 407 Proxy Authentication Required; Proxy-Authenticate: Basic"
            ),
            ("403 Forbidden", "HTTP status 403 Forbidden (the subprotocol wamp.2.json was offered)"),
            ("404 Not Found", "HTTP status 404 Not Found (the subprotocol wamp.2.json was offered)"),
            (
                "429 Too Many Requests\r\nRetry-After: 17",
                "HTTP status 429 Too Many Requests; to be tried again after 17 s"
            ),
            ("502 Bad Gateway", "HTTP status 502 Bad Gateway"), ("503", "HTTP status 503"),
            ("200 OK\r\nContent-Length: 0", "HTTP status 200 OK"),
        ])
    func frontEnd(answer: String, told: String) throws {
        #expect(try refused("HTTP/1.1 \(answer)\r\n\r\n").reason == told)
    }
}
