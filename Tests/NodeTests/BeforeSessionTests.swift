import RennbahnAuthentication
import RennbahnBytes
import RennbahnReactor
import RennbahnSimulationKit
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import Testing

/// What somebody who has not said yet who that is may ask of a router: messages of 64 KiB, and ten seconds. Time is handed in.
@Suite("Before a session")
struct BeforeSessionTests {
    private static let second = SimulatedRouter.second
    private static let limit = 64 * 1024

    /// A HELLO of so many octets.
    private static func hello(_ count: Int) -> String {
        let (head, tail) = (#"[1,"realm1",{"roles":{"caller":{}},"x":""#, #""}]"#)
        return head + String(repeating: "a", count: count - head.utf8.count - tail.utf8.count) + tail
    }

    private static func call(_ count: Int) -> String {
        #"[48,1,{},"com.nobody",["\#(String(repeating: "a", count: count))"]]"#
    }

    /// Everybody has to show a ticket.
    private static var ticket: Authenticator {
        var policy = AuthPolicy()
        policy.ticket = ["joe": AuthPolicy.Ticket(role: "anonymous", ticket: Secret("sesame"))]
        return Authenticator(policy)
    }

    private static let ticketHello = #"[1,"realm1",{"authmethods":["ticket"],"authid":"joe","roles":{"caller":{}}}]"#
    private static let answer = #"[5,"sesame",{}]"#

    @Test("HELLO has at most 64 KiB on the wire", arguments: [false, true])
    func wireLimit(rawSocket: Bool) throws {
        let router = try SimulatedRouter()
        #expect(try router.peer(rawSocket: rawSocket).ask(Self.hello(Self.limit))[0] == 2)
        let large = try router.peer(rawSocket: rawSocket)
        // The head tells: nothing of it need come.
        large.write(Array(large.frame(Self.hello(Self.limit + 1)).prefix(100)))
        #expect(try large.wasEnded(1009))
    }

    @Test("A HELLO of some kilobytes that inflates to megabytes is ended at 64 KiB, and who is there is answered")
    func inflatedLimit() throws {
        let router = try SimulatedRouter()
        let bystander = try router.joined()
        let profile = ConnectProfile(
            host: "localhost", path: "/", subprotocols: ["wamp.2.json"], deflate: DeflatePolicy())
        var limits = Limits()
        limits.maxConnections = 1
        let loop = try LinkLoop(limits: limits, connect: profile, kernel: Kernel(simulatedBy: router.network))
        let link = try loop.connect(to: router.address)
        let hello = Array(Self.hello(8 << 20).utf8)
        var end: LinkEnd?
        var message = OutgoingMessage()
        for _ in 0..<20 where end == nil {
            loop.flush()
            loop.wait(milliseconds: 0)
            while let event = loop.next() {
                switch event {
                case .opened:
                    message.begin(.text)
                    message.payload.append(hello.span)
                    _ = loop.send(&message, to: link)
                case .closed(_, let reason): end = reason
                case .message, .timer: Issue.record("an answer came")
                }
            }
            router.turn()
        }
        #expect(end == .closed(code: 1009))
        #expect(loop.counters.value.bytesOut < UInt64(Self.limit))
        // Nothing has been made of it: the buffer holds what it may, and somewhat to grow.
        #expect(router.loop.messageMemory <= 4 * Self.limit)
        #expect(try bystander.ask(Self.call(10))[0] == 8)
    }

    @Test(
        "The session that is open has the transport's own maximum, and when it has ended that is gone",
        arguments: [false, true])
    func ofSession(rawSocket: Bool) throws {
        let router = try SimulatedRouter()
        let peer = try router.joined(rawSocket: rawSocket)
        #expect(try peer.ask(Self.call(3 << 20))[0] == 8)
        #expect(try peer.ask(#"[6,{},"wamp.close.normal"]"#)[0] == 6)
        #expect(try peer.ask(RawSocketNodeTests.hello)[0] == 2)
        #expect(try peer.ask(Self.call(1 << 20))[0] == 8)
        #expect(try peer.ask(#"[6,{},"wamp.close.normal"]"#)[0] == 6)
        peer.write(Array(peer.frame(Self.hello(Self.limit + 1)).prefix(100)))
        #expect(try peer.wasEnded(1009))
    }

    @Test("Between CHALLENGE and AUTHENTICATE messages are small, too")
    func challenged() throws {
        let router = try SimulatedRouter(authenticator: Self.ticket)
        let peer = try router.peer()
        #expect(try peer.ask(Self.ticketHello)[0] == 4)
        peer.send(#"[5,"\#(String(repeating: "a", count: Self.limit))",{}]"#)
        #expect(try peer.wasEnded(1009))
        let good = try router.peer()
        #expect(try good.ask(Self.ticketHello)[0] == 4)
        #expect(try good.ask(Self.answer)[0] == 2)
        #expect(try good.ask(Self.call(1 << 20))[0] == 8)
    }

    @Test("A maximum of the transport that is smaller holds")
    func smallMaximum() throws {
        var limits = Limits()
        limits.maxMessageSize = 1000
        let router = try SimulatedRouter(limits)
        #expect(try router.joined().ask(Self.call(900))[0] == 8)
        let peer = try router.peer()
        peer.send(Self.hello(1001))
        #expect(try peer.wasEnded(1009))
    }

    @Test(
        "Who does not say HELLO in ten seconds is ended, whatever else comes; who has joined stays",
        arguments: [false, true])
    func silence(rawSocket: Bool) throws {
        let router = try SimulatedRouter()
        let bystander = try router.joined(rawSocket: rawSocket)
        let silent = try router.peer(rawSocket: rawSocket)
        let dripping = try router.peer(rawSocket: rawSocket)
        let hello = dripping.frame(Self.hello(1000))
        for second in 0..<9 {
            router.pass(Self.second)
            dripping.write([hello[second]])
        }
        router.pass(Self.second - 1)
        for peer in [silent, dripping] { #expect(try peer.wasEnded(1008) == false) }
        router.pass(1 + TimerWheel.granularity)
        for peer in [silent, dripping] { #expect(try peer.wasEnded(1008)) }
        router.pass(1000 * Self.second)
        #expect(try bystander.ask(Self.call(10))[0] == 8)
        // The bystander alone.
        #expect(router.loop.linkCount == 1)
    }

    @Test("Who has said GOODBYE and says no HELLO any more is ended, too")
    func afterGoodbye() throws {
        let router = try SimulatedRouter()
        let peer = try router.joined()
        router.pass(100 * Self.second)
        #expect(try peer.ask(#"[6,{},"wamp.close.normal"]"#)[0] == 6)
        router.pass(9 * Self.second)
        #expect(try peer.ask(RawSocketNodeTests.hello)[0] == 2)
        #expect(try peer.ask(#"[6,{},"wamp.close.normal"]"#)[0] == 6)
        router.pass(11 * Self.second)
        #expect(try peer.wasEnded(1008))
    }

    @Test("The time of an answer to CHALLENGE is one of its own, and ends with ABORT")
    func challengeTime() throws {
        let router = try SimulatedRouter(authenticator: Self.ticket)
        let slow = try router.peer()
        let silent = try router.peer()
        for peer in [slow, silent] { #expect(try peer.ask(Self.ticketHello)[0] == 4) }
        router.pass(29 * Self.second)
        #expect(try slow.ask(Self.answer)[0] == 2)
        router.pass(2 * Self.second)
        #expect(
            try silent.messages() == [
                [3, ["message": "the challenge was not answered in time"], "wamp.error.authentication_failed"]
            ])
        router.pass(100 * Self.second)
        #expect(try slow.ask(Self.call(10))[0] == 8)
    }

    @Test("HELLO that comes as its time ends is answered, and what begins with it has its own time")
    func justInTime() throws {
        let router = try SimulatedRouter()
        let peer = try router.peer()
        router.network.advance(10 * Self.second)
        #expect(try peer.ask(RawSocketNodeTests.hello)[0] == 2)
        let guarded = try SimulatedRouter(authenticator: Self.ticket)
        let challenged = try guarded.peer()
        guarded.network.advance(10 * Self.second)
        #expect(try challenged.ask(Self.ticketHello)[0] == 4)
        guarded.pass(Self.second)
        #expect(try challenged.ask(Self.answer)[0] == 2)
    }

    @Test("Without a time for HELLO it may come late")
    func noTime() throws {
        var limits = Limits()
        limits.helloTimeout = 0
        let router = try SimulatedRouter(limits)
        let peer = try router.peer()
        router.pass(1000 * Self.second)
        #expect(try peer.ask(RawSocketNodeTests.hello)[0] == 2)
    }
}
