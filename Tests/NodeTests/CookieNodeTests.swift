import Foundation
import RennbahnConfiguration
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWAMP
import Testing

/// Who a session with a cookie is.
@Suite(.serialized)
struct CookieNodeTests {
    /// Made by the tests that keep cookies in a file.
    private let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID())").path()

    private static let login = #"[1,"realm1",{"authmethods":["cookie","anonymous"],"roles":{"caller":{}}}]"#
    private static let cookieOnly = #"[1,"no.such.realm",{"authmethods":["cookie"],"roles":{"caller":{}}}]"#
    private static let both = """
        options: {allowed_origins: ["http://localhost"]}, auth: {anonymous: {type: static, role: anonymous}, cookie: {}, \
        ticket: {type: static, principals: {joe: {ticket: j, role: anonymous}, eve: {ticket: e, role: anonymous}}}}
        """

    private func node(_ cookie: String, _ auth: String? = both, shards: Int = 1) throws -> Node {
        let transport =
            "{type: websocket, \(RawSocketNodeTests.endpoint), cookie: \(cookie)\(auth.map { ", " + $0 } ?? "")}"
        return try RawSocketNodeTests.node("[\(transport)]", folder: folder, shards: shards)
    }

    private func end(_ node: Node) {
        node.abandon()
        node.wait()
    }

    private func peer(_ node: Node, cookie: String? = nil, fields more: String = "") throws -> RawPeer {
        let fields = cookie.map { "Cookie: a=b; cbtid=\($0)\r\n" } ?? ""
        return try RawPeer(node.address, .webSocket(path: "/", fields: fields + more))
    }

    /// Logs in by the cookie, where that is asked for and does it, or else with a ticket.
    private func logIn(
        _ peer: RawPeer, as name: String = "joe", _ methods: String = #""cookie","ticket""#
    ) throws -> WAMPValue {
        let hello = #"[1,"realm1",{"authmethods":[\#(methods)],"authid":"\#(name)","roles":{"caller":{}}}]"#
        let answer = try peer.ask(hello)
        guard answer[0] == 4 else { return answer }
        return try peer.ask(#"[5,"\#(name.prefix(1))",{}]"#)
    }

    @Test("Without auth the cookie's value is the authid; without a cookie it is that of everybody")
    func tracking() throws {
        let tracking = try node("{store: {type: memory}, length: 40}", nil)
        let first = try peer(tracking)
        let value = try #require(first.cookie)
        #expect(value.count == 40)
        for peer in [first, try peer(tracking, cookie: value)] {
            let details = try peer.ask(RawSocketNodeTests.hello)[2]
            #expect(details?["authid"] == .string(value) && details?["authmethod"] == "anonymous")
            #expect(details?["authprovider"] == "static")
        }
        end(tracking)
    }

    @Test(
        "A cookie that was authenticated authenticates, on any shard, whatever realm is asked for", arguments: [1, 2])
    func authentication(shards: Int) throws {
        let node = try node("{store: {type: memory}}", shards: shards)
        let first = try peer(node)
        let value = try #require(first.cookie)
        let details = try logIn(first)[2]
        #expect(details?["authid"] == "joe" && details?["authmethod"] == "ticket")
        for _ in 0..<4 {
            let again = try peer(node, cookie: value)
            #expect(again.cookie == nil)
            let welcome = try again.ask(Self.cookieOnly)
            #expect(welcome[0] == 2 && welcome[2]?["authid"] == "joe" && welcome[2]?["realm"] == "realm1")
            #expect(welcome[2]?["authprovider"] == "cookie" && welcome[2]?["authmethod"] == "ticket")
        }
        // Who does not ask to be known is not, and the cookie is nobody's from then on.
        let stranger = try peer(node, cookie: value)
        let other = try stranger.ask(RawSocketNodeTests.hello)[2]
        #expect(other?["authid"] != "joe" && other?["authmethod"] == "anonymous")
        #expect(try peer(node, cookie: value).ask(Self.cookieOnly)[0] == 3)
        // A cookie that nobody was authenticated with, and another's invention.
        for cookie in [nil, "invented"] {
            let abort = try peer(node, cookie: cookie).ask(Self.cookieOnly)
            #expect(abort[0] == 3)
        }
        end(node)
    }

    @Test("An anonymous session pins no cookie: it stands for nobody, and gives way to a new one")
    func anonymous() throws {
        let node = try node("{store: {type: memory}}")
        let first = try peer(node)
        let value = try #require(first.cookie)
        #expect(try first.ask(Self.login)[2]?["authmethod"] == "anonymous")
        let again = try peer(node, cookie: value)
        #expect(again.cookie != nil && again.cookie != value)
        #expect(try again.ask(Self.cookieOnly)[0] == 3)
        end(node)
    }

    @Test("A cookie that somebody else may know never comes to stand for who logs in with it")
    func fixation() throws {
        let node = try node("{store: {type: memory}}")
        // Planted in a browser before it logs in: it is given another.
        let planted = try #require(try peer(node).cookie)
        let victim = try peer(node, cookie: planted)
        let value = try #require(victim.cookie)
        #expect(value != planted)
        #expect(try logIn(victim)[2]?["authid"] == "joe")
        #expect(try peer(node, cookie: planted).ask(Self.cookieOnly)[0] == 3)
        #expect(try peer(node, cookie: value).ask(Self.cookieOnly)[2]?["authid"] == "joe")
        // One that stands for who has planted it, and that the victim does not ask for.
        let eve = try peer(node)
        let hers = try #require(eve.cookie)
        #expect(try logIn(eve, as: "eve")[2]?["authid"] == "eve")
        let second = try peer(node, cookie: hers)
        #expect(try logIn(second, as: "joe", #""ticket""#)[2]?["authid"] == "joe")
        #expect(try peer(node, cookie: hers).ask(Self.cookieOnly)[0] == 3)
        end(node)
    }

    @Test("A page of another origin does not get as far as a login by cookie")
    func foreignOrigin() throws {
        let node = try node("{store: {type: memory}}")
        let own = try peer(node, fields: "Origin: http://localhost\r\n")
        #expect(own.head.hasPrefix("HTTP/1.1 101 ") && own.head.contains(";HttpOnly;SameSite=Lax"))
        let value = try #require(own.cookie)
        #expect(try logIn(own)[0] == 2)
        let foreign = try peer(node, cookie: value, fields: "Origin: http://elsewhere\r\n")
        #expect(foreign.head.hasPrefix("HTTP/1.1 403 "))
        end(node)
    }

    @Test("Logging out forgets the cookie; another goodbye does not; the file agrees after a restart")
    func logout() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = "{store: {type: file, filename: cookies.log}}"
        var first = try node(file)
        var values: [String] = []
        for reason in ["wamp.close.normal", "wamp.close.logout"] {
            let client = try peer(first)
            values.append(try #require(client.cookie))
            #expect(try logIn(client)[0] == 2)
            #expect(try client.ask(#"[6,{},"\#(reason)"]"#)[0] == 6)
        }
        for _ in 0..<2 {
            let kept = try peer(first, cookie: values[0]).ask(Self.cookieOnly)
            #expect(kept[0] == 2 && kept[2]?["authid"] == "joe")
            let gone = try peer(first, cookie: values[1])
            #expect(gone.cookie != nil && gone.cookie != values[1])
            #expect(try gone.ask(Self.cookieOnly)[0] == 3)
            end(first)
            // The file is let go of with the node.
            first = try node("{store: {type: memory}}")
            end(first)
            first = try node(file)
        }
        end(first)
    }

    @Test("Without cookie among the methods of auth, cookies authenticate nobody")
    func trackingOnly() throws {
        let node = try node("{store: {type: memory}}", "auth: {anonymous: {type: static, role: anonymous}}")
        let first = try peer(node)
        let value = try #require(first.cookie)
        #expect(try first.ask(Self.login)[0] == 2)
        #expect(try peer(node, cookie: value).ask(Self.cookieOnly)[0] == 3)
        end(node)
    }

    @Test("A second HELLO is still a violation, and a session may follow another on one connection")
    func sessions() throws {
        let node = try node("{store: {type: memory}}")
        let client = try peer(node)
        #expect(try logIn(client)[2]?["authprovider"] == "static")
        #expect(try client.ask(#"[6,{},"wamp.close.normal"]"#)[0] == 6)
        #expect(try logIn(client)[2]?["authprovider"] == "cookie")
        #expect(try logIn(client)[0] == 3)
        end(node)
    }

    @Test("Two transports cannot keep their cookies in one file")
    func sharedFile() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let transport =
            "{type: websocket, \(RawSocketNodeTests.endpoint), cookie: {store: {type: file, filename: one.log}}}"
        #expect(throws: Problems.self) { try RawSocketNodeTests.node("[\(transport), \(transport)]", folder: folder) }
    }
}
