import RennbahnTestKit
import RennbahnTransport
import RennbahnWAMP
import Testing

@testable import RennbahnRouterNode

@Suite("What slow subscribers have missed")
struct ArrearsTests {
    private let link = LinkID(index: 1, generation: 2)
    private let other = LinkID(index: 1, generation: 3)

    /// What would be sent first.
    private func oldest(_ arrears: Arrears) -> (subscription: SubscriptionID, message: [UInt8])? {
        var copy = arrears
        return copy.nextKept(of: link)
    }

    @Test("each subscription of each connection has its own count, which begins anew with what is delivered")
    func counts() {
        var arrears = Arrears()
        #expect(arrears.isEmpty && arrears.missed(link, 1) == 0)
        for _ in 0..<3 { arrears.drop(link, 1) }
        arrears.drop(link, 2)
        arrears.drop(other, 1)
        #expect(arrears.missed(link, 1) == 3 && arrears.missed(link, 2) == 1 && arrears.missed(other, 1) == 1)
        #expect(oldest(arrears)?.message == nil)
        arrears.settle(link, 1)
        #expect(arrears.missed(link, 1) == 0 && arrears.missed(link, 2) == 1 && arrears.missed(other, 1) == 1)
        arrears.settle(link, 2)
        arrears.settle(link, 7)
        #expect(!arrears.isEmpty)
        arrears.settle(other, 1)
        #expect(arrears.isEmpty)
    }

    @Test("the newest is kept, the one before counts as missed")
    func newest() {
        var arrears = Arrears()
        for number in 1...5 as ClosedRange<UInt8> {
            arrears.keep([number, number], link, 1)
            #expect(arrears.missed(link, 1) == UInt64(number))
            #expect(oldest(arrears)?.message == [number, number])
            #expect(arrears.keptBytes == 2)
        }
        arrears.drop(link, 1)
        #expect(arrears.missed(link, 1) == 6 && arrears.keptBytes == 0)
        #expect(oldest(arrears)?.message == nil)
    }

    @Test("one that the connection does not take is not kept, and those before it still count")
    func refused() {
        var arrears = Arrears()
        arrears.drop(link, 1)
        arrears.keep([9], link, 1)
        arrears.refused(link, 1)
        #expect(arrears.missed(link, 1) == 1 && arrears.keptBytes == 0)
        #expect(oldest(arrears)?.message == nil)
        arrears.settle(link, 1)
        arrears.keep([9], link, 1)
        arrears.refused(link, 1)
        #expect(arrears.isEmpty && arrears.keptBytes == 0)
    }

    @Test("there is a bound for each connection and for all; what replaces another takes its room")
    func room() {
        var arrears = Arrears()
        arrears.keep([1, 2, 3], link, 1)
        arrears.keep([1, 2], link, 2)
        arrears.keep([1, 2, 3, 4], other, 1)
        let filled = arrears
        func fits(_ count: Int, _ subscription: SubscriptionID, ofOne: Int, ofAll: Int) -> Bool {
            filled.hasRoom(for: count, link, subscription, ofOne: ofOne, ofAll: ofAll)
        }
        #expect(fits(4, 1, ofOne: 6, ofAll: 10) && fits(1, 3, ofOne: 6, ofAll: 10))
        #expect(!fits(5, 1, ofOne: 6, ofAll: 100) && !fits(2, 3, ofOne: 6, ofAll: 100))
        #expect(!fits(5, 1, ofOne: 100, ofAll: 10) && !fits(2, 3, ofOne: 100, ofAll: 10))
        #expect(!fits(1, 3, ofOne: 100, ofAll: -1))
    }

    @Test("kept ones come in the order in which they were published", arguments: [1, 2, 3] as [UInt64])
    func order(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var arrears = Arrears()
        // The model: what is kept, oldest first.
        var kept: [(subscription: SubscriptionID, message: [UInt8])] = []
        for _ in 0..<10_000 {
            let subscription = SubscriptionID(UInt64(1 + generator.below(12)))
            let count = 1 + generator.below(9)
            let message = generator.bytes(count)
            switch generator.below(10) {
            case 0:
                arrears.drop(link, subscription)
                kept.removeAll { $0.subscription == subscription }
            case 1:
                arrears.settle(link, subscription)
                kept.removeAll { $0.subscription == subscription }
            case 2:
                if let first = arrears.nextKept(of: link) { arrears.settle(link, first.subscription) }
                if !kept.isEmpty { kept.removeFirst() }
            default:
                arrears.keep(message, link, subscription)
                kept.removeAll { $0.subscription == subscription }
                kept.append((subscription, message))
            }
            let first = arrears.nextKept(of: link)
            #expect(first?.subscription == kept.first?.subscription)
            #expect(first?.message == kept.first?.message)
            #expect(arrears.keptBytes == kept.reduce(0) { $0 + $1.message.count })
        }
    }
}
