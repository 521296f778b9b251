import RennbahnBytes

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
/// 2 ^ (``maximumComponents`` + 1) nodes, whatever peers have stored; ordinary patterns make it a handful. Nodes are
/// interned by (parent, component), so that a step down waits for a bucket and the node itself, no more; each component
/// of the URI is hashed once.
struct WildcardTrie: ~Copyable {
    static var none: UInt32 { .max }
    private static let dot = UInt8(ascii: ".")

    private struct Node: BitwiseCopyable {
        /// `none` at a root.
        var parent: UInt32
        /// Whether any component leads here.
        var isAny = false
        /// The number of the pattern that ends here, or `none`.
        var value = WildcardTrie.none
        /// The child that any component leads to, or `none`.
        var any = WildcardTrie.none
        /// How many children have a component of their own.
        var literals: UInt32 = 0
    }

    /// A component of a URI: where it is, and its hash.
    private struct Part: BitwiseCopyable {
        var start: Int
        var end: Int
        var hash: UInt64
    }

    private struct Visit: BitwiseCopyable {
        var node: UInt32
        /// Components between the root and the node.
        var depth: UInt32
    }

    /// A pattern has at most so many components.
    let maximumComponents: Int
    /// By (parent, component), which is empty for the child that any component leads to. Roots are the children of
    /// `none`, numbered.
    private var nodes: URIMap<Node>
    private var roots: UInt32 = 0
    /// Of a lookup, kept for the next one: the URI's components, and the nodes to go to.
    private var parts = FlatList<Part>()
    private var open = FlatList<Visit>()

    init(hash: ByteHash, maximumComponents: Int) {
        self.maximumComponents = maximumComponents
        nodes = URIMap(hash: hash)
    }

    var nodeCount: Int { nodes.count }

    /// Octets of the nodes, but for the roots, which stay.
    var octets: Int { nodes.octets - Int(roots) * URIMap<Node>.octets(ofURI: 0) }

    var capacityOctets: Int { nodes.capacityOctets }

    mutating func compact() { nodes.compact() }

    mutating func makeRoot() -> UInt32 {
        let name = Array(String(roots).utf8)
        roots += 1
        return UInt32(nodes.insert(WildcardTrie.none, name.span, Node(parent: WildcardTrie.none)))
    }

    func value(at node: UInt32) -> UInt32 { nodes[Int(node)].value }

    /// How many components a URI has.
    static func componentCount(_ uri: Span<UInt8>) -> Int {
        var count = 1
        for index in uri.indices where uri[index] == dot { count &+= 1 }
        return count
    }

    /// Where the component that starts at `start` ends.
    private static func end(_ uri: Span<UInt8>, from start: Int) -> Int {
        var end = start
        while end &+ 8 <= uri.count {
            // The lowest bit of `dots` that is set stands in the first octet that is a dot.
            let word = uri.littleEndianWord(at: end) ^ 0x2e2e_2e2e_2e2e_2e2e
            let dots = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
            if dots != 0 { return end &+ dots.trailingZeroBitCount / 8 }
            end &+= 8
        }
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
            let node = nodes[Int(visit.node)]
            guard Int(visit.depth) < parts.count else {
                if node.value != WildcardTrie.none { list.append(node.value) }
                if list.count >= bound { break }
                continue
            }
            if node.any != WildcardTrie.none { open.append(Visit(node: node.any, depth: visit.depth &+ 1)) }
            let part = parts[Int(visit.depth)]
            guard node.literals > 0, part.end > part.start else { continue }
            if let child = nodes.find(visit.node, uri.extracting(part.start..<part.end), hash: part.hash) {
                open.append(Visit(node: UInt32(truncatingIfNeeded: child), depth: visit.depth &+ 1))
            }
        }
        open.removeAll(keepingCapacity: true)
        return visits
    }

    /// Lists the components of a URI; false when there are more than any pattern has.
    private mutating func split(_ uri: Span<UInt8>) -> Bool {
        parts.removeAll(keepingCapacity: true)
        var start = 0
        while start <= uri.count {
            guard parts.count < maximumComponents else { return false }
            let end = WildcardTrie.end(uri, from: start)
            parts.append(Part(start: start, end: end, hash: nodes.hash(of: uri.extracting(start..<end))))
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
        precondition(nodes[Int(node)].value == WildcardTrie.none, "the pattern is in the trie")
        nodes[Int(node)].value = value
        return node
    }

    /// The child that a component of a pattern leads to, which is made when it is new.
    private mutating func child(of parent: UInt32, _ component: Span<UInt8>) -> UInt32 {
        if let child = nodes.find(parent, component) { return UInt32(child) }
        let child = UInt32(nodes.insert(parent, component, Node(parent: parent, isAny: component.isEmpty)))
        if component.isEmpty { nodes[Int(parent)].any = child } else { nodes[Int(parent)].literals += 1 }
        return child
    }

    /// Removes the pattern that ends at a node, and the nodes that led only there.
    mutating func remove(_ node: UInt32) {
        precondition(nodes[Int(node)].value != WildcardTrie.none)
        nodes[Int(node)].value = WildcardTrie.none
        var node = Int(node)
        while true {
            let spent = nodes[node]
            let isNeeded = spent.value != WildcardTrie.none || spent.any != WildcardTrie.none || spent.literals > 0
            guard !isNeeded, spent.parent != WildcardTrie.none else { return }
            nodes.remove(node)
            node = Int(spent.parent)
            if spent.isAny { nodes[node].any = WildcardTrie.none } else { nodes[node].literals -= 1 }
        }
    }

    /// Whether nothing is stored besides `roots` roots.
    func isEmpty(butFor roots: Int) -> Bool { nodes.count == roots }
}
