import RennbahnBytes
import Testing

@Suite("Box")
struct BoxTests {
    private final class Census {
        var alive = 0
    }

    private struct Value: ~Copyable {
        var number: Int
        let census: Census

        init(_ number: Int, _ census: Census) {
            self.number = number
            self.census = census
            census.alive += 1
        }

        deinit { census.alive -= 1 }
    }

    @Test("keeps a value that changes in place, and ends its life once")
    func lifetime() {
        let census = Census()
        do {
            let box = Box(Value(1, census))
            box.value.number += 41
            #expect(box.value.number == 42)
            #expect(census.alive == 1)
        }
        #expect(census.alive == 0)
    }
}
