import RennbahnWAMP
import Testing

@testable import WAMPClient

struct MachineCallingTests {
    @Test func `A call brings its result`() {
        var machine = Machine.established()
        let values = WAMPPayload(arguments: [.binary([1, 2])], keywords: [:])
        let (ticket, effects) = machine.request(.call(procedure: "a.b", values, timeout: 9))
        #expect(effects == [.sent(#"[48,1,{},"a.b",["\u0000AQI="]]"#), .startTimer(.call(1), nanoseconds: 9)])
        #expect(
            machine.receive(#"[50,1,{},["\u0000AQI="],{"n":null}]"#) == [
                .stopTimer(.call(1)),
                .complete(
                    ticket,
                    .success(.result(WAMPPayload(arguments: [.binary([1, 2])], keywords: ["n": .null])))),
            ])
        #expect(machine.isEmpty)
    }

    @Test func `A call that fails tells the error with its arguments`() {
        var machine = Machine.established()
        let (ticket, _) = machine.request(.call(procedure: "a.b", WAMPPayload(), timeout: nil))
        #expect(
            machine.receive(#"[8,48,1,{},"com.example.broken",[1],{"a":2}]"#) == [
                .stopTimer(.call(1)),
                .failed(ticket, .application("com.example.broken", arguments: [1], keywords: ["a": 2])),
            ])
    }

    @Test(arguments: ["[50,1,{}]", #"[8,48,1,{},"wamp.error.canceled"]"#])
    func `A canceled call fails at once and its answer is dropped`(answer: String) {
        var machine = Machine.established()
        let (ticket, _) = machine.request(.call(procedure: "a.b", WAMPPayload(), timeout: nil))
        #expect(
            machine.step { $0.cancel(ticket, into: &$1) } == [
                .stopTimer(.call(1)), .sent(#"[49,1,{"mode":"killnowait"}]"#), .failed(ticket, WAMPError(.canceled)),
            ])
        #expect(machine.step { $0.cancel(ticket, into: &$1) } == [])
        #expect(machine.receive(answer) == [])
        #expect(machine.isEmpty)
        #expect(machine.receive(answer) == violation("an answer to a request that is not pending"))
    }

    @Test func `A call that takes too long is canceled`() {
        var machine = Machine.established()
        let (ticket, _) = machine.request(.call(procedure: "a.b", WAMPPayload(), timeout: 9))
        #expect(
            machine.step { $0.expired(.call(1), into: &$1) } == [
                .stopTimer(.call(1)), .sent(#"[49,1,{"mode":"killnowait"}]"#),
                .failed(ticket, WAMPError(.timedOut, message: "no result in time")),
            ])
        #expect(machine.step { $0.expired(.call(1), into: &$1) } == [])
        #expect(machine.receive("[50,1,{}]") == [])
    }

    @Test func `A result that cannot be read fails its call alone`() {
        var machine = Machine.established()
        let (ticket, _) = machine.request(.call(procedure: "a.b", WAMPPayload(), timeout: nil))
        let effects = machine.receive(#"[50,1,{},["\u0000***"]]"#)
        guard case .complete(ticket, .failure(let error))? = effects.last else {
            Issue.record("got \(effects)")
            return
        }
        #expect(error.code == .unreadablePayload)
        #expect(machine.session.end == nil)
    }

    @Test func `Values without a form in JSON are the caller's mistake`() {
        var machine = Machine.established()
        var deep = WAMPData.list([])
        for _ in 0..<40 { deep = .list([deep]) }
        for value in [WAMPData.double(.nan), .double(.infinity), "\0text", ["\0key": 1], deep] {
            let (ticket, effects) = machine.request(
                .call(procedure: "a.b", WAMPPayload(arguments: [value]), timeout: nil))
            guard effects.count == 1, case .complete(ticket, .failure(let error)) = effects[0] else {
                Issue.record("got \(effects)")
                continue
            }
            #expect(error.code == .usage)
        }
        #expect(machine.isEmpty)
    }

    // MARK: Being called

    @Test func `An invocation is handled and answered once`() {
        var machine = Machine.established()
        let ticket = machine.register()
        let invocation = WAMPInvocation(procedure: "a.procedure", arguments: [1], keywords: ["a": 2])
        #expect(machine.receive(#"[68,3,8,{},[1],{"a":2}]"#) == [.invoke(3, invocation, of: ticket)])
        let result = Result<WAMPPayload, WAMPError>.success(WAMPPayload(arguments: ["yes"]))
        #expect(machine.step { $0.answer(3, result, into: &$1) } == [.sent(#"[70,3,{},["yes"]]"#)])
        #expect(machine.step { $0.answer(3, result, into: &$1) } == [])
    }

    @Test(arguments: [
        (WAMPError.application("a.b", arguments: [1], keywords: ["c": 2]), #""a.b",[1],{"c":2}]"#),
        (WAMPError.application("not a uri"), #""wamp.error.runtime_error",["ERROR not a uri"]]"#),
        (WAMPError.application("a.b", arguments: [.double(.nan)]), #""a.b"]"#),
        (WAMPError(.canceled), #""wamp.error.canceled",["canceled"]]"#),
        (WAMPError(.timedOut, message: "late"), #""wamp.error.runtime_error",["timed out: late"]]"#),
    ])
    func `An error of a handler becomes ERROR`(error: WAMPError, sent: String) {
        var machine = Machine.established()
        _ = machine.register()
        _ = machine.receive("[68,3,8,{}]")
        #expect(machine.step { $0.answer(3, .failure(error), into: &$1) } == [.sent("[8,68,3,{}," + sent)])
    }

    @Test func `A result without a form in the serializer becomes ERROR`() {
        var machine = Machine.established()
        _ = machine.register()
        _ = machine.receive("[68,3,8,{}]")
        let effects = machine.step { $0.answer(3, .success(WAMPPayload(arguments: [.double(.nan)])), into: &$1) }
        #expect(effects.first?.json?.hasPrefix(#"[8,68,3,{},"wamp.error.runtime_error","#) == true)
    }

    @Test func `Invocations above the limit and of no registration are refused`() {
        var machine = Machine.established(maxInvocations: 1)
        _ = machine.register()
        _ = machine.receive("[68,1,8,{}]")
        #expect(
            machine.receive("[68,2,8,{}]") == [.sent(#"[8,68,2,{},"wamp.error.unavailable",["the callee is busy"]]"#)])
        #expect(machine.receive("[68,3,1000,{}]") == [.sent(#"[8,68,3,{},"wamp.error.no_such_registration"]"#)])
        #expect(
            machine.receive(#"[68,4,8,{},["\u0000***"]]"#)
                == [.sent(#"[8,68,4,{},"wamp.error.unavailable",["the callee is busy"]]"#)])
    }

    @Test func `An invocation that cannot be read is refused without its handler`() {
        var machine = Machine.established()
        _ = machine.register()
        let effects = machine.receive(#"[68,4,8,{},["\u0000***"]]"#)
        #expect(effects.count == 1)
        #expect(effects.first?.json?.hasPrefix(#"[8,68,4,{},"wamp.error.invalid_argument","#) == true)
    }

    @Test func `INTERRUPT reaches the handler, and one that comes too late nobody`() {
        var machine = Machine.established()
        _ = machine.register()
        _ = machine.receive("[68,3,8,{}]")
        #expect(machine.receive(#"[69,3,{"mode":"killnowait"}]"#) == [.interrupt(3)])
        _ = machine.step { $0.answer(3, .success(WAMPPayload()), into: &$1) }
        #expect(machine.receive("[69,3,{}]") == [])
    }

    @Test func `The handler stays until UNREGISTERED`() {
        var machine = Machine.established()
        let ticket = machine.register()
        let (one, effects) = machine.request(.unregister(ticket))
        #expect(effects == [.sent("[66,2,8]")])
        #expect(machine.receive("[68,1,8,{}]").count == 1)
        #expect(machine.receive("[67,2]") == [.retire(ticket, nil), .done(one)])
        let (again, nothing) = machine.request(.unregister(ticket))
        #expect(nothing == [.done(again)])
    }

    @Test func `A canceled register is undone when it is answered`() {
        var machine = Machine.established()
        let (ticket, _) = machine.request(.register(procedure: "a.b"))
        #expect(machine.step { $0.cancel(ticket, into: &$1) } == [.failed(ticket, WAMPError(.canceled))])
        #expect(machine.receive("[65,1,8]") == [.sent("[66,2,8]")])
        #expect(machine.receive("[67,2]") == [])
        #expect(machine.isEmpty)
    }

    @Test func `A registration that the router revokes is forgotten`() {
        var machine = Machine.established()
        let ticket = machine.register()
        #expect(machine.receive(#"[67,0,{"registration":8}]"#) == [.retire(ticket, nil)])
        #expect(machine.receive("[67,0,{}]") == [])
        #expect(machine.isEmpty)
    }
}
