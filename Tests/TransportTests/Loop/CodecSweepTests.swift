import Testing

@testable import RennbahnTransport

@Suite("The list of live codecs")
struct CodecSweepTests {
    @Test("a sweep sees each connection once, whoever leaves the list meanwhile")
    func sweep() {
        var sweep = CodecSweep()
        var places: [Int: Int32] = [:]
        for slot in 10..<16 { places[slot] = sweep.list(slot) }
        func unlist(_ slot: Int) {
            let place = places.removeValue(forKey: slot) ?? -1
            if let moved = sweep.unlist(place) { places[moved] = place }
        }
        var seen: [Int] = []
        while let slot = sweep.next() {
            seen.append(slot)
            // Every other one is parked and leaves the list.
            if slot % 2 == 0 { unlist(slot) } else { sweep.pass() }
        }
        #expect(Set(seen) == Set(10..<16) && seen.count == 6)
        #expect(Set(places.keys) == [11, 13, 15])
        var again: [Int] = []
        while let slot = sweep.next() {
            again.append(slot)
            unlist(slot)
        }
        #expect(Set(again) == [11, 13, 15] && places.isEmpty)
        #expect(sweep.next() == nil)
    }
}
