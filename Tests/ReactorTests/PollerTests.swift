import Glibc
import RennbahnBytes
import RennbahnReactor
import Testing

@Suite struct PollerTests {
    @Test func levelTriggeredEventsRepeatAndEdgesDoNot() throws {
        let pair = try ConnectedPair()
        #expect(Sockets.send(pair.near, [1].span) == .bytes(1))
        var level = try Poller()
        var edge = try Poller()
        try level.add(pair.far, token: 10, interest: .read)
        try edge.add(pair.far, token: .max, interest: [.read, .edgeTriggered])
        for _ in 0..<3 { #expect(level.wait(timeoutMilliseconds: 60_000) == 1) }
        let (token, readiness) = level.event(at: 0)
        #expect(token == 10)
        #expect(readiness.concernsReading && !readiness.concernsWriting)
        #expect(edge.wait(timeoutMilliseconds: 60_000) == 1)
        #expect(edge.event(at: 0).token == .max)
        #expect(edge.wait(timeoutMilliseconds: 0) == 0)
    }

    @Test func interestCanChangeAndEnd() throws {
        let pair = try ConnectedPair()
        var poller = try Poller()
        try poller.add(pair.near, token: 1, interest: .read)
        #expect(poller.wait(timeoutMilliseconds: 0) == 0)
        try poller.modify(pair.near, token: 2, interest: .write)
        #expect(poller.wait(timeoutMilliseconds: 60_000) == 1)
        #expect(poller.event(at: 0).token == 2)
        let readiness = poller.event(at: 0).readiness
        #expect(readiness.concernsWriting && !readiness.concernsReading)
        try poller.remove(pair.near)
        #expect(poller.wait(timeoutMilliseconds: 0) == 0)
    }

    @Test func aBadDescriptorIsAnErrorWithItsName() throws {
        var poller = try Poller()
        do throws(SystemError) {
            try poller.add(Descriptor(-1), token: 0, interest: .read)
            Issue.record("a bad descriptor was accepted")
        } catch {
            #expect(error == SystemError(code: EBADF, operation: "epoll_ctl add"))
            #expect(error.description == "epoll_ctl add: Bad file descriptor (errno 9)")
        }
    }

    @Test func aWaitEndsNoEarlierThanItsTimeout() throws {
        var poller = try Poller()
        let start = MonotonicClock.now()
        #expect(poller.wait(timeoutNanoseconds: 1_500_000) == 0)
        #expect(MonotonicClock.now() - start >= 1_500_000)
        #expect(poller.wait(timeoutNanoseconds: 0) == 0)
    }

    @Test func moreEventsThanOneWaitHoldsComeWithTheNext() throws {
        var poller = try Poller()
        var wakeUps: [WakeUp] = []
        for token in 0..<UInt64(Poller.eventLimit + 10) {
            let wakeUp = try WakeUp()
            try wakeUp.register(in: &poller, token: token)
            wakeUp.prepareToSleep()
            wakeUp.wake()
            wakeUps.append(wakeUp)
        }
        var tokens: Set<UInt64> = []
        #expect(poller.wait(timeoutMilliseconds: 60_000) == Poller.eventLimit)
        for index in 0..<Poller.eventLimit { tokens.insert(poller.event(at: index).token) }
        #expect(poller.wait(timeoutMilliseconds: 60_000) == 10)
        for index in 0..<10 { tokens.insert(poller.event(at: index).token) }
        #expect(tokens.count == Poller.eventLimit + 10)
    }
}
