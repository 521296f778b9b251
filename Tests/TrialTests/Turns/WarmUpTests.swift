import Testing

@testable import RennbahnTrial

struct WarmUpTests {
    private func warmUp(octets: Int, senders: Int = 1, messagesInFlight: Int? = nil) -> WarmUp {
        WarmUp(octets: octets, senders: senders, messagesInFlight: messagesInFlight ?? senders)
    }

    @Test(arguments: [32, 70, 1142, 4096, 40_960, 1 << 20])
    func `Each sender sends more than the largest window holds, and not much more`(octets: Int) throws {
        let sent = try #require(warmUp(octets: octets).operations) * Double(octets)
        #expect(sent > 32_768)
        #expect(sent < Double(40_960 + octets))
    }

    @Test func `It is over when all messages have come, of however many turns`() {
        // 36 messages of each of four senders.
        var warmUp = warmUp(octets: 1142, senders: 4)
        #expect(warmUp.operations == 144)
        warmUp.took(100)
        #expect(warmUp.operations == 44)
        warmUp.took(44)
        #expect(warmUp.operations == nil)
    }

    @Test func `An operation with many receivers is one, and all of its messages are waited for`() {
        var warmUp = warmUp(octets: 4096, senders: 1, messagesInFlight: 100)
        #expect(warmUp.operations == 10)
        warmUp.took(500)
        #expect(warmUp.operations == 5)
    }

    @Test func `What would take more than twenty turns is not begun with`() {
        var slow = warmUp(octets: 4096, senders: 100)
        slow.took(40)
        #expect(slow.operations == nil)
        var quick = warmUp(octets: 4096, senders: 100)
        quick.took(60)
        #expect(quick.operations != nil)
        var stuck = warmUp(octets: 4096)
        stuck.took(0)
        #expect(stuck.operations == nil)
    }

    @Test func `A turn has no more operations than it can be done with`() {
        #expect(warmUp(octets: 1, senders: 1000).operations == 4000)
        #expect(warmUp(octets: 0).operations == 4000)
    }
}
