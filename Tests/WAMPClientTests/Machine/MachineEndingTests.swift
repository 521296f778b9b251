import RennbahnWAMP
import Testing

@testable import WAMPClient

struct MachineEndingTests {
    /// A machine with one of everything under way, and who waits: a publication, a call, a watcher.
    private func busy() -> (Machine, waiting: [Ticket], subscription: Ticket, registration: Ticket) {
        var machine = Machine.established()
        let subscription = machine.subscribe()
        let registration = machine.register(request: 2)
        _ = machine.receive("[68,1,8,{}]")
        let waiting = [
            machine.request(.publish(topic: "a", WAMPPayload(), acknowledge: true, excludeMe: true)).0,
            machine.request(.call(procedure: "a", WAMPPayload(), timeout: 1)).0, machine.request(.watch).0,
        ]
        return (machine, waiting, subscription, registration)
    }

    private func everything(
        _ waiting: [Ticket], _ error: WAMPError, subscription: (Ticket, WAMPError?), registration: Ticket
    ) -> [ClientEffect] {
        waiting.map { .failed($0, error) } + [
            .retire(subscription.0, subscription.1), .retire(registration, nil), .interrupt(1),
        ]
    }

    @Test func `Everything pending fails when the connection is lost`() {
        var (machine, waiting, subscription, registration) = busy()
        let lost = WAMPError(.connectionLost, message: "gone")
        #expect(
            machine.step { $0.disconnected(lost, into: &$1) }
                == everything(waiting, lost, subscription: (subscription, lost), registration: registration))
        #expect(machine.isEmpty)
        let (late, effects) = machine.request(.subscribe(topic: "a"))
        #expect(effects == [.failed(late, lost)])
    }

    @Test func `GOODBYE is answered, and everything pending fails with its reason`() {
        var (machine, waiting, subscription, registration) = busy()
        let error = WAMPError(.closed, uri: "wamp.close.system_shutdown", message: "bye")
        #expect(
            machine.receive(#"[6,{"message":"bye"},"wamp.close.system_shutdown"]"#)
                == [.sent(#"[6,{},"wamp.close.goodbye_and_out"]"#)]
                + everything(waiting, error, subscription: (subscription, error), registration: registration)
                + [.close(.normal)])
        #expect(machine.isEmpty)
        #expect(machine.session.end == error)
    }

    @Test(arguments: [
        #"[6,{},"wamp.close.system_shutdown"]"#, #"[3,{"message":"no"},"wamp.error.not_authorized"]"#, "[50,1000,{}]",
    ])
    func `How a session ends is the first that was said of it`(message: String) throws {
        var machine = Machine.established()
        _ = machine.receive(message)
        let first = try #require(machine.session.end)
        let effects =
            machine.receive(#"[3,{},"wamp.error.protocol_violation"]"#)
            + machine.step { $0.disconnected(WAMPError(.connectionLost, message: "reset"), into: &$1) }
        #expect(effects.isEmpty && machine.session.end == first && first.code != .connectionLost)
    }

    @Test func `ABORT ends the session without an answer`() {
        var (machine, waiting, subscription, registration) = busy()
        let error = WAMPError(.aborted, uri: "wamp.error.protocol_violation")
        #expect(
            machine.receive(#"[3,{},"wamp.error.protocol_violation"]"#)
                == everything(waiting, error, subscription: (subscription, error), registration: registration)
                + [.close(.normal)])
    }

    @Test func `Leaving says GOODBYE and waits for the router's, whatever else comes`() {
        var (machine, waiting, subscription, registration) = busy()
        #expect(
            machine.step { $0.leave(into: &$1) }
                == [.sent(#"[6,{},"wamp.close.close_realm"]"#)]
                + everything(
                    waiting, WAMPError(.closed), subscription: (subscription, nil), registration: registration)
                + [.startTimer(.closing, nanoseconds: 7)])
        #expect(machine.isEmpty)
        #expect(machine.step { $0.leave(into: &$1) } == [])
        #expect(machine.receive("[36,7,5,{}]") == [])
        #expect(machine.receive("[50,4,{}]") == [])
        #expect(machine.step { $0.answer(1, .success(WAMPPayload()), into: &$1) } == [])
        let (late, effects) = machine.request(.watch)
        #expect(effects == [.failed(late, WAMPError(.closed))])
        #expect(
            machine.receive(#"[6,{},"wamp.close.goodbye_and_out"]"#) == [.stopTimer(.closing), .close(.normal)])
        #expect(machine.session.end == WAMPError(.closed))
    }

    @Test func `A router that does not say GOODBYE is not waited for longer than the bound`() {
        var machine = Machine.established()
        _ = machine.step { $0.leave(into: &$1) }
        #expect(machine.step { $0.expired(.closing, into: &$1) } == [.close(.normal)])
        #expect(machine.step { $0.expired(.closing, into: &$1) } == [])
        #expect(machine.receive(#"[6,{},"wamp.close.goodbye_and_out"]"#) == [])
    }

    @Test func `A connection that ends while leaving is as good as GOODBYE`() {
        var machine = Machine.established()
        _ = machine.step { $0.leave(into: &$1) }
        #expect(machine.step { $0.disconnected(WAMPError(.connectionLost), into: &$1) } == [])
        #expect(machine.session.end == WAMPError(.closed))
    }

    @Test func `Leaving before there is a session just closes`() {
        var machine = Machine()
        _ = machine.connect()
        #expect(machine.step { $0.leave(into: &$1) } == [.failed(.join, WAMPError(.closed)), .close(.normal)])
    }

    @Test func `A canceled wait for the end is over`() {
        var machine = Machine.established()
        let (ticket, _) = machine.request(.watch)
        #expect(machine.step { $0.cancel(ticket, into: &$1) } == [.failed(ticket, WAMPError(.canceled))])
        #expect(machine.isEmpty)
    }

    // MARK: Violations

    @Test(arguments: [
        ("[2,99,{}]", "WELCOME or CHALLENGE in a session"),
        (#"[4,"ticket",{}]"#, "WELCOME or CHALLENGE in a session"),
        ("[17,1,1]", "an answer to a request that is not pending"),
        ("[33,1,1]", "an answer to a request that is not pending"),
        ("[35,1]", "an answer to a request that is not pending"),
        ("[50,1,{}]", "an answer to a request that is not pending"),
        ("[65,1,1]", "an answer to a request that is not pending"),
        ("[67,1]", "an answer to a request that is not pending"),
        (#"[8,48,1,{},"a.b"]"#, "an answer to a request that is not pending"),
        (#"[8,68,1,{},"a.b"]"#, "ERROR for a request that cannot fail"),
        (#"[1,"realm1",{"roles":{}}]"#, "a message that only clients may send"),
        (#"[16,1,{},"a"]"#, "a message that only clients may send"),
        ("[36,1,1]", "a message with too few or too many elements"),
        (#"[36,"1",1,{}]"#, "an element of the wrong type"),
        ("[36,0,1,{}]", "an element of the wrong type"),
        ("[]", "not a WAMP message"), ("{}", "not a WAMP message"), ("[999,1]", "a message of unknown type"),
        ("[50,1", "malformed JSON or MsgPack"), ("", "malformed JSON or MsgPack"),
        ("[50,1,{}] []", "malformed JSON or MsgPack"),
    ])
    func `What a router must not say ends the session with 1002`(message: String, why: String) {
        var machine = Machine.established()
        #expect(machine.receive(message) == violation(why))
        #expect(machine.session.end == WAMPError(.protocolViolation, message: why))
        #expect(machine.receive(message) == [])
    }

    @Test func `An answer of another kind than the request is a violation`() {
        var machine = Machine.established()
        let (ticket, _) = machine.request(.subscribe(topic: "a"))
        let error = WAMPError(.protocolViolation, message: "an answer to a request that is not pending")
        var expected = violation("an answer to a request that is not pending")
        expected.insert(.failed(ticket, error), at: 1)
        #expect(machine.receive("[65,1,7]") == expected)
    }

    @Test func `A number that means two things is a violation`() {
        var machine = Machine.established()
        _ = machine.subscribe("a.b", request: 1, id: 7)
        _ = machine.request(.subscribe(topic: "c.d"))
        #expect(machine.receive("[33,2,7]").first == violation("one subscription for two topics").first)

        machine = Machine.established()
        _ = machine.register("a.b", request: 1, id: 7)
        _ = machine.request(.register(procedure: "c.d"))
        #expect(machine.receive("[65,2,7]").first == violation("one registration for two requests").first)

        machine = Machine.established()
        _ = machine.register()
        _ = machine.receive("[68,1,8,{}]")
        #expect(
            machine.receive("[68,1,8,{}]").first
                == violation("INVOCATION with the id of one that is not answered").first)
    }

    @Test func `A frame of the wrong kind is a violation`() {
        var machine = Machine.established()
        #expect(
            machine.receive("[50,1,{}]", isBinary: true)
                == violation("a frame of the wrong kind for the serializer"))
    }

    @Test
    func `Text that is not UTF-8 closes with 1007, whatever else is wrong with it; as bad JSON without validate_utf8`()
    {
        for (start, without) in [
            ("[50,1,{},[\"", "a text is not UTF-8"), ("[50,1,}", "an element of the wrong type"),
        ] as [(String, String)] {
            let bytes: [UInt8] = Array(start.utf8) + [0xff] + Array("\"]]".utf8)
            var machine = Machine.established()
            #expect(
                machine.step { $0.receive(bytes.span, isBinary: false, into: &$1) }
                    == violation("a text is not UTF-8", .invalidPayload))
            machine = Machine.established(validatesUTF8: false)
            #expect(
                machine.step { $0.receive(bytes.span, isBinary: false, into: &$1) }
                    == violation(without))
        }
    }
}
