package import RennbahnWAMP

/// What messages carry behind their stamps: one document in variants, of which each message of a sender has the next.
package struct DocumentSet: Equatable, Sendable {
    /// The kind's, or that of the user's file or folder, without the folders above it.
    package let name: String
    /// `nil`: the user's own.
    package let kind: DocumentKind?
    /// Empty for ``DocumentKind/stamp`` only.
    package let variants: [WAMPValue]
    /// Of each variant whether no dictionary has a key twice: which value an application then takes is not known, and no message
    /// carries it.
    private let areUnambiguous: [Bool]
    /// By the raw value of the serializer.
    private let sizes: [Sizes]

    /// Octets of all variants together, and of the largest.
    private struct Sizes: Equatable {
        var total = 0
        var largest = 0
    }

    /// Twice the window of DEFLATE: variants that together have more octets do not come again within the window, so that a
    /// compressor that keeps its context cannot refer to the same document before.
    package static let windowOctets = 65_536

    /// - Parameter variants: at least one.
    package init(name: String, variants: [WAMPValue]) {
        precondition(!variants.isEmpty)
        self.init(name, nil, variants)
    }

    private init(_ name: String, _ kind: DocumentKind?, _ variants: [WAMPValue]) {
        self.name = name
        self.kind = kind
        self.variants = variants
        areUnambiguous = variants.map { DocumentReader.repeatedKey(in: $0) == nil }
        sizes = Serializer.allCases.map { serializer in
            variants.reduce(into: Sizes()) { sizes, variant in
                let count = variant.octetCount(serializer)
                sizes.total += count
                sizes.largest = max(sizes.largest, count)
            }
        }
    }

    /// The variants of a kind, which together have more than ``windowOctets`` in each serializer; the same for the same seed.
    package static func shipped(_ kind: DocumentKind, seed: UInt64) -> DocumentSet {
        var generator = DocumentGenerator(kind, seed: seed)
        var variants: [WAMPValue] = []
        var octets = Serializer.allCases.map { _ in 0 }
        while octets.contains(where: { $0 <= windowOctets }), let variant = generator.next() {
            variants.append(variant)
            for serializer in Serializer.allCases { octets[Int(serializer.rawValue)] += variant.octetCount(serializer) }
        }
        return DocumentSet(kind.name, kind, variants)
    }

    /// Octets of all variants together.
    package func octets(_ serializer: Serializer) -> Int { sizes[Int(serializer.rawValue)].total }

    /// Mean of all variants; 0 where there is no document.
    package func meanOctets(_ serializer: Serializer) -> Double {
        variants.isEmpty ? 0 : Double(octets(serializer)) / Double(variants.count)
    }

    package func largestOctets(_ serializer: Serializer) -> Int { sizes[Int(serializer.rawValue)].largest }

    /// Which of `count` variants a message carries. A sender goes through all of them in turn, each sender from another one on.
    static func variant(of stamp: Stamp, count: Int) -> Int {
        guard count > 1 else { return 0 }
        let first = SplitMix64.mix(UInt64(truncatingIfNeeded: stamp.sender))
        return Int(truncatingIfNeeded: (first >> 16 &+ stamp.sequence) % UInt64(truncatingIfNeeded: count))
    }

    /// Whether `arguments` are what a message with this stamp carries behind it, in whatever form they came.
    package func isCarried(by stamp: Stamp, in arguments: ArraySlice<WAMPValue>) -> Bool {
        guard !variants.isEmpty else { return arguments.isEmpty }
        guard let document = arguments.first, arguments.count == 1 else { return false }
        let variant = DocumentSet.variant(of: stamp, count: variants.count)
        return areUnambiguous[variant] && document.means(variants[variant])
    }
}
