import Testing

@testable import RennbahnTrial

struct WarmUpTests {
    @Test(arguments: [1, 32, 70, 1142, 4096, 40_960, 1 << 20])
    func `So many messages are more than the largest window holds, and not many more`(octets: Int) {
        let octetsSent = WarmUp.messagesOfSender(octets: octets) * octets
        #expect(octetsSent > 32 << 10)
        #expect(octetsSent < (40 << 10) + octets)
    }

    @Test func `A payload without an octet is no endless warm-up`() {
        #expect(WarmUp.messagesOfSender(octets: 0) == 40 << 10)
    }
}
