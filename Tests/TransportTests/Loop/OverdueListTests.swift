import RennbahnTestKit
import Testing

@testable import RennbahnTransport

struct OverdueListTests {
    @Test func `First come, first served, and both are counted, in any order of coming and going`() {
        var random = SeededGenerator(seed: 3)
        var list = OverdueList()
        var model: [UInt32] = []
        var (putOff, written): (UInt64, UInt64) = (0, 0)
        for number in 0..<60_000 as Range<UInt32> {
            if random.chance(number / 10_000 % 2 == 0 ? 70 : 30) {
                list.putOff(number)
                model.append(number)
                putOff += 1
            } else {
                let next = list.next()
                #expect(next == model.first)
                if next != nil {
                    model.removeFirst()
                    written += 1
                }
            }
            #expect(list.count == model.count && list.output == OverdueOutput(putOff: putOff, written: written))
            #expect(list.output.isEmpty == model.isEmpty)
        }
        #expect(written > 10_000)
    }
}
