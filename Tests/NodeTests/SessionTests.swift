import RennbahnBytes
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import Testing

/// Sessions that begin, break rules and end.
@Suite(.serialized)
struct SessionTests {
    private func unjoined(_ arena: Arena, _ serializer: Serializer = .json) throws -> Client {
        let client = try arena.crowd(serializer).connect(to: arena.node.address)
        try arena.until { client.isOpen }
        return client
    }

    @Test("WELCOME tells session, realm, roles and authentication; GOODBYE is answered", arguments: [1, 2])
    func welcome(shards: Int) throws {
        let arena = try Arena(shards: shards)
        let client = try unjoined(arena)
        client.hello("realm1")
        try arena.until { client.heard(.welcome).count == 1 }
        let welcome = client.inbox[0]
        #expect((1...1 << 53).contains(welcome[1]?.integerValue ?? 0))
        #expect(welcome[2]?["realm"] == "realm1" && welcome[2]?["authmethod"] == "anonymous")
        let roles = welcome[2]?["roles"]
        #expect(roles?["broker"]?["features"]?["pattern_based_subscription"] == true)
        #expect(roles?["dealer"]?["features"]?["pattern_based_registration"] == true)
        client.send([6, [:], "wamp.close.close_realm"])
        try arena.until { client.heard(.goodbye).count == 1 }
        #expect(client.heard(.goodbye)[0][2] == "wamp.close.goodbye_and_out")
        // The connection may carry another session.
        client.hello("realm1")
        try arena.until { client.heard(.welcome).count == 2 }
        #expect(client.heard(.welcome)[1][1] != welcome[1])
    }

    /// What is compressed refers to letters of WELCOME, so that counts of octets depend on them.
    @Test("with fixed ids a session is told the same in every run, and two sessions not the same; else chance decides")
    func fixedIDs() throws {
        func welcomes(areFixed: Bool) throws -> [WAMPValue] {
            let arena = try Arena(hasFixedIDs: areFixed)
            return try (0..<2).map { _ in
                let client = try unjoined(arena)
                client.hello("realm1")
                try arena.until { client.heard(.welcome).count == 1 }
                return client.inbox[0]
            }
        }
        let fixed = try welcomes(areFixed: true)
        #expect(try welcomes(areFixed: true) == fixed)
        #expect(fixed[0][1] != fixed[1][1] && fixed[0][2]?["authid"] != fixed[1][2]?["authid"])
        #expect(fixed[0][2]?["authid"] != nil)
        let others = try welcomes(areFixed: false)
        #expect(others[0][1] != fixed[0][1] && others[0][2]?["authid"] != fixed[0][2]?["authid"])
    }

    @Test("HELLO for a realm that does not exist is aborted with no_such_realm", arguments: Serializer.allCases)
    func unknownRealm(serializer: Serializer) throws {
        let arena = try Arena(shards: 2)
        let client = try unjoined(arena, serializer)
        client.hello("nowhere")
        try arena.until { client.end != nil }
        #expect(client.heard(.abort).count == 1 && client.inbox[0][2] == "wamp.error.no_such_realm")
        #expect(client.end == .closed(code: 1000))
    }

    @Test(
        "a broken rule of WAMP is ABORT protocol_violation and the end of the connection",
        arguments: [
            #"[1,"realm1",{"roles":{"caller":{}}}]"#, #"[32,1,{},"#, "{}", "[]", "[99]", #"[32,1,{}]"#,
            #"[32,0,{},"com.a"]"#, #"[36,1,2,{}]"#, #"[2,1,{}]"#, #"[32,1,{"match":7},"com.a"]"#, "[32,1,{},\"\\x\"]",
            "[16,1,{},\"com.a\",[1]] ]", #"[8,48,1,{},"com.error"]"#, #"[5,"",{}]"#, "",
        ])
    func violation(text: String) throws {
        let arena = try Arena(shards: 2)
        let crowd = try arena.crowd(.json)
        let clients = try arena.join(crowd, 2)
        clients[0].sendText(text)
        clients[0].sendText(#"[32,5,{},"com.after"]"#)
        try arena.until { clients[0].end != nil }
        #expect(clients[0].inbox.count == 1)
        #expect(clients[0].inbox.first?[0] == 3 && clients[0].inbox.first?[2] == "wamp.error.protocol_violation")
        #expect(clients[0].end == .closed(code: 1002))
        try arena.subscribe([clients[1]], "com.example.others.stay")
    }

    /// What its end brings others stands between its ABORT and its close.
    @Test(
        "who has a registration, a call and an unanswered invocation breaks a rule: 1002 all the same",
        arguments: [1, 2])
    func violationOfTheBusy(shards: Int) throws {
        let arena = try Arena(shards: shards)
        let clients = try arena.join(try arena.crowd(.json), 4)
        clients[0].send([64, 1, [:], "com.example.first"])
        clients[1].send([64, 1, [:], "com.example.second"])
        try arena.until { clients[0].heard(.registered).count == 1 && clients[1].heard(.registered).count == 1 }
        clients[2].send([48, 1, [:], "com.example.first"])
        clients[0].send([48, 2, [:], "com.example.second"])
        clients[0].send([32, 3, [:], "com.example.topic"])
        try arena.until {
            clients[0].heard(.invocation).count == 1 && clients[1].heard(.invocation).count == 1
                && clients[0].heard(.subscribed).count == 1
        }
        clients[0].sendText("[99]")
        try arena.until { clients[0].end != nil && clients[2].heard(.error).count == 1 }
        #expect(clients[0].heard(.abort).map { $0[2] } == ["wamp.error.protocol_violation"])
        #expect(clients[0].end == .closed(code: 1002))
    }

    @Test("deep nesting is a violation, not the end of the router")
    func deepNesting() throws {
        let arena = try Arena()
        let json = try arena.join(try arena.crowd(.json))[0]
        let msgpack = try arena.join(try arena.crowd(.msgpack))[0]
        json.sendText("[16,1,{},\"com.a\"," + String(repeating: "[", count: 100_000))
        msgpack.sendBytes([0x95, 16, 1, 0x80, 0xa1, 0x61] + [UInt8](repeating: 0x91, count: 100_000))
        try arena.until { json.end != nil && msgpack.end != nil }
        #expect(json.inbox.first?[2] == "wamp.error.protocol_violation")
        #expect(msgpack.inbox.first?[2] == "wamp.error.protocol_violation")
    }

    @Test("a message before HELLO, and HELLO before it was answered, are violations")
    func beforeWelcome() throws {
        let arena = try Arena()
        let client = try unjoined(arena)
        client.sendText(#"[32,1,{},"com.a"]"#)
        try arena.until { client.end != nil }
        #expect(client.inbox.first?[2] == "wamp.error.protocol_violation")
        let rolesMissing = try unjoined(arena)
        rolesMissing.sendText(#"[1,"realm1",{}]"#)
        try arena.until { rolesMissing.end != nil }
        #expect(rolesMissing.inbox.first?[2] == "wamp.error.protocol_violation")
    }

    @Test("JSON that is not UTF-8 fails the connection with 1007", arguments: [false, true])
    func invalidUTF8(compressed: Bool) throws {
        let arena = try Arena()
        let crowd = try arena.crowd(.json, deflate: compressed ? DeflatePolicy() : nil)
        let client = try arena.join(crowd)[0]
        client.sendBytes(Array(#"[16,1,{},"com.a",["#.utf8) + [0x22, 0xc3, 0x28, 0x22] + Array("]]".utf8))
        try arena.until { client.end != nil }
        #expect(client.end == .closed(code: 1007) && client.inbox.isEmpty)
    }

    @Test("validate_utf8: broken text is told as such, with 1007; without it, it is no JSON, which is 1002")
    func validatesUTF8() throws {
        for isOn in [true, false] {
            var configuration = NodeConfiguration(service: .router(realms: ["realm1"]), listen: .loopback(port: 0))
            configuration.transports[0].profile.options.validatesUTF8 = isOn
            let arena = Arena(running: try Node(configuration))
            let crowd = try arena.crowd(.json)
            // In a text, and behind something that no JSON has.
            for start in [#"[16,1,{},"com.a",["#, "[16,1,}"] {
                let client = try arena.join(crowd)[0]
                client.sendBytes(Array(start.utf8) + [0x22, 0xc3, 0x28, 0x22] + Array("]]".utf8))
                try arena.until { client.end != nil }
                #expect(client.end == .closed(code: isOn ? 1007 : 1002))
                #expect(client.heard(.abort).map { $0[2] } == (isOn ? [] : ["wamp.error.protocol_violation"]))
            }
        }
    }

    @Test("a frame of the other type than the serializer's fails the connection with 1002")
    func frameType() throws {
        let arena = try Arena()
        let json = try arena.join(try arena.crowd(.json))[0]
        json.sendBytes(Array(#"[32,1,{},"com.a"]"#.utf8), .binary)
        let msgpack = try arena.join(try arena.crowd(.msgpack))[0]
        msgpack.sendBytes([0x94, 32, 1, 0x80, 0xa1, 0x61], .text)
        try arena.until { json.end != nil && msgpack.end != nil }
        #expect(json.end == .closed(code: 1002) && msgpack.end == .closed(code: 1002))
        #expect(json.inbox.isEmpty && msgpack.inbox.isEmpty)
    }

    @Test("a client that speaks no WAMP is refused with 400")
    func subprotocol() throws {
        let arena = try Arena(serializers: [.msgpack])
        let client = try arena.crowd(.json, subprotocols: ["wamp.2.json", "chat"]).connect(to: arena.node.address)
        try arena.until { client.end != nil }
        guard case .handshake(status: 400, reason: _, retryAfter: _)? = client.end else {
            Issue.record("ended with \(String(describing: client.end))")
            return
        }
        let other = try arena.crowd(.msgpack, subprotocols: ["wamp.2.json", "wamp.2.msgpack"])
        _ = try arena.join(other)
    }
}
