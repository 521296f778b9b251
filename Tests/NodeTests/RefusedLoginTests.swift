import Logging
import RennbahnReactor
import RennbahnTransport
import RennbahnWAMP
import Testing

@testable import RennbahnRouterNode

/// What the log says of those that did not get in.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct RefusedLoginTests {
    /// The line that a peer leaves that sends these messages and hears ABORT to the last one.
    private func line(of messages: [String], challengeTimeout: UInt64? = nil) throws -> String {
        let lines = LogLines()
        var configuration = try AuthNodeTests.configuration(
            "{type: websocket, id: front, \(RawSocketNodeTests.endpoint), auth: {\(AuthNodeTests.ticket)}}")
        configuration.logger = lines.logger(level: .notice)
        if let challengeTimeout { configuration.limits.challengeTimeout = challengeTimeout }
        let node = try Node(configuration)
        defer {
            node.abandon()
            node.wait()
        }
        let peer = try RawPeer(node.address, .webSocket(path: "/", fields: ""))
        for message in messages { peer.send(message) }
        for _ in messages.dropFirst() { #expect(try peer.next()[0] == 4) }
        if challengeTimeout != nil { #expect(try peer.next()[0] == 4) }
        #expect(try peer.next()[0] == 3)
        try peer.expectEnd()
        #expect(lines.all.count == 1)
        return lines.all.first ?? ""
    }

    @Test func `A wrong ticket is told with transport, address and authid, and without the ticket`() throws {
        let line = try line(of: [AuthNodeTests.hello("ticket"), #"[5,"hunter2",{}]"#])
        #expect(line.hasPrefix("notice login refused: transport front, address 127.0.0.1:"))
        #expect(line.contains(#", authid "joe": wamp.error.not_authorized: "#))
        #expect(!line.contains("hunter2"))
    }

    @Test func `A HELLO that is refused at once is told, with or without an authid`() throws {
        #expect(try line(of: [AuthNodeTests.hello("wampcra")]).contains(#"authid "joe": wamp.error.no_auth_method: "#))
        #expect(
            try line(of: [AuthNodeTests.hello("ticket", "")]).contains("authid none: wamp.error.no_such_principal: "))
    }

    @Test func `A challenge that nobody answers is told`() throws {
        let line = try line(of: [AuthNodeTests.hello("ticket")], challengeTimeout: 50_000_000)
        #expect(
            line.contains(#"authid "joe": wamp.error.authentication_failed: the challenge was not answered in time"#))
    }

    @Test func `What a peer calls itself can neither begin a line nor fill the log`() throws {
        let hello = AuthNodeTests.hello(
            "ticket", #""authid":"j\n\u001b[2J\" x"# + String(repeating: "y", count: 900) + "\"")
        let line = try line(of: [hello, #"[5,"wrong",{}]"#])
        #expect(line.contains(#"authid "j\u{a}\u{1b}[2J\" xyyy"#) && line.count < 400)
        #expect(!line.contains("\n"))
    }

    @Test func `A few lines come at once, then one a second, and each says how many were left out before it`() {
        var rate = LineRate()
        func told(_ times: Int, at now: UInt64) -> [UInt64?] { (0..<times).map { _ in rate.admit(at: now) } }
        let burst = Int(LineRate.burst)
        let all = [UInt64?](repeating: 0, count: burst)
        let start: UInt64 = 5_000_000_000
        #expect(told(burst, at: start) == all)
        #expect(told(1000, at: start + LineRate.interval - 1).allSatisfy { $0 == nil })
        #expect(told(2, at: start + LineRate.interval) == [1000, nil])
        #expect(told(1, at: start + 2 * LineRate.interval) == [1])
        // A quiet time is worth one burst, however long it was.
        #expect(told(burst + 1, at: start + 1000 * LineRate.interval) == all + [nil])
        #expect(told(1, at: .max) == [1])
        #expect(rate.total == 2 * LineRate.burst + 1005)
    }

    @Test func `Names of transports and their services are in the order of the profiles`() {
        func transport(_ id: String) -> ListeningTransport {
            ListeningTransport(
                id: id, endpoint: ListeningEndpoint(.loopback(port: 0)), profile: AcceptProfile(subprotocols: [id]))
        }
        var all = [transport("front"), transport("back"), transport("side")]
        for index in [0, 2] {
            for name in ["ws", "/", "a"] {
                all[index].services[name] = ListeningTransport.Service(
                    profile: AcceptProfile(subprotocols: ["\(all[index].id).\(name)"]), isTraced: false)
            }
        }
        let profiles = ListeningTransport.profiles(of: all, shard: 0, LogLines().logger())
        #expect(profiles.map { $0.link.subprotocols[0] } == ListeningTransport.names(of: all))
        #expect(profiles.count == 9)
    }
}
