import RennbahnBytes
import RennbahnTestKit
import Testing

/// Counts the elements that are alive.
private final class Census {
    var alive = 0
}

private struct Element: ~Copyable {
    let number: Int
    private let census: Census

    init(_ number: Int, _ census: Census) {
        self.number = number
        self.census = census
        census.alive += 1
    }

    deinit { census.alive -= 1 }
}

@Suite("Slab")
struct SlabTests {
    @Test("fetches any slot into the cache, whether it is used, free or none of its own, and changes nothing")
    func prefetch() {
        var slab = Slab<Int>(capacity: 2)
        _ = slab.insert(7)
        for index in [-1, 0, 1, 2, .max, .min] { slab.prefetch(index) }
        #expect(slab.count == 1)
        #expect(slab[0] == 7)
    }

    @Test("hands out slots in order, then those that were freed, the last freed first")
    func order() {
        var slab = Slab<Int>(capacity: 4)
        #expect((0..<3).map { slab.insert($0) } == [0, 1, 2])
        #expect(slab.remove(0) == 0)
        #expect(slab.remove(2) == 2)
        #expect(slab.insert(20) == 2)
        #expect(slab.insert(21) == 0)
        #expect(slab.insert(22) == 3)
        #expect((0..<4).map { slab[$0] } == [21, 1, 20, 22])
    }

    @Test("refuses and drops an element when it is full")
    func full() {
        let census = Census()
        var slab = Slab<Element>(capacity: 2)
        #expect(slab.insert(Element(0, census)) == 0)
        #expect(slab.insert(Element(1, census)) == 1)
        #expect(slab.insert(Element(2, census)) == nil)
        #expect(census.alive == 2)
        #expect(slab.count == 2)
        _ = slab.remove(1)
        #expect(slab.insert(Element(3, census)) == 1)
        #expect(slab[1].number == 3)
    }

    @Test("knows which slots are occupied, also far outside")
    func contains() {
        var slab = Slab<Int>(capacity: 8)
        for value in 0..<4 { _ = slab.insert(value) }
        _ = slab.remove(1)
        #expect(
            [-1, 0, 1, 2, 3, 4, 7, 8, Int.max, Int.min].map { slab.contains($0) } == [
                false, true, false, true, true, false, false, false, false, false,
            ])
        #expect(slab.count == 3)
        #expect(slab.usedSlots == 4)
    }

    @Test("ends the life of each element once, whether removed or left inside")
    func lifetimes() {
        let census = Census()
        do {
            var slab = Slab<Element>(capacity: 100)
            for number in 0..<10 { _ = slab.insert(Element(number, census)) }
            #expect(census.alive == 10)
            for slot in stride(from: 0, to: 10, by: 3) { #expect(slab.remove(slot).number == slot) }
            #expect(census.alive == 6)
            _ = slab.insert(Element(10, census))
            #expect(census.alive == 7)
        }
        #expect(census.alive == 0)
    }

    @Test("changes elements in place")
    func inPlace() {
        var slab = Slab<[Int]>(capacity: 2)
        _ = slab.insert([1])
        slab[0].append(2)
        slab[0][0] = 5
        #expect(slab[0] == [5, 2])
    }

    @Test("traps on a slot that is free")
    func freeSlots() async {
        await #expect(processExitsWith: .failure) {
            var slab = Slab<Int>(capacity: 2)
            _ = slab.insert(1)
            _ = slab.remove(0)
            _ = slab.remove(0)
        }
        await #expect(processExitsWith: .failure) {
            let slab = Slab<Int>(capacity: 2)
            _ = slab[0]
        }
    }

    @Test("holds what a dictionary would, over a long random life", arguments: 1...5)
    func randomLife(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let census = Census()
        var slab = Slab<Element>(capacity: 50)
        var model: [Int: Int] = [:]
        var wrong = 0
        for number in 0..<5000 {
            if Bool.random(using: &generator) {
                let slot = slab.insert(Element(number, census))
                if let slot {
                    if model.updateValue(number, forKey: slot) != nil { wrong += 1 }
                } else if model.count != 50 {
                    wrong += 1
                }
            } else if let slot = model.keys.sorted().randomElement(using: &generator) {
                if slab.remove(slot).number != model.removeValue(forKey: slot) { wrong += 1 }
            }
            if slab.count != model.count || census.alive != model.count { wrong += 1 }
        }
        #expect(wrong == 0, "seed \(seed)")
        #expect((0..<50).allSatisfy { slab.contains($0) == (model[$0] != nil) })
        #expect(model.allSatisfy { slab[$0.key].number == $0.value })
    }
}
