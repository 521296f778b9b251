import RennbahnBytes
import RennbahnTestKit
import Testing

@testable import RennbahnRouter

@Suite("The map of URIs")
struct URIMapTests {
    @Test("finds a URI of any length, and none that differs in one octet", arguments: 0...130)
    func lengths(count: Int) {
        var map = URIMap<Int>(hash: ByteHash(seed: 3))
        let uri = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) }
        let index = map.insert(1, uri.span, 7)
        let found = map.find(1, uri.span)
        let elsewhere = map.find(2, uri.span)
        #expect(found == index && elsewhere == nil)
        let copy = map.uri(index)
        #expect(copy == uri)
        let hash = map.hash(of: uri.span)
        for place in uri.indices {
            for change in [0x01, 0x80] as [UInt8] {
                var other = uri
                other[place] ^= change
                // With the hash of the stored one, so that only the comparison can tell them apart.
                let different = map.find(1, other.span, hash: hash)
                #expect(different == nil, "octet \(place) of \(count)")
            }
        }
        let more = uri + [0]
        let longer = map.find(1, more.span, hash: hash)
        #expect(longer == nil)
        guard count > 0 else { return }
        let fewer = Array(uri.dropLast())
        let shorter = map.find(1, fewer.span, hash: hash)
        #expect(shorter == nil)
    }

    @Test("finds a URI wherever its bytes lie", arguments: 0..<16)
    func alignment(offset: Int) {
        var map = URIMap<Int>(hash: ByteHash(seed: 3))
        for count in 0...70 {
            let uri = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            let index = map.insert(0, uri.span, count)
            let padded = [UInt8](repeating: 0xff, count: offset) + uri + [0xff]
            let found = map.find(0, padded.span.extracting(offset..<offset + count))
            #expect(found == index)
        }
    }

    @Test("a likely index is taken when it is the one, and does no harm when it is another, is free or is none")
    func likely() {
        var map = URIMap<Int>(hash: ByteHash(seed: 3))
        let names = ["a.b", "a.c", String(repeating: "long.", count: 20)].map { Array($0.utf8) }
        let indices = names.map { map.insert(5, $0.span, 0) }
        for (name, index) in zip(names, indices) {
            for likely in indices.map({ UInt32($0) }) + [3, 1_000, .max] {
                let found = map.find(5, name.span, likely: likely)
                let elsewhere = map.find(6, name.span, likely: likely)
                #expect(found == index && elsewhere == nil)
            }
        }
        map.remove(indices[0])
        let first = names[0]
        let gone = map.find(5, first.span, likely: UInt32(indices[0]))
        #expect(gone == nil)
        let name = Array("x.y".utf8)
        let fresh = map.insert(5, name.span, 0)
        #expect(fresh == indices[0], "the index is used again")
        let still = map.find(5, first.span, likely: UInt32(fresh))
        #expect(still == nil)
    }

    @Test("gives back what its entries own, also after it has grown")
    func ownership() {
        final class Life {}
        weak var witness: Life?
        do {
            let life = Life()
            witness = life
            var map = URIMap<Life>(hash: ByteHash(seed: 3))
            var indices: [Int] = []
            for number in 0..<100 {
                let uri = Array("com.example.\(number)".utf8) + [UInt8](repeating: 0x61, count: number)
                indices.append(map.insert(0, uri.span, life))
            }
            for index in indices where index % 3 == 0 { map.remove(index) }
            let count = map.count
            #expect(count == 66 && witness != nil)
        }
        #expect(witness == nil)
    }

    @Test("subscribers agree with an array, in place and elsewhere", arguments: [1, 2, 3] as [UInt64])
    func subscribers(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var subscribers = Subscribers()
        var model: [SessionHandle] = []
        for step in 0..<4_000 {
            // Mostly few, since the way between the two places is what can go wrong.
            if model.isEmpty || generator.chance(model.count < 5 ? 55 : 30) {
                let handle = SessionHandle(index: UInt32(step), generation: UInt32(generator.below(9)))
                subscribers.append(handle)
                model.append(handle)
            } else {
                let position = generator.below(model.count)
                let moved = subscribers.swapRemove(at: position)
                model.swapAt(position, model.count - 1)
                model.removeLast()
                #expect(moved == (position < model.count ? model[position] : nil))
            }
            var list = FlatList<SessionHandle>()
            subscribers.append(to: &list)
            let all = list.copied()
            let count = subscribers.count
            let isEmpty = subscribers.isEmpty
            #expect(all == model && count == model.count && isEmpty == model.isEmpty)
            for position in model.indices {
                let one = subscribers[position]
                #expect(one == model[position])
            }
        }
    }
}
