import Logging
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWAMP
import Testing

/// `debug: true` of a transport.
@Suite(.serialized)
struct TraceTests {
    @Test(
        "The messages of the transport are written without secrets, whatever the log's level; those of others are not")
    func messages() throws {
        let lines = LogLines()
        var configuration = NodeConfiguration(
            service: .router(realms: ["realm1"]),
            endpoints: [ListeningEndpoint(.loopback(port: 0)), ListeningEndpoint(.loopback(port: 0))])
        configuration.transports[1].isTraced = true
        configuration.logger = lines.logger()
        let arena = Arena(running: try Node(configuration))
        for (serializer, place) in [(Serializer.json, 0), (.msgpack, 1), (.json, 1)] {
            let client = try arena.crowd(serializer).connect(to: arena.node.endpoints[place].addresses[0])
            try arena.until { client.isOpen }
            client.send([1, "realm1", ["roles": ["caller": [:]], "authextra": ["nonce": "geheim"]]])
            try arena.until { client.heard(.welcome).count == 1 }
            client.send([48, 7, [:], .string("com.login\(place)"), [1], ["Password": "geheim", "user": "anna"]])
            try arena.until { client.heard(.error).count == 1 }
        }
        let written = lines.all
        #expect(!written.contains { $0.contains("geheim") || $0.contains("com.login0") })
        let call = #"< [48,7,{},"com.login1",[1],{"Password":"***","user":"anna"}]"#
        let calls = written.filter { $0.hasSuffix(call) }
        #expect(calls.count == 2 && calls.allSatisfy { $0.hasPrefix("debug transport002 0.") })
        #expect(written.filter { $0.contains(#"> [8,48,7,{},"wamp.error.no_such_procedure""#) }.count == 2)
        #expect(written.contains { $0.contains(#"< [1,"realm1",{"roles":{"caller":{}},"authextra":"***"}]"#) })
        #expect(written.contains { $0.contains(" < frame TEXT fin masked, ") })
        #expect(written.contains { $0.contains(" > frame BINARY fin, ") })
    }

    @Test("Cookies, credentials and the query are taken out of a handshake's head")
    func heads() {
        let head =
            "GET /ws?token=geheim HTTP/1.1\r\nHost: a\r\nCOOKIE: cbtid=geheim\r\nAuthorization: Basic geheim\r\n\r\n"
        #expect(
            TraceRedaction.head(head) == ["GET /ws?*** HTTP/1.1", "Host: a", "COOKIE: ***", "Authorization: ***"])
        #expect(
            TraceRedaction.head("HTTP/1.1 101 Why? Because\r\nSet-Cookie: cbtid=geheim\r\n\r\n")
                == ["HTTP/1.1 101 Why? Because", "Set-Cookie: ***"])
    }

    @Test("Of CHALLENGE and AUTHENTICATE nothing is left that proves anything")
    func proofs() {
        #expect(TraceRedaction.message([4, "wampcra", ["challenge": "x", "salt": "y"]]) == [4, "wampcra", "***"])
        #expect(TraceRedaction.message([5, "signature", ["a": 1]]) == [5, "***", "***"])
        #expect(
            TraceRedaction.message([2, 9, ["authextra": ["a": 1], "realm": "r"]]) == [
                2, 9, ["authextra": "***", "realm": "r"],
            ])
        #expect(
            TraceRedaction.message([16, 1, [:], "a", [["ticket": ["t"]]]]) == [16, 1, [:], "a", [["ticket": "***"]]])
    }
}
