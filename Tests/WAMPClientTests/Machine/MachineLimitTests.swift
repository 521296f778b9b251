import RennbahnWAMP
import Testing

@testable import WAMPClient

/// A router that has said how long messages may be, as over RawSocket.
@Suite struct MachineLimitTests {
    private static let tooLarge = WAMPError.application(
        "wamp.error.payload_size_exceeded", arguments: ["the router takes messages of up to 512 octets"])

    private func machine() -> Machine {
        var machine = Machine.established()
        machine.session.routerLimit = 512
        return machine
    }

    @Test func `What is longer fails at once, is not sent, and its id is used again`() {
        var machine = machine()
        let long = String(repeating: "a", count: 600)
        let values = WAMPPayload(arguments: [.string(long)])
        let requests: [ClientRequest] = [
            .publish(topic: "a.b", values, acknowledge: true, excludeMe: true),
            .publish(topic: "a.b", values, acknowledge: false, excludeMe: true),
            .call(procedure: "a.b", values, timeout: 5),
            .subscribe(topic: long), .register(procedure: long),
        ]
        for request in requests {
            let (ticket, effects) = machine.request(request)
            #expect(effects == [.complete(ticket, .failure(MachineLimitTests.tooLarge))])
        }
        #expect(machine.session.pending.isEmpty)
        let (_, effects) = machine.request(.subscribe(topic: "a.b"))
        #expect(effects == [.sent(#"[32,1,{},"a.b"]"#)])
    }

    @Test func `What fits to the octet is sent`() {
        var machine = machine()
        let envelope = #"[16,1,{},"a.b",[""]]"#.utf8.count
        for (length, isSent) in [(512 - envelope, true), (513 - envelope, false)] {
            let text = String(repeating: "a", count: length)
            let (_, effects) = machine.request(
                .publish(topic: "a.b", WAMPPayload(arguments: [.string(text)]), acknowledge: false, excludeMe: true))
            #expect((effects.first == .sent("[16,1,{},\"a.b\",[\"\(text)\"]]")) == isSent)
        }
    }

    @Test func `A result or an error that is longer is an error that says so`() {
        let long = WAMPData.string(String(repeating: "a", count: 600))
        for answer: Result<WAMPPayload, WAMPError> in [
            .success(WAMPPayload(arguments: [long])), .failure(.application("a.b", arguments: [long])),
        ] {
            var machine = machine()
            _ = machine.register()
            _ = machine.receive("[68,5,8,{}]")
            #expect(
                machine.step { $0.answer(5, answer, into: &$1) } == [
                    .sent(
                        #"[8,68,5,{},"wamp.error.payload_size_exceeded",["the router takes messages of up to 512 octets"]]"#
                    )
                ])
        }
    }
}
