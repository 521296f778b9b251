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
    private let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID())").path()

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private static let login = #"[1,"realm1",{"authmethods":["cookie","anonymous"],"roles":{"caller":{}}}]"#
    private static let cookieOnly = #"[1,"no.such.realm",{"authmethods":["cookie"],"roles":{"caller":{}}}]"#
    private static let both = "auth: {anonymous: {type: static, role: anonymous}, cookie: {}}"

    private func node(_ cookie: String, _ auth: String? = both, shards: Int = 1) throws -> Node {
        let transport =
            "{type: websocket, \(RawSocketNodeTests.endpoint), cookie: \(cookie)\(auth.map { ", " + $0 } ?? "")}"
        return try RawSocketNodeTests.node("[\(transport)]", folder: folder, shards: shards)
    }

    private func end(_ node: Node) {
        node.abandon()
        node.wait()
    }

    private func peer(_ node: Node, cookie: String? = nil) throws -> RawPeer {
        let fields = cookie.map { "Cookie: a=b; cbtid=\($0)\r\n" } ?? ""
        return try RawPeer(node.address, .webSocket(path: "/", fields: fields))
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
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let node = try node("{store: {type: memory}}", shards: shards)
        let first = try peer(node)
        let value = try #require(first.cookie)
        let details = try first.ask(Self.login)[2]
        let authID = details?["authid"]
        #expect(authID != .string(value) && authID != "anonymous" && details?["authmethod"] == "anonymous")
        for _ in 0..<4 {
            let again = try peer(node, cookie: value)
            #expect(again.cookie == nil)
            let welcome = try again.ask(Self.cookieOnly)
            #expect(welcome[0] == 2 && welcome[2]?["authid"] == authID && welcome[2]?["realm"] == "realm1")
            #expect(welcome[2]?["authprovider"] == "cookie" && welcome[2]?["authmethod"] == "anonymous")
        }
        // Who does not ask to be known is not, and is somebody else from then on.
        let stranger = try peer(node, cookie: value)
        let other = try stranger.ask(RawSocketNodeTests.hello)[2]?["authid"]
        #expect(other != authID)
        #expect(try peer(node, cookie: value).ask(Self.cookieOnly)[2]?["authid"] == other)
        // A cookie that nobody was authenticated with, and another's invention.
        for cookie in [nil, "invented"] {
            let abort = try peer(node, cookie: cookie).ask(Self.cookieOnly)
            #expect(abort[0] == 3)
        }
        end(node)
    }

    @Test("Logging out forgets the cookie; another goodbye does not; the file agrees after a restart")
    func logout() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = "{store: {type: file, filename: cookies.log}}"
        var first = try node(file)
        var values: [String] = []
        var names: [WAMPValue?] = []
        for reason in ["wamp.close.normal", "wamp.close.logout"] {
            let client = try peer(first)
            values.append(try #require(client.cookie))
            names.append(try client.ask(Self.login)[2]?["authid"])
            #expect(try client.ask(#"[6,{},"\#(reason)"]"#)[0] == 6)
        }
        for _ in 0..<2 {
            let kept = try peer(first, cookie: values[0]).ask(Self.cookieOnly)
            #expect(kept[0] == 2 && kept[2]?["authid"] == names[0])
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
        #expect(try client.ask(Self.login)[0] == 2)
        #expect(try client.ask(#"[6,{},"wamp.close.normal"]"#)[0] == 6)
        #expect(try client.ask(Self.login)[2]?["authprovider"] == "cookie")
        #expect(try client.ask(Self.login)[0] == 3)
        end(node)
    }

    @Test("Two transports cannot keep their cookies in one file")
    func sharedFile() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let transport =
            "{type: websocket, \(RawSocketNodeTests.endpoint), cookie: {store: {type: file, filename: one.log}}}"
        #expect(throws: Problems.self) { try RawSocketNodeTests.node("[\(transport), \(transport)]", folder: folder) }
    }
}
