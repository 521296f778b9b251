import RennbahnBytes
import RennbahnTestKit
import Testing

@testable import RennbahnRouter

@Suite("Tables that give memory back")
struct CompactionTests {
    @Test("a pool keeps what is in it where it is, and its free slots are used again", arguments: [0, 1, 5, 40])
    func pool(kept: Int) {
        var pool = Pool<Int>()
        for value in 0..<1000 {
            let index = pool.insert(value)
            #expect(index == value)
        }
        let full = pool.capacityOctets
        for index in (0..<1000).reversed() where index >= kept || index % 2 == 1 { pool.remove(index) }
        pool.compact()
        let small = pool.capacityOctets
        #expect(small <= full / 8)
        for index in 0..<1000 {
            let isThere = pool.contains(index)
            #expect(isThere == (index < kept && index % 2 == 0))
            if isThere {
                let value = pool[index]
                #expect(value == index)
            }
        }
        var taken: Set<Int> = []
        for value in 0..<1000 { taken.insert(pool.insert(value + 5000)) }
        let count = pool.count
        #expect(taken.count == 1000 && count == 1000 + (kept + 1) / 2)
    }

    @Test("a pool whose last element is left stays as it is")
    func lastElement() {
        var pool = Pool<Int>()
        for value in 0..<1000 { _ = pool.insert(value) }
        for index in 0..<999 { pool.remove(index) }
        let before = pool.capacityOctets
        pool.compact()
        let (after, last) = (pool.capacityOctets, pool[999])
        #expect(after == before && last == 999)
    }

    @Test("a table of pairs finds what is in it", arguments: [0, 1, 100])
    func pairs(kept: Int) {
        var table = PairTable(seed: 5)
        for id in 0..<2000 { table.insert(UInt32(id % 7), UInt64(id), id) }
        for id in kept..<2000 { table.remove(UInt32(id % 7), UInt64(id)) }
        let full = table.capacityOctets
        table.compact()
        let small = table.capacityOctets
        #expect(small <= full / 8)
        for id in 0..<2000 {
            let found = table.find(UInt32(id % 7), UInt64(id))
            #expect(found == (id < kept ? id : nil))
        }
    }

    @Test("a map of URIs keeps indices and records, of short and of long URIs", arguments: [0, 1, 60])
    func uris(kept: Int) {
        var map = URIMap<Int>(hash: ByteHash(seed: 9))
        func name(_ number: Int) -> [UInt8] {
            Array(("com.n\(number)" + String(repeating: "y", count: number % 2 * 100)).utf8)
        }
        for number in 0..<1000 {
            let bytes = name(number)
            let index = map.insert(1, bytes.span, number)
            #expect(index == number)
        }
        let full = map.capacityOctets
        for number in kept..<1000 { map.remove(number) }
        map.compact()
        let small = map.capacityOctets
        #expect(small <= full / 4)
        for number in 0..<1000 {
            let bytes = name(number)
            let found = map.find(1, bytes.span)
            let likely = map.find(1, bytes.span, likely: UInt32(number))
            #expect(found == (number < kept ? number : nil) && likely == found)
            if let found {
                let record = map[found]
                #expect(record == number)
            }
        }
        for number in kept..<1000 {
            let bytes = name(number)
            let index = map.insert(1, bytes.span, number)
            let found = map.find(1, bytes.span)
            #expect(found == index)
        }
        let (octets, count) = (map.octets, map.count)
        let outside = (0..<1000).reduce(0) { $0 + URIEntries<Int>.octetsOutside(name($1).count) }
        #expect(count == 1000 && octets == 1000 * URIMap<Int>.octets(ofURI: 0) + outside)
    }
}
