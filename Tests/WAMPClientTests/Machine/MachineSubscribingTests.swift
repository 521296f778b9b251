import RennbahnWAMP
import Testing

@testable import WAMPClient

struct MachineSubscribingTests {
    @Test func `Request ids count from 1 over all kinds of requests`() {
        var machine = Machine.established()
        let sent = [
            ClientRequest.subscribe(topic: "a.b"),
            .publish(topic: "a.b", WAMPPayload(), acknowledge: false, excludeMe: true), .register(procedure: "c.d"),
            .call(procedure: "c.d", WAMPPayload(), timeout: nil),
            .publish(topic: "a.b", WAMPPayload(), acknowledge: true, excludeMe: false),
        ].flatMap { machine.request($0).1.compactMap(\.json) }
        #expect(
            sent == [
                #"[32,1,{},"a.b"]"#, #"[16,2,{},"a.b"]"#, #"[64,3,{},"c.d"]"#, #"[48,4,{},"c.d"]"#,
                #"[16,5,{"acknowledge":true,"exclude_me":false},"a.b"]"#,
            ])
    }

    @Test func `Ids start over behind the largest`() {
        var table = PendingTable()
        #expect(table.takeID() == 1)
        #expect(table.takeID() == 2)
        var wrapped = PendingTable(lastID: RequestID(1 << 53))
        #expect(wrapped.takeID() == 1)
    }

    @Test(arguments: ["", "a..b", "a b", ".a", "a.", "a#b"])
    func `A topic or procedure that is no URI is not sent`(uri: String) {
        var machine = Machine.established()
        for request in [
            ClientRequest.subscribe(topic: uri), .register(procedure: uri),
            .publish(topic: uri, WAMPPayload(), acknowledge: true, excludeMe: true),
            .call(procedure: uri, WAMPPayload(), timeout: 1),
        ] {
            let (ticket, effects) = machine.request(request)
            guard effects.count == 1, case .complete(ticket, .failure(let error)) = effects[0] else {
                Issue.record("got \(effects)")
                continue
            }
            #expect(error.code == .invalidURI)
            #expect(error.uri == uri)
        }
        #expect(machine.isEmpty)
    }

    @Test func `Publishing without acknowledgement is done when it is sent`() {
        var machine = Machine.established()
        let values = WAMPPayload(arguments: [1, "x"], keywords: ["k": [true, nil]])
        let (ticket, effects) = machine.request(
            .publish(topic: "a", values, acknowledge: false, excludeMe: true))
        #expect(effects == [.sent(#"[16,1,{},"a",[1,"x"],{"k":[true,null]}]"#), .done(ticket)])
        #expect(machine.isEmpty)
    }

    @Test func `An acknowledged publication waits for PUBLISHED or ERROR`() {
        var machine = Machine.established()
        let request = ClientRequest.publish(topic: "a", WAMPPayload(), acknowledge: true, excludeMe: true)
        let (first, _) = machine.request(request)
        let (second, _) = machine.request(request)
        #expect(
            machine.receive(#"[8,16,2,{},"wamp.error.not_authorized",["no"],{"why":1}]"#) == [
                .failed(
                    second,
                    .application("wamp.error.not_authorized", arguments: ["no"], keywords: ["why": 1]))
            ])
        #expect(machine.receive("[17,1,1234]") == [.done(first)])
        #expect(machine.isEmpty)
    }

    @Test func `Events go to every subscription of their topic`() {
        var machine = Machine.established()
        let first = machine.subscribe()
        let second = machine.subscribe(request: 2)
        let event = WAMPEvent(topic: "a.topic", publication: 5, arguments: [1.5], keywords: ["a": "b"])
        #expect(
            machine.receive(#"[36,7,5,{},[1.5],{"a":"b"}]"#) == [
                .deliver(event, to: first), .deliver(event, to: second),
            ])
        #expect(machine.receive("[36,1000,5,{}]") == [])
    }

    @Test func `UNSUBSCRIBE is sent when the last subscription of a topic ends`() {
        var machine = Machine.established()
        let first = machine.subscribe()
        let second = machine.subscribe(request: 2)
        let (one, early) = machine.request(.unsubscribe(first))
        #expect(early == [.retire(first, nil), .done(one)])
        let (two, late) = machine.request(.unsubscribe(second))
        #expect(late == [.retire(second, nil), .sent("[34,3,7]")])
        #expect(machine.receive("[36,7,5,{}]") == [])
        #expect(machine.receive("[35,3]") == [.done(two)])
        #expect(machine.isEmpty)
        let (again, nothing) = machine.request(.unsubscribe(second))
        #expect(nothing == [.done(again)])
    }

    @Test func `No UNSUBSCRIBE overtakes a SUBSCRIBE to its topic`() {
        var machine = Machine.established()
        let first = machine.subscribe()
        let (second, _) = machine.request(.subscribe(topic: "a.topic"))
        let (one, effects) = machine.request(.unsubscribe(first))
        #expect(effects == [.retire(first, nil), .done(one)])
        #expect(machine.receive("[33,2,7]") == [.done(second)])
        #expect(machine.receive("[36,7,5,{}]").count == 1)
    }

    @Test func `The UNSUBSCRIBE that was held back follows when the SUBSCRIBE fails`() {
        var machine = Machine.established()
        let first = machine.subscribe()
        let (second, _) = machine.request(.subscribe(topic: "a.topic"))
        _ = machine.request(.unsubscribe(first))
        #expect(
            machine.receive(#"[8,32,2,{},"a.error"]"#) == [.sent("[34,3,7]"), .failed(second, .application("a.error"))])
    }

    @Test func `Who subscribes again while UNSUBSCRIBED is on its way stays subscribed`() {
        var machine = Machine.established()
        let first = machine.subscribe()
        _ = machine.request(.unsubscribe(first))
        let (second, _) = machine.request(.subscribe(topic: "a.topic"))
        #expect(machine.receive("[33,3,7]") == [.done(second)])
        #expect(machine.receive("[35,2]").count == 1)
        #expect(machine.receive("[36,7,5,{}]").count == 1)
    }

    @Test func `A canceled subscribe is undone when it is answered`() {
        var machine = Machine.established()
        let (ticket, _) = machine.request(.subscribe(topic: "a.topic"))
        #expect(machine.step { $0.cancel(ticket, into: &$1) } == [.failed(ticket, WAMPError(.canceled))])
        #expect(machine.receive("[33,1,7]") == [.sent("[34,2,7]")])
        #expect(machine.receive("[35,2]") == [])
        #expect(machine.isEmpty)
    }

    @Test func `A subscription that the router revokes ends with the reason`() {
        var machine = Machine.established()
        let ticket = machine.subscribe()
        let error = WAMPError(.application, uri: "a.reason", message: "the router revoked the subscription")
        #expect(machine.receive(#"[35,0,{"subscription":7,"reason":"a.reason"}]"#) == [.retire(ticket, error)])
        #expect(machine.receive(#"[35,0,{"subscription":7}]"#) == [])
        #expect(machine.receive("[35,0,{}]") == [])
        #expect(machine.isEmpty)
    }

    @Test func `An event that cannot be read ends its subscription aloud`() {
        var machine = Machine.established()
        let ticket = machine.subscribe()
        // Binary data that is no Base64: fine for whoever passes it on, not for whoever reads it.
        let effects = machine.receive(#"[36,7,5,{},["\u0000***"]]"#)
        #expect(effects.count == 2)
        guard case .retire(ticket, let error?) = effects[0] else {
            Issue.record("got \(effects)")
            return
        }
        #expect(error.code == .unreadablePayload)
        #expect(effects[1] == .sent("[34,2,7]"))
    }
}
