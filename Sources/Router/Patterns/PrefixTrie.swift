import Bytes

/// Prefixes of URIs, as bytes, each with a number: a radix trie. Any number of tries share its storage, each with a root.
///
/// ```
///                   "com."  → 7
///                  ╱        ╲
///         "example.a" → 3    "x"          no number: here the ways part
///                           ╱   ╲
///                     "a." → 9   "b" → 4
/// ```
/// A lookup walks down along the URI, so it compares each byte of it at most once, however many prefixes are stored.
/// A node that has no number has two children or more, but for a root: there are at most twice as many nodes as prefixes.
struct PrefixTrie: ~Copyable {
    static var none: UInt32 { .max }

    /// Not private: the compiler does not get along with a private type that cannot be copied in another file's `deinit`.
    struct Node: ~Copyable {
        /// The bytes from the parent to here: empty at a root, and only there.
        var label: ByteBuffer
        /// `none` at a root.
        var parent: UInt32
        /// The number of the prefix that ends here, or `none`.
        var value: UInt32
        var children: UInt32 = 0
        /// The indices of all children, combined by exclusive or: the index of the child where there is one.
        var onlyChild: UInt32 = 0

        init(label: Span<UInt8>, parent: UInt32, value: UInt32 = .max) {
            self.label = ByteBuffer(capacity: label.count)
            self.label.append(label)
            self.parent = parent
            self.value = value
        }

        /// How many bytes of the label stand in `uri` from `position` on.
        func common(with uri: Span<UInt8>, at position: Int) -> Int {
            let label = self.label.span
            let bound = min(label.count, uri.count &- position)
            var count = 0
            while count < bound, label[count] == uri[position &+ count] { count &+= 1 }
            return count
        }

        func isWhole(in uri: Span<UInt8>, at position: Int) -> Bool {
            label.count <= uri.count &- position
                && label.span.equals(uri.extracting(position..<position &+ label.count))
        }

        /// Puts the bytes of another node's label in front of the label.
        mutating func extend(over other: borrowing Node) {
            var longer = ByteBuffer(capacity: other.label.count + label.count)
            longer.append(other.label.span)
            longer.append(label.span)
            label = longer
        }
    }

    private var nodes = Pool<Node>()
    /// From (node, first byte of the child's label) to the child.
    private var edges: PairTable

    init(hash: ByteHash) {
        edges = PairTable(seed: hash.seed)
    }

    var nodeCount: Int { nodes.count }

    mutating func makeRoot() -> UInt32 {
        UInt32(nodes.insert(Node(label: Span(), parent: PrefixTrie.none)))
    }

    func value(at node: UInt32) -> UInt32 { nodes[node].value }

    /// Appends the numbers of the prefixes of `uri`, the shortest first.
    func collect(_ root: UInt32, _ uri: Span<UInt8>, into list: inout FlatList<UInt32>) {
        var node = root
        var position = 0
        while true {
            let value = nodes[node].value
            if value != PrefixTrie.none { list.append(value) }
            guard position < uri.count, let child = edges.find(node, UInt64(uri[position])),
                nodes[child].isWhole(in: uri, at: position)
            else { return }
            position &+= nodes[child].label.count
            node = UInt32(truncatingIfNeeded: child)
        }
    }

    /// Adds a prefix that is not there, and returns its node, which stays the same until it is removed.
    mutating func insert(_ root: UInt32, _ prefix: Span<UInt8>, _ value: UInt32) -> UInt32 {
        var node = root
        var position = 0
        while position < prefix.count {
            guard let child = edges.find(node, UInt64(prefix[position])) else {
                let leaf = Node(label: prefix.extracting(position..<prefix.count), parent: node)
                node = adopt(leaf, by: node)
                break
            }
            let common = nodes[child].common(with: prefix, at: position)
            position += common
            node = common == nodes[child].label.count ? UInt32(child) : split(UInt32(child), at: common)
        }
        precondition(nodes[node].value == PrefixTrie.none, "the prefix is in the trie")
        nodes[node].value = value
        return node
    }

    private mutating func adopt(_ node: consuming Node, by parent: UInt32) -> UInt32 {
        let first = node.label.span[0]
        let child = UInt32(nodes.insert(node))
        edges.insert(parent, UInt64(first), Int(child))
        nodes[parent].children += 1
        nodes[parent].onlyChild ^= child
        return child
    }

    /// Parts a node's label: the first `count` bytes go to a new node between its parent and it.
    private mutating func split(_ lower: UInt32, at count: Int) -> UInt32 {
        let parent = nodes[lower].parent
        let upper = UInt32(nodes.insert(Node(label: Span(), parent: parent)))
        let first = nodes[lower].label.span[0]
        nodes[upper].label.append(nodes[lower].label.span.extracting(0..<count))
        nodes[lower].label.removeFirst(count)
        nodes[lower].parent = upper
        edges.remove(parent, UInt64(first))
        edges.insert(parent, UInt64(first), Int(upper))
        edges.insert(upper, UInt64(nodes[lower].label.span[0]), Int(lower))
        nodes[parent].onlyChild ^= lower ^ upper
        nodes[upper].children = 1
        nodes[upper].onlyChild = lower
        return upper
    }

    /// Removes the prefix that ends at a node.
    mutating func remove(_ node: UInt32) {
        precondition(nodes[node].value != PrefixTrie.none)
        nodes[node].value = PrefixTrie.none
        let parent = nodes[node].parent
        guard parent != PrefixTrie.none, nodes[node].children <= 1 else { return }
        if nodes[node].children == 1 { return join(node) }
        edges.remove(parent, UInt64(nodes[node].label.span[0]))
        nodes[parent].children -= 1
        nodes[parent].onlyChild ^= node
        nodes.remove(Int(node))
        let isNeeded = nodes[parent].parent == PrefixTrie.none || nodes[parent].value != PrefixTrie.none
        if !isNeeded, nodes[parent].children == 1 { join(parent) }
    }

    /// Takes out a node that has no number and one child, which gets its label.
    private mutating func join(_ node: UInt32) {
        let parent = nodes[node].parent
        let child = nodes[node].onlyChild
        let first = nodes[node].label.span[0]
        edges.remove(node, UInt64(nodes[child].label.span[0]))
        edges.remove(parent, UInt64(first))
        edges.insert(parent, UInt64(first), Int(child))
        nodes[parent].onlyChild ^= node ^ child
        nodes[child].parent = parent
        nodes[child].extend(over: nodes[node])
        nodes.remove(Int(node))
    }
}
