import RennbahnBytes
import RennbahnTestKit
import RennbahnWAMP
import Testing

@testable import RennbahnRouter

@Suite("The router's storage")
struct StorageTests {
    private struct Pair: Hashable {
        let owner: UInt32
        let id: UInt64
    }

    @Test("the table of pairs agrees with a dictionary", arguments: [1, 2, 3] as [UInt64])
    func pairTable(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var table = PairTable(seed: seed)
        var model: [Pair: Int] = [:]
        for step in 0..<20_000 {
            let pair = Pair(owner: UInt32(generator.below(8)), id: UInt64(generator.below(64)))
            let found = table.find(pair.owner, pair.id)
            #expect(found == model[pair])
            if generator.chance(50), model[pair] == nil {
                table.insert(pair.owner, pair.id, step)
                model[pair] = step
            } else {
                let removed = table.remove(pair.owner, pair.id)
                #expect(removed == model.removeValue(forKey: pair))
            }
        }
        let count = table.count
        #expect(count == model.count)
    }

    @Test("the map of URIs agrees with a dictionary, realm by realm", arguments: [1, 2, 3] as [UInt64])
    func uriMap(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var map = URIMap<Int>(hash: ByteHash(seed: seed))
        var model: [String: (index: Int, record: Int)] = [:]
        for step in 0..<8_000 {
            let realm = UInt32(generator.below(2))
            let name = String(repeating: "x", count: generator.below(20)) + "\(generator.below(10))"
            let bytes = Array(name.utf8)
            let key = "\(realm) \(name)"
            let found = map.find(realm, bytes.span)
            #expect(found == model[key]?.index)
            if let known = model[key] {
                let record = map[known.index]
                #expect(record == known.record)
                if generator.chance(50) {
                    map.remove(known.index)
                    model[key] = nil
                }
            } else {
                model[key] = (map.insert(realm, bytes.span, step), step)
            }
        }
        let count = map.count
        #expect(count == model.count)
    }

    @Test("ids of router scope are never in use twice, stay in range, and start small")
    func routerScopeIDs() {
        var generator = SeededGenerator(seed: 5)
        var ids = RouterScopeIDs<SubscriptionID>()
        var bindings = RouterScopeBindings<SubscriptionID>()
        var used: [SubscriptionID] = []
        var ever: Set<SubscriptionID> = []
        for step in 0..<2_000 {
            if used.isEmpty || generator.chance(55) {
                let id = ids.allocate()
                #expect(ever.insert(id).inserted && id.value >= 1 && id.value <= 1 << 53)
                bindings.bind(id, to: step)
                let bound = bindings.find(id)
                #expect(bound == step)
                used.append(id)
            } else {
                let id = used.remove(at: generator.below(used.count))
                bindings.unbind(id)
                ids.release(id)
                let bound = bindings.find(id)
                #expect(bound == nil)
            }
        }
        #expect(ever.contains(1) && ever.contains(2))
        let unknown = bindings.find(SubscriptionID(.max))
        #expect(unknown == nil)
    }

    @Test("ids of global scope are spread over 1 … 2^53")
    func globalScope() {
        var random = RandomReservoir { words in
            for index in words.indices { words[index] = index % 2 == 0 ? .max : 0 }
        }
        let ids = (0..<2_000).map { _ in random.id() }
        #expect(Set(ids) == [1, 1 << 53])
    }
}
