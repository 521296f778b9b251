import Testing

@testable import RennbahnTransport

@Suite("Who waits for whom")
struct WaitersTests {
    private func waiter(_ index: UInt32, generation: UInt32 = 0, shard: Int = 0) -> LinkWaiter {
        LinkWaiter(shard: shard, link: LinkID(index: index, generation: generation))
    }

    @Test("each waits once for a connection, and all go on in the order in which they began to")
    func order() {
        var waiters = Waiters()
        let many = (0..<5000 as Range<UInt32>).map { waiter($0 &* 7919 % 5003) }
        for one in many { #expect(waiters.add(one, for: 3) == true) }
        for one in many { #expect(waiters.add(one, for: 3) == false, "it waits already") }
        #expect(waiters.release(3) == many)
        #expect(waiters.release(3) == [])
    }

    @Test("connections are waited for one by one, and again when they were released")
    func several() {
        var waiters = Waiters()
        let one = waiter(1)
        #expect(waiters.add(one, for: 3) == true)
        #expect(waiters.add(one, for: 4) == true)
        #expect(waiters.release(3) == [one])
        #expect(waiters.add(one, for: 3) == true)
        #expect(waiters.add(one, for: 4) == false)
        #expect(waiters.release(4) == [one])
        #expect(waiters.release(3) == [one])
        #expect(waiters.release(5) == [])
    }

    @Test("those of another shard, or that had the slot before, are others")
    func others() {
        var waiters = Waiters()
        let all = [waiter(1), waiter(1, shard: 1), waiter(1, generation: 1)]
        for one in all { #expect(waiters.add(one, for: 0) == true) }
        #expect(waiters.release(0) == all)
    }
}
