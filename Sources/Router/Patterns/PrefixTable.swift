import RennbahnBytes

/// Prefixes of URIs, as bytes, each with a number: a hash table that is asked for the beginning of the URI at each
/// length that a prefix has. Any number of sets of prefixes share its storage, each with a root.
///
/// ```
/// lengths in use:   4, 12, 13          last octets at 12: "."
/// com.example.x.y   com. ✓
///                   com.example. ✓     asked for, since its last octet is a "."
///                   com.example.x      asked for when some prefix of 13 octets ends with "x", or one like it
/// ```
/// Most prefixes end with a dot, so that few lengths need a look at the table, and those looks do not wait for one
/// another, as the steps of a trie do. Peers may store prefixes of all lengths, up to `RouterLimits.uriLength`:
/// then a lookup makes as many short steps, since the hash of a beginning continues that of the shorter one.
struct PrefixTable: ~Copyable {
    static var none: UInt32 { .max }

    /// The lengths of the prefixes under a root. Not private: the compiler does not get along with a private type that
    /// cannot be copied in another file's `deinit`.
    struct Lengths: ~Copyable {
        /// A bit for each length in use.
        var used = FlatList<UInt64>()
        /// How many prefixes have the length.
        var counts = FlatList<UInt32>()
        /// The last octets of prefixes of the length, by their low six bits. One that is gone is forgotten with the
        /// last prefix of its length: until then it costs a look in vain.
        var ends = FlatList<UInt64>()

        mutating func add(_ length: Int, last: UInt8) {
            used.extend(to: length / 64 + 1, with: 0)
            counts.extend(to: length + 1, with: 0)
            ends.extend(to: length + 1, with: 0)
            used[length / 64] |= 1 << UInt64(length % 64)
            counts[length] += 1
            ends[length] |= 1 << UInt64(last & 63)
        }

        mutating func remove(_ length: Int) {
            counts[length] -= 1
            guard counts[length] == 0 else { return }
            used[length / 64] &= ~(1 << UInt64(length % 64))
            ends[length] = 0
        }
    }

    /// Hashes longer and longer beginnings of a URI. The result depends on the beginning alone.
    private struct Hasher {
        private let secret: UInt64
        private var state: UInt64
        private var taken = 0

        init(_ hash: ByteHash) {
            state = hash.seed
            secret = ByteHash.fold(hash.seed ^ 0x9e37_79b9_7f4a_7c15, 0xe703_7ed1_a0b4_28db)
        }

        /// The hash of the first `length` bytes, which are not fewer than the time before.
        @inline(__always)
        mutating func hash(_ uri: Span<UInt8>, _ length: Int) -> UInt64 {
            while taken &+ 8 <= length {
                state = ByteHash.fold(state ^ uri.littleEndianWord(at: taken), 0xa076_1d64_78bd_642f)
                taken &+= 8
            }
            var rest: UInt64 = 0
            if taken &+ 8 <= uri.count {
                rest = uri.littleEndianWord(at: taken) & (1 << UInt64((length &- taken) &* 8) &- 1)
            } else {
                for index in taken..<length { rest |= UInt64(uri[index]) << UInt64((index &- taken) &* 8) }
            }
            return ByteHash.fold(state ^ rest, secret ^ UInt64(truncatingIfNeeded: length))
        }
    }

    private let hash: ByteHash
    private var roots = Pool<Lengths>()
    /// By (root, prefix).
    private var prefixes: URIMap<UInt32>

    init(hash: ByteHash) {
        self.hash = hash
        prefixes = URIMap(hash: hash)
    }

    /// Prefixes and roots.
    var count: Int { prefixes.count + roots.count }

    /// Octets of the prefixes; what their lengths take is of the realms.
    var octets: Int { prefixes.octets }

    var capacityOctets: Int { prefixes.capacityOctets }

    mutating func compact() { prefixes.compact() }

    mutating func makeRoot() -> UInt32 {
        UInt32(roots.insert(Lengths()))
    }

    func value(at node: UInt32) -> UInt32 { prefixes[Int(node)] }

    /// Appends the numbers of the prefixes of `uri`, the shortest first.
    func collect(_ root: UInt32, _ uri: Span<UInt8>, into list: inout FlatList<UInt32>) {
        var hasher = Hasher(hash)
        for place in 0..<roots[root].used.count {
            var lengths = roots[root].used[place]
            while lengths != 0 {
                let length = place &* 64 &+ lengths.trailingZeroBitCount
                lengths &= lengths &- 1
                guard length <= uri.count else { return }
                let last = length > 0 ? uri[length &- 1] : 0
                guard roots[root].ends[length] >> UInt64(last & 63) & 1 != 0 else { continue }
                let hash = hasher.hash(uri, length)
                guard let prefix = prefixes.find(root, uri.extracting(0..<length), hash: hash) else { continue }
                list.append(prefixes[prefix])
            }
        }
    }

    /// Adds a prefix that is not there, and returns its node, which stays the same until it is removed.
    mutating func insert(_ root: UInt32, _ prefix: Span<UInt8>, _ value: UInt32) -> UInt32 {
        var hasher = Hasher(hash)
        let hash = hasher.hash(prefix, prefix.count)
        precondition(prefixes.find(root, prefix, hash: hash) == nil, "the prefix is in the table")
        roots[root].add(prefix.count, last: prefix.isEmpty ? 0 : prefix[prefix.count - 1])
        return UInt32(prefixes.insert(root, prefix, hash: hash, value))
    }

    /// Removes a prefix.
    mutating func remove(_ node: UInt32) {
        roots[prefixes.space(Int(node))].remove(prefixes.byteCount(Int(node)))
        prefixes.remove(Int(node))
    }

    /// Traps when the lengths are not those of the prefixes. For tests.
    func checkInvariants() {
        var counts: [[UInt32: Int]] = []
        for node in 0..<prefixes.usedSlots where prefixes.contains(node) {
            let root = prefixes.space(node)
            while counts.count <= Int(root) { counts.append([:]) }
            counts[Int(root)][UInt32(prefixes.byteCount(node)), default: 0] += 1
        }
        for root in 0..<roots.usedSlots {
            for length in 0..<roots[root].counts.count {
                let expected = root < counts.count ? counts[root][UInt32(length)] ?? 0 : 0
                precondition(Int(roots[root].counts[length]) == expected)
                precondition((roots[root].used[length / 64] >> UInt64(length % 64) & 1 == 1) == (expected > 0))
                precondition((roots[root].ends[length] != 0) == (expected > 0))
            }
        }
    }
}
