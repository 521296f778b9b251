import RennbahnBytes
import RennbahnTestKit
import RennbahnWAMP
import Testing

@testable import RennbahnRouter

@Suite("The index of patterns")
struct PatternIndexTests {
    /// Few letters and short components, so that much is alike.
    private static func uri(_ generator: inout SeededGenerator, empties: Bool, components: Int = 5) -> String {
        (0...generator.below(components)).map { _ in
            if empties, generator.chance(35) { return "" }
            return ["a", "b", "ab", "abc", "ba", "a", "b"][generator.below(7)]
        }.joined(separator: ".")
    }

    private static func pattern(_ generator: inout SeededGenerator) -> ReferencePattern {
        guard generator.chance(50) else { return ReferencePattern(uri(&generator, empties: true), .wildcard) }
        let whole = uri(&generator, empties: false)
        return ReferencePattern(String(whole.prefix(generator.below(whole.count + 1))), .prefix)
    }

    @Test("agrees with a linear scan while patterns of two realms come and go", arguments: 0..<8 as Range<UInt64>)
    func againstScan(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var index = PatternIndex(hash: ByteHash(seed: seed), maximumComponents: 8)
        var stored: [[ReferencePattern: (number: Int, node: UInt32)]] = [[:], [:]]
        var list = FlatList<UInt32>()
        let growth = [70, 50, 30]
        for step in 0..<6_000 {
            let realm = generator.below(2)
            let pattern = PatternIndexTests.pattern(&generator)
            let bytes = Array(pattern.uri.utf8)
            if generator.chance(growth[step / 2_000]), stored[realm][pattern] == nil {
                let node = index.insert(UInt32(realm), pattern.match, bytes.span, step)
                stored[realm][pattern] = (step, node)
            } else if let (old, place) = stored[realm].min(by: { $0.value.number < $1.value.number }) {
                index.remove(UInt32(realm), old.match, node: place.node)
                stored[realm][old] = nil
            }
            let name = PatternIndexTests.uri(&generator, empties: false, components: 6)
            let nameBytes = Array(name.utf8)
            let expected = stored[realm].filter { $0.key.matches(name) }
            list.removeAll(keepingCapacity: true)
            index.collect(UInt32(realm), nameBytes.span, into: &list)
            let found = list.copied()
            #expect(found.sorted() == expected.map { UInt32($0.value.number) }.sorted(), "seed \(seed), \(name)")
            let best = index.best(UInt32(realm), nameBytes.span, scratch: &list)
            let expectedBest = ReferencePattern.best(expected.keys, for: name)
            #expect(best == expectedBest.flatMap { stored[realm][$0]?.number }, "seed \(seed), \(name)")
            let has = index.hasPatterns(UInt32(realm))
            #expect(has == !stored[realm].isEmpty)
            if step % 64 == 0 { index.checkInvariants() }
        }
        for realm in 0..<2 {
            for (pattern, place) in stored[realm] { index.remove(UInt32(realm), pattern.match, node: place.node) }
        }
        index.checkInvariants()
        let isEmpty = index.isEmpty
        #expect(isEmpty)
    }

    @Test("prefixes come shortest first, wildcards most specific first")
    func order() {
        var index = PatternIndex(hash: ByteHash(seed: 1), maximumComponents: 8)
        let patterns: [ReferencePattern] = [
            .init("a..c", .wildcard), .init("a.b", .prefix), .init("..", .wildcard), .init("", .prefix),
            .init("a.b.", .wildcard), .init("a.b.c", .prefix), .init(".b.c", .wildcard), .init("a", .prefix),
        ]
        for (number, pattern) in patterns.enumerated() {
            _ = index.insert(0, pattern.match, Array(pattern.uri.utf8).span, number)
        }
        var list = FlatList<UInt32>()
        index.collect(0, Array("a.b.c".utf8).span, into: &list)
        let found = list.copied().map { patterns[Int($0)].uri }
        #expect(found == ["", "a", "a.b", "a.b.c", "a.b.", "a..c", ".b.c", ".."])
    }

    @Test("a prefix may end anywhere in a character or component, and be the whole URI")
    func prefixEnds() {
        var index = PatternIndex(hash: ByteHash(seed: 1), maximumComponents: 8)
        let name = Array("com.émile.x".utf8)
        var nodes: [UInt32] = []
        for count in (0...name.count).reversed() {
            nodes.append(index.insert(0, .prefix, name.span.extracting(0..<count), count))
        }
        var list = FlatList<UInt32>()
        index.collect(0, name.span, into: &list)
        #expect(list.copied() == (0...name.count).map { UInt32($0) })
        // Every second one goes, so that labels are put together again.
        for (place, node) in nodes.enumerated() where place % 2 == 0 { index.remove(0, .prefix, node: node) }
        list.removeAll()
        index.collect(0, name.span, into: &list)
        #expect(list.copied().allSatisfy { (name.count - Int($0)) % 2 == 1 } && list.count == nodes.count / 2)
        index.checkInvariants()
    }

    @Test("a URI of more components than any pattern, or of a megabyte, finds what it starts with and nothing else")
    func longURIs() {
        var index = PatternIndex(hash: ByteHash(seed: 1), maximumComponents: 3)
        _ = index.insert(0, .wildcard, Array("..".utf8).span, 1)
        _ = index.insert(0, .prefix, Array("a.".utf8).span, 2)
        var list = FlatList<UInt32>()
        let long = Array(String(repeating: "a.", count: 500_000).utf8) + [0x61]
        index.collect(0, long.span, into: &list)
        #expect(list.copied() == [2])
        index.collect(0, Array("b.b.b".utf8).span, into: &list)
        #expect(list.copied() == [2, 1])
    }

    @Test("the worst that peers can store costs a lookup no more than the bound says")
    func worstCase() {
        let depth = 12
        var trie = WildcardTrie(hash: ByteHash(seed: 1), maximumComponents: depth)
        let root = trie.makeRoot()
        // Every choice of "a" and any component, but for the last one, which never fits.
        for choice in 0..<(1 << (depth - 1)) {
            let components = (0..<(depth - 1)).map { choice >> $0 & 1 == 1 ? "a" : "" } + ["z"]
            _ = trie.insert(root, Array(components.joined(separator: ".").utf8).span, UInt32(choice))
        }
        var list = FlatList<UInt32>()
        let name = Array(Array(repeating: "a", count: depth).joined(separator: ".").utf8)
        let visits = trie.collect(root, name.span, limit: 1, into: &list)
        #expect(list.isEmpty && visits < 1 << depth)
        let others = trie.collect(root, Array("a.a".utf8).span, limit: 1, into: &list)
        #expect(others == 7, "a URI of few components costs few nodes")
    }
}
