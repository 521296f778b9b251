import Bytes

/// Patterns of URI components of which the empty ones stand for any one component, each with a number: a trie by
/// components. Any number of tries share its storage, each with a root.
///
/// ```
/// root ── com ── any ── create → 3        "com..create"
///   │      └──── a ──── any    → 5        "com.a."
///   └─── any ── start          → 8        ".start"
/// ```
/// A lookup goes through the nodes whose path fits the beginning of the URI, at most two for each node of the level
/// above, and only those that are stored. With ``maximumComponents`` components to a pattern that is less than
/// 2 ^ (``maximumComponents`` + 1) nodes, whatever peers have stored; ordinary patterns make it a handful. Components
/// are numbered when a pattern is stored, so that each component of the URI is hashed once.
struct WildcardTrie: ~Copyable {
    static var none: UInt32 { .max }
    private static let dot = UInt8(ascii: ".")

    private struct Node: BitwiseCopyable {
        /// `none` at a root.
        var parent: UInt32
        /// The number of the component that leads here, or `none` where any does.
        var component: UInt32
        /// The number of the pattern that ends here, or `none`.
        var value = WildcardTrie.none
        /// The child that any component leads to, or `none`.
        var any = WildcardTrie.none
        /// How many children have a component of their own.
        var literals: UInt32 = 0
    }

    private struct Visit: BitwiseCopyable {
        var node: UInt32
        /// Components between the root and the node.
        var depth: UInt32
    }

    /// A pattern has at most so many components.
    let maximumComponents: Int
    private var nodes = Pool<Node>()
    /// From (node, number of a component) to the child.
    private var edges: PairTable
    /// The components of all patterns, numbered; each with how many nodes it leads to.
    private var components: URIMap<UInt32>
    /// Of a lookup, kept for the next one: the numbers of the URI's components, and the nodes to go to.
    private var parts = FlatList<UInt32>()
    private var open = FlatList<Visit>()

    init(hash: ByteHash, maximumComponents: Int) {
        self.maximumComponents = maximumComponents
        edges = PairTable(seed: hash.seed)
        components = URIMap(hash: hash)
    }

    var nodeCount: Int { nodes.count }

    mutating func makeRoot() -> UInt32 {
        UInt32(nodes.insert(Node(parent: WildcardTrie.none, component: WildcardTrie.none)))
    }

    func value(at node: UInt32) -> UInt32 { nodes[node].value }

    /// How many components a URI has.
    static func componentCount(_ uri: Span<UInt8>) -> Int {
        var count = 1
        for index in uri.indices where uri[index] == dot { count &+= 1 }
        return count
    }

    /// Where the component that starts at `start` ends.
    private static func end(_ uri: Span<UInt8>, from start: Int) -> Int {
        var end = start
        while end < uri.count, uri[end] != dot { end &+= 1 }
        return end
    }

    /// Appends the numbers of the patterns that `uri` matches, up to `limit` of them, the most specific first: of two
    /// the one that has a literal component where they differ for the first time.
    ///
    /// The patterns have as many components as the URI, so this is the order by the length of the first run of literal
    /// components, then of the second, and so on.
    /// - Returns: how many nodes it went through.
    @discardableResult
    mutating func collect(
        _ root: UInt32, _ uri: Span<UInt8>, limit: Int, into list: inout FlatList<UInt32>
    ) -> Int {
        guard split(uri) else { return 0 }
        let bound = list.count + limit
        var visits = 0
        open.append(Visit(node: root, depth: 0))
        while let visit = open.popLast() {
            visits &+= 1
            let node = nodes[visit.node]
            guard Int(visit.depth) < parts.count else {
                if node.value != WildcardTrie.none { list.append(node.value) }
                if list.count >= bound { break }
                continue
            }
            if node.any != WildcardTrie.none { open.append(Visit(node: node.any, depth: visit.depth &+ 1)) }
            let part = parts[Int(visit.depth)]
            if node.literals > 0, part != WildcardTrie.none, let child = edges.find(visit.node, UInt64(part)) {
                open.append(Visit(node: UInt32(truncatingIfNeeded: child), depth: visit.depth &+ 1))
            }
        }
        open.removeAll(keepingCapacity: true)
        return visits
    }

    /// Numbers the components of a URI; false when there are more than any pattern has.
    private mutating func split(_ uri: Span<UInt8>) -> Bool {
        parts.removeAll(keepingCapacity: true)
        var start = 0
        while start <= uri.count {
            guard parts.count < maximumComponents else { return false }
            let end = WildcardTrie.end(uri, from: start)
            let known = components.find(0, uri.extracting(start..<end))
            parts.append(known.map { UInt32(truncatingIfNeeded: $0) } ?? WildcardTrie.none)
            start = end &+ 1
        }
        return true
    }

    /// Adds a pattern that is not there and has at most ``maximumComponents`` components, and returns its node, which
    /// stays the same until it is removed.
    mutating func insert(_ root: UInt32, _ pattern: Span<UInt8>, _ value: UInt32) -> UInt32 {
        var node = root
        var start = 0
        while start <= pattern.count {
            let end = WildcardTrie.end(pattern, from: start)
            node = child(of: node, pattern.extracting(start..<end))
            start = end + 1
        }
        precondition(nodes[node].value == WildcardTrie.none, "the pattern is in the trie")
        nodes[node].value = value
        return node
    }

    /// The child that a component of a pattern leads to, which is made when it is new.
    private mutating func child(of parent: UInt32, _ component: Span<UInt8>) -> UInt32 {
        guard !component.isEmpty else {
            if nodes[parent].any != WildcardTrie.none { return nodes[parent].any }
            let child = UInt32(nodes.insert(Node(parent: parent, component: WildcardTrie.none)))
            nodes[parent].any = child
            return child
        }
        let number = components.find(0, component) ?? components.insert(0, component, 0)
        if let child = edges.find(parent, UInt64(number)) { return UInt32(child) }
        let child = nodes.insert(Node(parent: parent, component: UInt32(number)))
        edges.insert(parent, UInt64(number), child)
        components[number] += 1
        nodes[parent].literals += 1
        return UInt32(child)
    }

    /// Removes the pattern that ends at a node, and the nodes that led only there.
    mutating func remove(_ node: UInt32) {
        precondition(nodes[node].value != WildcardTrie.none)
        nodes[node].value = WildcardTrie.none
        var node = node
        while true {
            let spent = nodes[node]
            let isNeeded = spent.value != WildcardTrie.none || spent.any != WildcardTrie.none || spent.literals > 0
            guard !isNeeded, spent.parent != WildcardTrie.none else { return }
            if spent.component == WildcardTrie.none {
                nodes[spent.parent].any = WildcardTrie.none
            } else {
                let number = Int(spent.component)
                edges.remove(spent.parent, UInt64(number))
                nodes[spent.parent].literals -= 1
                components[number] -= 1
                if components[number] == 0 { components.remove(number) }
            }
            nodes.remove(Int(node))
            node = spent.parent
        }
    }

    /// Whether nothing is stored besides `roots` roots.
    func isEmpty(butFor roots: Int) -> Bool { nodes.count == roots && edges.isEmpty && components.isEmpty }
}
