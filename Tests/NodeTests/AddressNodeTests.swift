import RennbahnAuthentication
import RennbahnBytes
import RennbahnReactor
import RennbahnSimulationKit
import RennbahnTransport
import RennbahnWAMP
import Testing

/// What one address may have of a router, and whom front ends speak for. Time is handed in.
@Suite("Limits of an address")
struct AddressNodeTests {
    private static let second = SimulatedRouter.second
    private static let joe = SocketAddress.v4(0xc000_0201, port: 4711)
    private static let ann = SocketAddress.v4(0xc000_0202, port: 4711)
    private static let proxy = SocketAddress.v4(0x0a00_0001, port: 4711)

    private func limits(_ change: (inout AddressLimits) -> Void) -> AddressLimits {
        var limits = AddressLimits.off
        change(&limits)
        return limits
    }

    private func router(
        _ authenticator: Authenticator? = nil, proxies: [String] = [], _ change: (inout AddressLimits) -> Void
    ) throws -> SimulatedRouter {
        let ranges = try proxies.map { try #require(AddressRange(parsing: $0)) }
        return try SimulatedRouter(
            authenticator: authenticator, addresses: AddressGuard(limits(change), proxies: ranges))
    }

    private func refused(_ router: SimulatedRouter) -> UInt64 { router.loop.counters.value.refusedByAddress }

    // MARK: Connections

    @Test(
        "an address with as many connections as it may have gets no more until one ends, and others do",
        arguments: [false, true])
    func connections(rawSocket: Bool) throws {
        let router = try router { $0.connections = 2 }
        router.network.clientAddress = Self.joe
        let first = try router.joined(rawSocket: rawSocket)
        let second = try router.joined(rawSocket: rawSocket)
        #expect(try router.connected().isGone())
        #expect(refused(router) == 1 && router.loop.linkCount == 2)
        router.network.clientAddress = Self.ann
        _ = try router.joined(rawSocket: rawSocket)
        first.leave()
        router.network.clientAddress = Self.joe
        _ = try router.joined(rawSocket: rawSocket)
        #expect(try router.connected().isGone())
        #expect(!second.isGone() && refused(router) == 2)
    }

    @Test("of IPv6 a network of 64 bits has the connections together")
    func network() throws {
        let router = try router { $0.connections = 1 }
        router.network.clientAddress = .v6(high: 0x2001_0db8_0000_0001, low: 5, scope: 0, port: 1)
        _ = try router.joined()
        router.network.clientAddress = .v6(high: 0x2001_0db8_0000_0001, low: 6, scope: 0, port: 1)
        #expect(try router.connected().isGone())
        router.network.clientAddress = .v6(high: 0x2001_0db8_0000_0002, low: 5, scope: 0, port: 1)
        _ = try router.joined()
        #expect(refused(router) == 1)
    }

    @Test("handshakes that are under way are bounded by themselves", arguments: [false, true])
    func handshakes(rawSocket: Bool) throws {
        let router = try router { $0.handshakes = 1 }
        let silent = try router.connected()
        #expect(try router.connected().isGone())
        if rawSocket { silent.write([0x7f, 0xf1, 0, 0]) } else { silent.request("") }
        let next = try router.connected()
        #expect(!next.isGone() && !silent.isGone())
        // One that ends without having done it gives its place back, too.
        next.leave()
        _ = try router.joined()
        #expect(refused(router) == 1)
    }

    // MARK: Logins

    private static var ticket: Authenticator {
        var policy = AuthPolicy()
        policy.ticket = ["joe": AuthPolicy.Ticket(role: "anonymous", ticket: Secret("sesame"))]
        return Authenticator(policy)
    }

    private static let hello = #"[1,"realm1",{"authmethods":["ticket"],"authid":"joe","roles":{"caller":{}}}]"#
    private static let right = #"[5,"sesame",{}]"#
    private static let wrong = #"[5,"password",{}]"#

    /// A peer that has answered its challenge.
    private func login(_ router: SimulatedRouter, _ answer: String, fields: String = "") throws -> SimulatedPeer {
        let peer = try router.peer(fields: fields)
        #expect(try peer.ask(Self.hello)[0] == 4)
        peer.send(answer)
        return peer
    }

    /// What the answer came to, if it was judged.
    private func outcome(_ peer: SimulatedPeer) throws -> WAMPValue? { try peer.messages().first?[0] }

    @Test("after some failed logins of an address the next are judged later, right or wrong; those of others are not")
    func delayed() throws {
        let router = try router(Self.ticket) { $0.failedLogins = 2 }
        router.network.clientAddress = Self.joe
        for _ in 0..<2 { #expect(try outcome(login(router, Self.wrong)) == 3) }
        let wrong = try login(router, Self.wrong)
        let right = try login(router, Self.right)
        #expect(try outcome(wrong) == nil && outcome(right) == nil)
        router.network.clientAddress = Self.ann
        #expect(try outcome(login(router, Self.right)) == 2)
        #expect(try outcome(login(router, Self.wrong)) == 3)
        router.pass(Self.second - 1)
        #expect(try outcome(wrong) == nil && outcome(right) == nil)
        router.pass(1 + TimerWheel.granularity)
        #expect(try outcome(wrong) == 3 && outcome(right) == nil)
        router.pass(Self.second)
        #expect(try outcome(right) == 2)
        // It has succeeded.
        router.network.clientAddress = Self.joe
        #expect(try outcome(login(router, Self.wrong)) == 3)
    }

    @Test("a second answer while the first one waits is no second try")
    func twice() throws {
        let router = try router(Self.ticket) { $0.failedLogins = 1 }
        #expect(try outcome(login(router, Self.wrong)) == 3)
        let peer = try login(router, Self.wrong)
        #expect(try outcome(peer) == nil)
        peer.send(Self.right)
        #expect(try outcome(peer) == 3)
        router.pass(10 * Self.second)
        #expect(try outcome(peer) == nil)
    }

    @Test("one that leaves while its answer waits leaves nothing behind")
    func gone() throws {
        let router = try router(Self.ticket) { $0.failedLogins = 1 }
        let failed = try login(router, Self.wrong)
        #expect(try outcome(failed) == 3)
        failed.leave()
        let peer = try login(router, Self.right)
        #expect(try outcome(peer) == nil)
        peer.leave()
        router.pass(100 * Self.second)
        #expect(router.occupiedTables == [])
    }

    @Test("who would have to wait for longer than a minute is refused at once, and told why")
    func tooMany() throws {
        let router = try router(Self.ticket) { $0.failedLogins = 1 }
        for _ in 0..<7 {
            let peer = try login(router, Self.wrong)
            router.pass(61 * Self.second)
            #expect(try outcome(peer) == 3)
            peer.leave()
        }
        #expect(try outcome(login(router, Self.wrong)) == 3)
        let waiting = try login(router, Self.right)
        #expect(try outcome(waiting) == nil)
        let late = try login(router, Self.right)
        #expect(
            try late.messages() == [
                [
                    3, ["message": "too many logins from this address have failed; try again later"],
                    "wamp.error.authentication_failed",
                ]
            ])
        router.pass(61 * Self.second)
        #expect(try outcome(waiting) == 2)
    }

    // MARK: Front ends

    private func forwarded(_ addresses: String) -> String { "X-Forwarded-For: \(addresses)\r\n" }

    /// Whether a connection by way of the peer's address is let in.
    private func isLetIn(_ router: SimulatedRouter, _ fields: String) throws -> Bool {
        let peer = try router.connected()
        guard !peer.isGone() else { return false }
        peer.request(fields)
        return !peer.isGone()
    }

    @Test("behind a front end it is its client's address that counts, and without one nothing is counted")
    func frontEnd() throws {
        let router = try router(proxies: ["10.0.0.0/8", "2001:db8::1"]) { $0.connections = 1 }
        router.network.clientAddress = Self.proxy
        let first = try router.peer(fields: forwarded("192.0.2.1"))
        #expect(try !isLetIn(router, forwarded("192.0.2.1")))
        #expect(try !isLetIn(router, forwarded("8.8.8.8, 192.0.2.1, 10.9.9.9")))
        #expect(try isLetIn(router, forwarded("192.0.2.2")))
        #expect(try isLetIn(router, forwarded("2001:db9::1")) && !isLetIn(router, forwarded("2001:db9::2")))
        for _ in 0..<3 { #expect(try isLetIn(router, "")) }
        #expect(try isLetIn(router, forwarded("nonsense")))
        let malformed = router.loop.counters.value.malformedForwards
        #expect(malformed == 1 && refused(router) == 3)
        router.network.clientAddress = .v6(high: 0x2001_0db8_0000_0000, low: 1, scope: 0, port: 1)
        #expect(try !isLetIn(router, forwarded("192.0.2.2")))
        first.leave()
        #expect(try isLetIn(router, forwarded("192.0.2.1")))
        // The client itself, past all front ends.
        router.network.clientAddress = Self.joe
        #expect(try !isLetIn(router, ""))
    }

    @Test("what somebody who is no front end says of others is nothing")
    func spoofed() throws {
        let router = try router(proxies: ["10.0.0.0/8"]) { $0.connections = 1 }
        router.network.clientAddress = Self.joe
        #expect(try isLetIn(router, forwarded("192.0.2.2")))
        #expect(try !isLetIn(router, forwarded("192.0.2.3")))
        router.network.clientAddress = Self.ann
        #expect(try isLetIn(router, forwarded("nonsense")))
        let malformed = router.loop.counters.value.malformedForwards
        #expect(malformed == 0)
    }

    @Test("failed logins behind a front end are those of its client")
    func loginsBehind() throws {
        let router = try router(Self.ticket, proxies: ["10.0.0.1"]) { $0.failedLogins = 1 }
        router.network.clientAddress = Self.proxy
        #expect(try outcome(login(router, Self.wrong, fields: forwarded("192.0.2.1"))) == 3)
        #expect(try outcome(login(router, Self.right, fields: forwarded("192.0.2.1"))) == nil)
        #expect(try outcome(login(router, Self.right, fields: forwarded("192.0.2.2"))) == 2)
        #expect(try outcome(login(router, Self.wrong)) == 3)
        #expect(try outcome(login(router, Self.right)) == 2)
    }
}
