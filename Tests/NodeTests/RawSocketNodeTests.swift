import Foundation
import RennbahnConfiguration
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWAMP
import Testing

/// Routers whose configuration has RawSocket, universal transports and cookies.
@Suite(.serialized)
struct RawSocketNodeTests {
    static let hello = #"[1,"realm1",{"roles":{"caller":{},"callee":{},"publisher":{},"subscriber":{}}}]"#

    static func node(_ transports: String, folder: String = "", shards: Int = 1) throws -> Node {
        let tree = try TreeReader.read(
            """
            version: 2
            workers:
              - type: router
                realms: [{name: realm1, roles: [{name: anonymous, allow-by-default: true}]}]
                transports: \(transports)
            """)
        #expect(Checker.check(tree) == [])
        var configuration = try NodeConfiguration(
            tree, NodeConfiguration.Surroundings(folder: folder, version: "1") { _ in nil })
        configuration.shards = shards
        return try Node(configuration)
    }

    static let endpoint = "endpoint: {type: tcp, portrange: [21000, 29999], interface: 127.0.0.1}"

    @Test("One port: RawSocket and two WebSocket services hear each other", arguments: [1, 2])
    func universal(shards: Int) throws {
        let node = try Self.node(
            """
            [{type: universal, \(Self.endpoint), rawsocket: {serializers: [json]},
              websocket: {ws: {type: websocket}, "/": {serializers: [json]}}}]
            """, shards: shards)
        defer {
            node.abandon()
            node.wait()
        }
        #expect(node.endpoints[0].addresses.count == shards)
        let peers = [
            try RawPeer(node.address, .rawSocket), try RawPeer(node.address, .webSocket(path: "/ws", fields: "")),
            try RawPeer(node.address, .webSocket(path: "/", fields: "")),
        ]
        for peer in peers {
            #expect(try peer.ask(Self.hello)[0] == 2)
            #expect(try peer.ask(#"[32,1,{},"com.topic"]"#)[0] == 33)
        }
        for (number, peer) in peers.enumerated() {
            peer.send(#"[16,2,{"exclude_me":false},"com.topic",[\#(number)]]"#)
            for other in peers { #expect(try other.next()[4] == [WAMPValue(UInt64(number))]) }
        }
        #expect(try peers[0].ask(#"[6,{},"wamp.close.normal"]"#)[0] == 6)
    }

    @Test("What is too large for a RawSocket client: events are left out, calls and results end in an error")
    func tooLarge() throws {
        let node = try Self.node("[{type: rawsocket, \(Self.endpoint)}]")
        defer {
            node.abandon()
            node.wait()
        }
        let large = try RawPeer(node.address, .rawSocket)
        let small = try RawPeer(node.address, .rawSocket, limit: 0)
        for peer in [large, small] {
            #expect(try peer.ask(Self.hello)[0] == 2)
            #expect(try peer.ask(#"[32,1,{},"com.topic"]"#)[0] == 33)
        }
        let text = String(repeating: "x", count: 600)
        for recipients in [#"{"exclude_me":false,"acknowledge":true}"#, #"{"acknowledge":true}"#] {
            large.send(#"[16,2,\#(recipients),"com.topic",["\#(text)"]]"#)
            // PUBLISHED, and its own EVENT.
            for _ in 0..<(recipients.contains("exclude_me") ? 2 : 1) {
                #expect(try [17, 36].contains(large.next()[0]))
            }
        }
        #expect(try large.ask(#"[16,3,{"exclude_me":false},"com.topic",["short"]]"#)[4] == ["short"])
        #expect(try small.next()[4] == ["short"])
        // An INVOCATION that the callee does not take, a RESULT that the caller does not take.
        #expect(try small.ask(#"[64,2,{},"com.small"]"#)[0] == 65)
        #expect(try large.ask(#"[64,4,{},"com.large"]"#)[0] == 65)
        let refused = try large.ask(#"[48,5,{},"com.small",["\#(text)"]]"#)
        #expect(refused[0] == 8 && refused[4] == "wamp.error.payload_size_exceeded")
        small.send(#"[48,3,{},"com.large"]"#)
        let invocation = try large.next()
        #expect(invocation[0] == 68)
        large.send(#"[70,\#(try #require(invocation[1]?.integerValue)),{},["\#(text)"]]"#)
        let failed = try small.next()
        #expect(failed[0] == 8 && failed[2] == 3 && failed[4] == "wamp.error.payload_size_exceeded")
        small.send(#"[48,4,{},"com.large"]"#)
        large.send(#"[70,\#(try #require(try large.next()[1]?.integerValue)),{},["y"]]"#)
        #expect(try small.next()[3] == ["y"])
    }

    @Test("max_message_size is announced as a power of two, and a larger message ends the connection")
    func limits() throws {
        let node = try Self.node("[{type: rawsocket, \(Self.endpoint), options: {max_message_size: 100000}}]")
        defer {
            node.abandon()
            node.wait()
        }
        let large = try RawPeer(node.address, .rawSocket)
        #expect(large.limit == 65_536)
        #expect(try large.ask(Self.hello)[0] == 2)
        large.send(#"[16,1,{},"com.topic",["\#(String(repeating: "x", count: 66_000))"]]"#)
        try large.expectEnd()
        let wrong = try RawPeer(node.address, .rawSocket)
        #expect(try wrong.ask("nonsense")[0] == 3)
        try wrong.expectEnd()
    }
}
