import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload
import Testing

/// A run that fails names what began it, and not the end that it came to.
@Suite(.serialized)
struct LoadFirstCauseTests {
    private static let welcome = ScriptedServer.text(#"[2,1,{"roles":{"broker":{},"dealer":{}}}]"#)

    /// What a run of one visitor, whose session is all that there is, fails with.
    private func reason(_ script: ScriptedServer.Script, deflate: DeflatePolicy? = nil) throws -> String {
        let server = try ScriptedServer(script)
        defer { server.stop() }
        var configuration = LoadConfiguration(
            target: try LoadTarget(parsing: "ws://\(server.address)/"), workload: .short(.connect, clients: 1),
            serializer: .json)
        configuration.deflate = deflate
        guard case .connection(_, let reason, _, _)? = failure(of: configuration) else {
            return "no failure of a connection"
        }
        return "\(reason)"
    }

    @Test("an ABORT is told, whatever Close frame and reset follow it")
    func abort() throws {
        let abort = ScriptedServer.text(#"[3,{"message":"go away"},"wamp.error.not_authorized"]"#)
        let why = try reason(ScriptedServer.Script(answers: [abort + ScriptedServer.close(1002, "protocol")]))
        #expect(why == "ABORT wamp.error.not_authorized: go away")
    }

    @Test("a GOODBYE is told, whatever reset follows it")
    func goodbye() throws {
        let goodbye = ScriptedServer.text(#"[6,{},"wamp.close.system_shutdown"]"#)
        let why = try reason(ScriptedServer.Script(answers: [Self.welcome + goodbye]))
        #expect(why == "the server said GOODBYE wamp.close.system_shutdown")
    }

    @Test("a Close frame is told with its code and reason, whatever reset follows it")
    func close() throws {
        let why = try reason(ScriptedServer.Script(answers: [ScriptedServer.close(1008, "quota is used up")]))
        #expect(why == "closed with 1008: quota is used up")
    }

    @Test("a violation is told beside the failure that it did not cause, and is the worse of the two")
    func violationBefore() throws {
        let goodbye = ScriptedServer.text(#"[6,{},"wamp.close.system_shutdown"]"#)
        let server = try ScriptedServer(ScriptedServer.Script(answers: [Self.welcome + Self.welcome + goodbye]))
        defer { server.stop() }
        // The second visitor is never ready together with the first: the load does not begin.
        let configuration = LoadConfiguration(
            target: try LoadTarget(parsing: "ws://\(server.address)/"), workload: .short(.connect, clients: 2),
            serializer: .json)
        let found = failure(of: configuration)
        let failure = try #require(found)
        #expect("\(failure)".contains("the server said GOODBYE wamp.close.system_shutdown"))
        #expect("\(failure)".contains("; verification: WELCOME to a visitor: came twice"))
        #expect(failure.exitStatus == .verificationFailure && !failure.isConfiguration)
    }

    @Test("a message that is no WAMP is told in words")
    func violation() throws {
        let why = try reason(ScriptedServer.Script(answers: [ScriptedServer.text(#"[2,"one",{}]"#)]))
        #expect(why == "the server broke WAMP: WELCOME whose element 1 has the wrong type or range")
    }

    @Test("parameters of compression that were not offered are told in words")
    func deflate() throws {
        let fields = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=8\r\n"
        let why = try reason(
            ScriptedServer.Script(fields: fields, answers: []), deflate: DeflatePolicy())
        #expect(why.contains("permessage-deflate parameters contradict the offer: "))
        #expect(why.firstMatch(of: #/[a-z][A-Z]|\w+\(/#) == nil, "\(why)")
    }
}
