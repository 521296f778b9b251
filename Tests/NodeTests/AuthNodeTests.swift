import Foundation
import RennbahnAuthentication
import RennbahnBytes
import RennbahnConfiguration
import RennbahnCrypto
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWAMP
import Testing

/// Routers whose transports have `auth`, over sockets.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct AuthNodeTests {
    static let realms = """
        [{name: realm1, roles: [{name: anonymous, allow-by-default: true}, {name: user, allow-by-default: true}]},
         {name: realm2, roles: [{name: backend, allow-by-default: true}]}]
        """
    static let ticket =
        "ticket: {type: static, principals: {joe: {ticket: open sesame, role: user}, eve: {ticket: e, role: backend}}}"
    static let cra = "wampcra: {type: static, users: {joe: {secret: geheim, role: user}}}"
    static let privateKey = [UInt8](repeating: 7, count: 32)
    static let publicKey = Hexadecimal.encode(Ed25519.publicKey(of: privateKey) ?? [])
    static let cryptosign =
        "cryptosign: {type: static, principals: {joe: {authorized_keys: [\(publicKey)], role: backend, realm: realm2}}}"

    static func configuration(
        _ transport: String, environment: [String: String] = [:], folder: String = ""
    ) throws -> NodeConfiguration {
        let tree = try TreeReader.read(
            """
            version: 2
            workers:
              - type: router
                realms: \(realms)
                transports:
                  - {type: websocket, endpoint: {type: unix, path: open.socket}}
                  - {type: rawsocket, auth: {anonymous: {type: static, role: backend}}, endpoint: {type: unix, path: back.socket}}
                  - \(transport)
            """)
        #expect(Checker.check(tree) == [])
        var configuration = try NodeConfiguration(
            tree, NodeConfiguration.Surroundings(folder: folder, version: "1") { environment[$0] })
        configuration.transports.removeFirst(2)
        return configuration
    }

    private func node(
        _ auth: String, type: String = "websocket", shards: Int = 1, environment: [String: String] = [:],
        challengeTimeout: UInt64? = nil
    ) throws -> Node {
        var configuration = try AuthNodeTests.configuration(
            "{type: \(type), \(RawSocketNodeTests.endpoint), auth: {\(auth)}}", environment: environment)
        configuration.shards = shards
        if let challengeTimeout { configuration.limits.challengeTimeout = challengeTimeout }
        return try Node(configuration)
    }

    private func peer(_ node: Node) throws -> RawPeer {
        try RawPeer(node.address, .webSocket(path: "/", fields: ""))
    }

    private func end(_ node: Node) {
        node.abandon()
        node.wait()
    }

    static func hello(_ method: String, _ more: String = #""authid":"joe""#, realm: String = "realm1") -> String {
        #"[1,"\#(realm)",{"authmethods":["\#(method)"],\#(more.isEmpty ? "" : more + ",")"roles":{"caller":{},"callee":{}}}]"#
    }

    @Test(
        "ticket: CHALLENGE, AUTHENTICATE, WELCOME that says who it is, and a session that works",
        arguments: ["websocket", "rawsocket"], [1, 2])
    func ticket(type: String, shards: Int) throws {
        let node = try node(
            "ticket: {type: static, principals: {joe: {ticket: \"${TICKET}\", role: user}}}", type: type,
            shards: shards, environment: ["TICKET": "öpen"])
        defer { end(node) }
        for _ in 0..<3 {
            let peer = try RawPeer(node.address, type == "rawsocket" ? .rawSocket : .webSocket(path: "/", fields: ""))
            #expect(try peer.ask(Self.hello("ticket", #""authid":"joe","authextra":{"a":1}"#)) == [4, "ticket", [:]])
            let welcome = try peer.ask(#"[5,"\u00f6pen",{}]"#)
            let details = try #require(welcome[2])
            #expect(welcome[0] == 2 && details["authid"] == "joe" && details["authrole"] == "user")
            #expect(details["authmethod"] == "ticket" && details["authprovider"] == "static")
            #expect(details["realm"] == "realm1" && details["authextra"] == ["a": 1])
            #expect(try peer.ask(#"[64,1,{},"com.procedure"]"#)[0] == 65)
            #expect(try peer.ask(#"[6,{},"wamp.close.normal"]"#)[0] == 6)
            // The connection may carry another session.
            #expect(try peer.ask(Self.hello("ticket"))[0] == 4)
            #expect(try peer.ask(#"[5,"\u00f6pen",{}]"#)[0] == 2)
        }
    }

    @Test("A wrong answer is ABORT and the end of the connection, whoever it is from", arguments: ["joe", "nobody"])
    func wrongTicket(authID: String) throws {
        let node = try node(Self.ticket)
        defer { end(node) }
        let peer = try peer(node)
        #expect(try peer.ask(Self.hello("ticket", #""authid":"\#(authID)""#)) == [4, "ticket", [:]])
        // The right one comes too late: one answer to a challenge.
        peer.send(#"[5,"open sesam",{}]"#)
        peer.send(#"[5,"open sesame",{}]"#)
        #expect(
            try peer.next() == [
                3, ["message": "ticket in static WAMP-Ticket authentication is invalid"], "wamp.error.not_authorized",
            ])
        try peer.expectEnd()
    }

    @Test("wampcra: the challenge has the session's number, which WELCOME has")
    func wampcra() throws {
        let node = try node(Self.cra)
        defer { end(node) }
        let peer = try peer(node)
        let challenge = try peer.ask(Self.hello("wampcra"))
        #expect(challenge[0] == 4 && challenge[1] == "wampcra")
        let text = try #require(challenge[2]?["challenge"]?.stringValue)
        let inner = try WAMPValue.decode(text.utf8.span, serializer: .json)
        let signature = Base64.encode(SHA256.hmac(key: Array("geheim".utf8), Array(text.utf8)))
        let welcome = try peer.ask(#"[5,"\#(signature)",{}]"#)
        #expect(welcome[0] == 2 && welcome[1] == inner["session"] && welcome[2]?["authmethod"] == "wampcra")
        #expect(inner["authid"] == "joe" && inner["authrole"] == "user" && inner["authprovider"] == "static")
    }

    @Test("cryptosign: the key's principal, in its own realm")
    func cryptosign() throws {
        let node = try node(Self.cryptosign)
        defer { end(node) }
        let peer = try peer(node)
        let challenge = try peer.ask(Self.hello("cryptosign", #""authextra":{"pubkey":"\#(Self.publicKey)"}"#))
        let octets = try #require(Hexadecimal.decode(challenge[2]?["challenge"]?.stringValue ?? ""))
        let signature = try #require(Ed25519.sign(octets, privateKey: Self.privateKey))
        let welcome = try peer.ask(#"[5,"\#(Hexadecimal.encode(signature + octets))",{}]"#)
        #expect(welcome[0] == 2 && welcome[2]?["authid"] == "joe" && welcome[2]?["realm"] == "realm2")
        #expect(welcome[2]?["authrole"] == "backend")
    }

    @Test("anonymous: role and authid of the configuration")
    func anonymous() throws {
        let node = try node("anonymous: {type: static, role: user, authid: visitor}, \(Self.ticket)")
        defer { end(node) }
        for hello in [RawSocketNodeTests.hello, Self.hello("anonymous")] {
            let details = try peer(node).ask(hello)[2]
            #expect(details?["authid"] == "visitor" && details?["authrole"] == "user")
        }
        let refused = try peer(node).ask(Self.hello("wampcra"))
        #expect(refused[0] == 3 && refused[2] == "wamp.error.no_auth_method")
    }

    @Test(
        "What ABORT says, in the order of the checks",
        arguments: [
            (hello("unheard-of"), "wamp.error.no_auth_method"), (hello("ticket", ""), "wamp.error.no_such_principal"),
            (hello("ticket", realm: "realm3"), "wamp.error.no_such_realm"),
            (hello("anonymous", "", realm: "realm2"), "wamp.error.no_such_role"),
            (#"[1,null,{"roles":{"caller":{}}}]"#, "wamp.error.invalid_uri"),
        ])
    func refusals(hello: String, reason: String) throws {
        let node = try node("anonymous: {type: static}, \(Self.ticket)")
        defer { end(node) }
        let peer = try peer(node)
        let abort = try peer.ask(hello)
        #expect(abort[0] == 3 && abort[2] == .string(reason) && abort[1]?["message"]?.stringValue?.isEmpty == false)
        try peer.expectEnd()
    }

    @Test("A principal whose role the realm lacks is told so once it has proved to be it")
    func missingRole() throws {
        let node = try node(Self.ticket)
        defer { end(node) }
        for (ticket, reason) in [("e", "wamp.error.no_such_role"), ("x", "wamp.error.not_authorized")] {
            let peer = try peer(node)
            #expect(try peer.ask(Self.hello("ticket", #""authid":"eve""#))[0] == 4)
            #expect(try peer.ask(#"[5,"\#(ticket)",{}]"#)[2] == .string(reason))
        }
    }

    @Test("A challenge that is not answered ends after a while, and others go on")
    func silence() throws {
        let node = try node("anonymous: {type: static}, \(Self.ticket)", challengeTimeout: 200_000_000)
        defer { end(node) }
        let silent = try peer(node)
        let prompt = try peer(node)
        #expect(try silent.ask(Self.hello("ticket"))[0] == 4)
        #expect(try prompt.ask(Self.hello("ticket"))[0] == 4)
        #expect(try prompt.ask(#"[5,"open sesame",{}]"#)[0] == 2)
        #expect(
            try silent.next() == [
                3, ["message": "the challenge was not answered in time"], "wamp.error.authentication_failed",
            ])
        try silent.expectEnd()
        #expect(try prompt.ask(#"[64,1,{},"com.procedure"]"#)[0] == 65)
    }

    @Test(
        "Whatever comes in place of AUTHENTICATE is a violation, and AUTHENTICATE in place of anything else",
        arguments: [
            ([hello("ticket"), hello("ticket")], 4), ([hello("ticket"), #"[32,1,{},"com.topic"]"#], 4),
            ([hello("ticket"), #"[6,{},"wamp.close.normal"]"#], 4), ([hello("ticket"), "[5]"], 4),
            ([hello("ticket"), #"[5,5,{}]"#], 4), ([hello("ticket"), #"[5,"open sesame",[]]"#], 4),
            ([hello("ticket"), #"[5,"open sesame"]"#], 4), ([hello("ticket"), #"[5,"open sesame",{},1]"#], 4),
            ([hello("ticket"), #"[5,null,{}]"#], 4), ([hello("ticket"), #"[2,1,{}]"#], 4),
            ([hello("ticket"), "nonsense"], 4),
            ([#"[5,"open sesame",{}]"#], nil), ([#"[1,"realm1",{"authmethods":[1],"roles":{"caller":{}}}]"#], nil),
            ([#"[1,"realm1",{"authmethods":"ticket","roles":{"caller":{}}}]"#], nil),
            ([#"[1,"realm1",{"authmethods":["ticket"],"authid":5,"roles":{"caller":{}}}]"#], nil),
            ([#"[1,"realm1",{"authmethods":["ticket"],"authextra":5,"roles":{"caller":{}}}]"#], nil),
            ([RawSocketNodeTests.hello, #"[5,"open sesame",{}]"#], 2),
        ] as [([String], Int64?)])
    func violations(messages: [String], first: Int64?) throws {
        let node = try node("anonymous: {type: static}, \(Self.ticket)")
        defer { end(node) }
        let peer = try peer(node)
        for message in messages { peer.send(message) }
        // Too late for anything.
        peer.send(#"[5,"open sesame",{}]"#)
        if let first { #expect(try peer.next()[0] == .integer(first)) }
        let abort = try peer.next()
        #expect(abort[0] == 3 && abort[2] == "wamp.error.protocol_violation")
        try peer.expectEnd()
        #expect(try self.peer(node).ask(RawSocketNodeTests.hello)[0] == 2)
    }

    @Test("A client's own ABORT ends it, and a large answer is like any wrong one")
    func abortAndSize() throws {
        let node = try node(Self.ticket)
        defer { end(node) }
        let first = try peer(node)
        #expect(try first.ask(Self.hello("ticket"))[0] == 4)
        first.send(#"[3,{},"wamp.error.canceled"]"#)
        try first.expectEnd()
        let second = try peer(node)
        #expect(try second.ask(Self.hello("ticket"))[0] == 4)
        let answer = try second.ask(#"[5,"\#(String(repeating: "x", count: 65_000))",{}]"#)
        #expect(answer[0] == 3 && answer[2] == "wamp.error.not_authorized")
        let long = String(repeating: "x", count: 65_000)
        let refused = try peer(node).ask(Self.hello("ticket", #""authid":"\#(long)""#))
        #expect(refused[2] == "wamp.error.not_authorized")
    }

    @Test("A router that shuts down refuses whoever answers its challenge then")
    func shutdown() throws {
        let node = try node(Self.ticket)
        let peer = try peer(node)
        #expect(try peer.ask(Self.hello("ticket"))[0] == 4)
        node.stop()
        try peer.expectEnd()
        node.wait()
    }

    @Test("A cookie stands for a principal: its role, method and realm come back, until somebody else logs in")
    func cookies() throws {
        var configuration = try AuthNodeTests.configuration(
            """
            {type: websocket, \(RawSocketNodeTests.endpoint), options: {allowed_origins: ["http://a"]},
             cookie: {store: {type: memory}}, auth: {\(Self.ticket), cookie: {}}}
            """)
        configuration.shards = 2
        let node = try Node(configuration)
        defer { end(node) }
        func visit(_ cookie: String?) throws -> RawPeer {
            try RawPeer(node.address, .webSocket(path: "/", fields: cookie.map { "Cookie: cbtid=\($0)\r\n" } ?? ""))
        }
        let first = try visit(nil)
        let value = try #require(first.cookie)
        let both = #"[1,"realm1",{"authmethods":["cookie","ticket"],"authid":"joe","roles":{"caller":{}}}]"#
        #expect(try first.ask(both)[0] == 4, "the cookie stands for nobody yet")
        #expect(try first.ask(#"[5,"open sesame",{}]"#)[2]?["authprovider"] == "static")
        for _ in 0..<3 {
            let details = try visit(value).ask(#"[1,"elsewhere",{"authmethods":["cookie"],"roles":{"caller":{}}}]"#)[2]
            #expect(details?["authid"] == "joe" && details?["authrole"] == "user" && details?["realm"] == "realm1")
            #expect(details?["authmethod"] == "ticket" && details?["authprovider"] == "cookie")
        }
        // Who fails to log in without asking for the cookie has lost it.
        let other = try visit(value)
        #expect(try other.ask(Self.hello("ticket"))[0] == 4)
        #expect(try other.ask(#"[5,"wrong",{}]"#)[0] == 3)
        #expect(try visit(value).ask(#"[1,"realm1",{"authmethods":["cookie"],"roles":{"caller":{}}}]"#)[0] == 3)
    }

    @Test("Two services of a universal transport have each their own methods")
    func services() throws {
        let configuration = try AuthNodeTests.configuration(
            """
            {type: universal, \(RawSocketNodeTests.endpoint), rawsocket: {auth: {\(Self.ticket)}},
             websocket: {a: {auth: {\(Self.cra)}}, b: {}}}
            """)
        let node = try Node(configuration)
        defer { end(node) }
        #expect(try RawPeer(node.address, .rawSocket).ask(Self.hello("ticket"))[0] == 4)
        let ways: [(String, String, Int64)] = [
            ("/a", "ticket", 3), ("/a", "wampcra", 4), ("/b", "wampcra", 3), ("/b", "anonymous", 2),
        ]
        for (path, method, code) in ways {
            let answer = try RawPeer(node.address, .webSocket(path: path, fields: "")).ask(Self.hello(method))
            #expect(answer[0] == .integer(code), "\(path) \(method)")
        }
    }
}
