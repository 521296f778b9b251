import RennbahnBytes
import RennbahnWAMP

/// The patterns of all realms, each with a number of its user's choice, found by what a URI matches.
///
/// Exact URIs are not here. A realm without patterns costs one look at a flat array.
struct PatternIndex: ~Copyable {
    static var none: UInt32 { .max }

    /// The patterns of one realm.
    private struct Realm: BitwiseCopyable {
        var count: UInt32 = 0
        /// Roots, made when first needed and kept from then on.
        var prefixes = PatternIndex.none
        var wildcards = PatternIndex.none
    }

    private var realms = FlatList<Realm>()
    private var prefixes: PrefixTable
    private var wildcards: WildcardTrie
    private(set) var count = 0

    init(hash: ByteHash, maximumComponents: Int) {
        prefixes = PrefixTable(hash: hash)
        wildcards = WildcardTrie(hash: hash, maximumComponents: maximumComponents)
    }

    var isEmpty: Bool { count == 0 }

    /// Octets of the patterns.
    var octets: Int { prefixes.octets + wildcards.octets }

    /// Octets of the tables, whether they are filled or not.
    var capacityOctets: Int { prefixes.capacityOctets + wildcards.capacityOctets }

    /// Gives memory back that patterns took which are gone.
    mutating func compact() {
        prefixes.compact()
        wildcards.compact()
    }

    @inline(__always)
    func hasPatterns(_ realm: UInt32) -> Bool {
        realm < UInt32(truncatingIfNeeded: realms.count) && realms[Int(realm)].count > 0
    }

    /// Adds a pattern that is not there, and returns its node, by which it is removed.
    mutating func insert(_ realm: UInt32, _ match: MatchPolicy, _ uri: Span<UInt8>, _ value: Int) -> UInt32 {
        realms.extend(to: Int(realm) + 1, with: Realm())
        var roots = realms[Int(realm)]
        let node: UInt32
        switch match {
        case .exact: preconditionFailure("not a pattern")
        case .prefix:
            if roots.prefixes == PatternIndex.none { roots.prefixes = prefixes.makeRoot() }
            node = prefixes.insert(roots.prefixes, uri, UInt32(value))
        case .wildcard:
            if roots.wildcards == PatternIndex.none { roots.wildcards = wildcards.makeRoot() }
            node = wildcards.insert(roots.wildcards, uri, UInt32(value))
        }
        roots.count += 1
        realms[Int(realm)] = roots
        count += 1
        return node
    }

    mutating func remove(_ realm: UInt32, _ match: MatchPolicy, node: UInt32) {
        switch match {
        case .exact: preconditionFailure("not a pattern")
        case .prefix: prefixes.remove(node)
        case .wildcard: wildcards.remove(node)
        }
        realms[Int(realm)].count -= 1
        count -= 1
    }

    /// What is stored at the node of a pattern.
    func value(_ match: MatchPolicy, node: UInt32) -> UInt32 {
        switch match {
        case .exact: preconditionFailure("not a pattern")
        case .prefix: prefixes.value(at: node)
        case .wildcard: wildcards.value(at: node)
        }
    }

    /// Appends the numbers of all patterns that a URI matches: the prefixes, the shortest first, then the wildcards,
    /// the most specific first.
    mutating func collect(_ realm: UInt32, _ uri: Span<UInt8>, into list: inout FlatList<UInt32>) {
        guard hasPatterns(realm) else { return }
        let roots = realms[Int(realm)]
        if roots.prefixes != PatternIndex.none { prefixes.collect(roots.prefixes, uri, into: &list) }
        if roots.wildcards != PatternIndex.none {
            wildcards.collect(roots.wildcards, uri, limit: .max >> 1, into: &list)
        }
    }

    /// The number of the pattern that a call of `uri` goes to: the longest prefix, or else the wildcard with the
    /// longest first run of literal components, then the second, and so on. `scratch` is a list to work in.
    mutating func best(_ realm: UInt32, _ uri: Span<UInt8>, scratch: inout FlatList<UInt32>) -> Int? {
        guard hasPatterns(realm) else { return nil }
        let roots = realms[Int(realm)]
        scratch.removeAll(keepingCapacity: true)
        if roots.prefixes != PatternIndex.none { prefixes.collect(roots.prefixes, uri, into: &scratch) }
        if scratch.isEmpty, roots.wildcards != PatternIndex.none {
            wildcards.collect(roots.wildcards, uri, limit: 1, into: &scratch)
        }
        return scratch.popLast().map { Int($0) }
    }

    /// Traps when something is left of patterns that were removed. For tests.
    func checkInvariants() {
        var total = 0
        var prefixRoots = 0
        var wildcardRoots = 0
        for index in 0..<realms.count {
            total += Int(realms[index].count)
            if realms[index].prefixes != PatternIndex.none { prefixRoots += 1 }
            if realms[index].wildcards != PatternIndex.none { wildcardRoots += 1 }
        }
        precondition(total == count)
        precondition(prefixes.count <= prefixRoots + count)
        prefixes.checkInvariants()
        guard isEmpty else { return }
        precondition(prefixes.count == prefixRoots && wildcards.isEmpty(butFor: wildcardRoots))
    }
}
