import Testing

@testable import RennbahnWorkload

@Suite("Names of what went wrong")
struct MessageFaultTests {
    @Test("a fault says which message, between whom, and what")
    func texts() {
        let event = MessageFault.Path.event(publisher: 3, subscriber: 5)
        let texts: [(MessageFault, String)] = [
            (MessageFault(event, .lost(2)), "EVENT from publisher 3 to subscriber 5: 2 lost"),
            (
                MessageFault(event, .duplicated(sequence: 7)),
                "EVENT from publisher 3 to subscriber 5: number 7 came twice"
            ),
            (
                MessageFault(.invocation(caller: 1, callee: 2), .reordered(sequence: 7)),
                "INVOCATION from caller 1 to callee 2: number 7 came after a later one"
            ),
            (MessageFault(.event(publisher: nil, subscriber: 5), .corrupted), "EVENT to subscriber 5: damaged"),
            (MessageFault(.result(caller: 1), .misdirected), "RESULT to caller 1: not for this receiver"),
            (MessageFault(.echo(client: 1), .otherRun), "echo to client 1: of another run"),
            (
                MessageFault(.published(publisher: 4), .foreignID("publication", 8, granted: 9)),
                "PUBLISHED to publisher 4: publication 8, where 9 was granted"
            ),
            (
                MessageFault(.message("PUBLISHED", to: .publisher(sender: 4, topic: 0)), .foreignRequest(8)),
                "PUBLISHED to publisher 4: for request 8, which was not made"
            ),
            (
                MessageFault(.message("SUBSCRIBED", to: .subscriber(index: 2, topic: 0)), .repeated),
                "SUBSCRIBED to subscriber 2: came twice"
            ),
            (
                MessageFault(.message("SUBSCRIBED", to: .stuckSubscriber(topic: 1)), .lost(1)),
                "SUBSCRIBED to a stuck subscriber of topic 1: 1 lost"
            ),
            (
                MessageFault(.message("EVENT", to: .caller(sender: 3, procedure: 0)), .unasked),
                "EVENT to caller 3: nobody asked for it"
            ),
            (
                MessageFault(.message("a message", to: .callee(procedure: 1)), .explained("malformed")),
                "a message to callee 1: malformed"
            ),
            (MessageFault(.message("WELCOME", to: .visitor), .repeated), "WELCOME to a visitor: came twice"),
            (MessageFault(.result(caller: 1), .refused("com.x")), "RESULT to caller 1: ERROR com.x"),
        ]
        for (fault, text) in texts { #expect("\(fault)" == text) }
    }

    @Test("only the first are kept; losses of a run that was broken off are none")
    func list() {
        var list = FaultList()
        for sequence in UInt64(0)..<20 {
            list.note(MessageFault(.result(caller: 0), sequence == 0 ? .lost(1) : .duplicated(sequence: sequence)))
        }
        #expect(list.faults.count == FaultList.capacity && list.isFull)
        #expect(list.withoutLosses.faults.count == FaultList.capacity - 1)
        var sum = FaultList()
        sum.note(MessageFault(.echo(client: 0), .corrupted))
        sum += list
        #expect(sum.faults.count == FaultList.capacity && sum.faults[0].kind == .corrupted)
        #expect(sum.faults[1].kind == .lost(1))
    }
}
