import RennbahnWAMP
import Testing

@testable import WAMPClient

struct MachineOpeningTests {
    @Test func `HELLO announces the roles and the features that are used`() {
        var machine = Machine(agent: "tester")
        let canceling = #"{"features":{"call_canceling":true}}"#
        #expect(
            machine.connect() == [
                .sent(
                    #"[1,"realm1",{"roles":{"publisher":{"features":{"publisher_exclusion":true}},"subscriber":{},"#
                        + #""caller":\#(canceling),"callee":\#(canceling)},"agent":"tester"}]"#)
            ])
    }

    @Test func `Opening is bounded by a timer, which WELCOME stops`() {
        var machine = Machine()
        #expect(machine.step { $0.start(into: &$1) } == [.startTimer(.opening, nanoseconds: 5)])
        _ = machine.connect()
        #expect(
            machine.receive("[2,99,{}]") == [
                .stopTimer(.opening), .complete(.join, .success(.joined(session: 99))),
            ])
        #expect(machine.session.phase == .established(session: 99))
        #expect(machine.step { $0.expired(.opening, into: &$1) } == [])
    }

    @Test(arguments: [false, true])
    func `No session in time is a time-out`(isConnected: Bool) {
        var machine = Machine()
        if isConnected { _ = machine.connect() }
        let error = WAMPError(.timedOut, message: "no session in time")
        #expect(machine.step { $0.expired(.opening, into: &$1) } == [.failed(.join, error), .close(.normal)])
        #expect(machine.session.end == error)
    }

    @Test func `ABORT is told with its reason and message`() {
        var machine = Machine()
        _ = machine.connect()
        #expect(
            machine.receive(#"[3,{"message":"no \"such\" realm"},"wamp.error.no_such_realm"]"#) == [
                .failed(
                    .join, WAMPError(.aborted, uri: "wamp.error.no_such_realm", message: #"no "such" realm"#)),
                .close(.normal),
            ])
    }

    @Test func `A router that asks for authentication is refused by name`() {
        var machine = Machine()
        _ = machine.connect()
        let effects = machine.receive(#"[4,"ticket",{}]"#)
        #expect(
            effects.first
                == .sent(#"[3,{"message":"this client is anonymous"},"wamp.error.no_matching_auth_method"]"#))
        guard case .complete(.join, .failure(let error)) = effects[1] else {
            Issue.record("got \(effects)")
            return
        }
        #expect(error.code == .aborted)
        #expect(error.message.contains("ticket"))
        #expect(effects.last == .close(.normal))
    }

    @Test(arguments: [
        #"[6,{},"wamp.close.normal"]"#, "[33,1,1]", "[36,1,1,{}]", "[50,1,{}]", "[68,1,1,{}]", "[69,1,{}]",
        #"[8,48,1,{},"a.b"]"#, "[17,1,1]", "[35,1]", "[65,1,1]", "[67,1]",
    ])
    func `Nothing but WELCOME, ABORT and CHALLENGE answers HELLO`(message: String) {
        var machine = Machine()
        _ = machine.connect()
        let effects = machine.receive(message)
        #expect(effects.first == violation("a message before WELCOME").first)
        #expect(
            effects.contains(
                .failed(.join, WAMPError(.protocolViolation, message: "a message before WELCOME"))))
        #expect(effects.last == .close(.protocolError))
    }

    @Test func `A canceled connect ends the connection`() {
        var machine = Machine()
        _ = machine.connect()
        #expect(
            machine.step { $0.cancel(.join, into: &$1) } == [.failed(.join, WAMPError(.canceled)), .close(.normal)])
        #expect(machine.receive("[2,99,{}]") == [])
    }

    @Test func `The end of the connection is told with its reason`() {
        var machine = Machine()
        let refused = WAMPError(.connectionRefused, message: "connect")
        #expect(machine.step { $0.disconnected(refused, into: &$1) } == [.failed(.join, refused)])
        #expect(machine.step { $0.disconnected(WAMPError(.connectionLost), into: &$1) } == [])
        #expect(machine.session.end == refused)
    }
}
