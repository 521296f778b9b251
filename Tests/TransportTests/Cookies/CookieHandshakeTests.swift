import RennbahnBytes
import RennbahnCookies
import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket
import Testing

/// Cookies in the opening handshake.
@Suite(.serialized)
struct CookieHandshakeTests {
    private static func server(
        _ policy: CookiePolicy = CookiePolicy(), authenticates: Bool = false
    ) throws -> (Station, SocketAddress, CookieStore) {
        let store = CookieStore(policy)
        var profile = AcceptProfile(subprotocols: Fixture.protocols, requiresSubprotocol: false)
        profile.cookies = CookieUse(store, authenticates: authenticates)
        let (server, address) = try Fixture.server(profile)
        return (server, address, store)
    }

    private static func cookie(_ peer: RawPeer) -> String? {
        peer.head.firstMatch(of: #/Set-Cookie: cbtid=([^;\r]+)/#).map { String($0.output.1) }
    }

    @Test("a new client gets a cookie, and is known with it")
    func visits() throws {
        let (server, address, store) = try Self.server(CookiePolicy(isHiddenFromScripts: true, sameSite: .strict))
        let first = try RawPeer.opened(server, address)
        let value = try #require(Self.cookie(first))
        #expect(first.head.contains("Set-Cookie: cbtid=\(value);max-age=604800;HttpOnly;SameSite=Strict\r\n"))
        #expect(value.count == 24)
        let second = try RawPeer.opened(server, address, fields: "Cookie: a=b; cbtid=\(value)\r\n")
        #expect(!second.head.contains("Set-Cookie"))
        let third = try RawPeer.opened(server, address, fields: "Cookie: cbtid=invented\r\n")
        #expect(Self.cookie(third) != value && Self.cookie(third) != nil)
        #expect(server.opened.map { server.loop.cookie(of: $0.link)?.value } == [value, value, Self.cookie(third)])
        #expect(store.count == 2)
        for peer in [first, second, third] { peer.close() }
        try step(server) { server.closed.count == 3 }
        #expect(server.opened.allSatisfy { server.loop.cookie(of: $0.link) == nil })
    }

    @Test("where cookies authenticate, only one that stands for somebody is taken; what is given is fresh")
    func renewal() throws {
        let (server, address, store) = try Self.server(authenticates: true)
        let first = try RawPeer.opened(server, address)
        let planted = try #require(Self.cookie(first))
        let second = try RawPeer.opened(server, address, fields: "Cookie: cbtid=\(planted)\r\n")
        let value = try #require(Self.cookie(second))
        #expect(value != planted && store.count == 1)
        store.identify(
            value, CookieIdentity(authID: "joe", authRole: "user", authMethod: "ticket", realm: "realm1"))
        let third = try RawPeer.opened(server, address, fields: "Cookie: cbtid=\(value)\r\n")
        #expect(Self.cookie(third) == nil)
        #expect(server.opened.suffix(2).map { server.loop.cookie(of: $0.link)?.isFresh } == [true, false])
    }

    @Test("a request that is refused leaves no cookie behind")
    func refused() throws {
        let (server, address, store) = try Self.server()
        let peer = try RawPeer(connectingTo: address)
        peer.send(RawPeer.request("Sec-WebSocket-Extensions: permessage-deflate;;\r\n"))
        try step(server, pumping: peer) { peer.body != nil }
        #expect(peer.head.hasPrefix("HTTP/1.1 400 ") && store.count == 0)
    }

    @Test("without cookies none is given, and what is brought is not looked at")
    func none() throws {
        let (server, address) = try Fixture.server()
        let peer = try RawPeer.opened(server, address, fields: "Cookie: cbtid=abc\r\n")
        #expect(!peer.head.contains("Set-Cookie"))
        #expect(server.loop.cookie(of: server.opened[0].link) == nil)
    }
}
