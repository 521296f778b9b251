import RennbahnBytes
import RennbahnWAMP
import RennbahnWebSocketDeflate
import Testing

@testable import RennbahnWorkload

/// What is said of each kind, measured.
struct DocumentKindTests {
    private static let documented = DocumentKind.allCases.filter { $0 != .stamp }
    private static let shipped = DocumentKind.allCases.map { DocumentSet.shipped($0, seed: 1) }

    private func documents(_ kind: DocumentKind) throws -> DocumentSet {
        try #require(Self.shipped.first { $0.kind == kind })
    }

    private func encoded(_ value: WAMPValue, _ serializer: Serializer) -> [UInt8] {
        var buffer = ByteBuffer()
        value.encode(serializer, into: &buffer)
        return buffer.span.copied()
    }

    private func decoded(_ octets: [UInt8], _ serializer: Serializer) throws -> WAMPValue {
        try WAMPValue.decode(octets.span, serializer: serializer)
    }

    private func content(of leaf: WAMPValue) -> DocumentClasses.Content? {
        switch leaf {
        case .bool: .boolean
        case .integer, .unsigned, .double: .numeric
        case .string: .textual
        case .binary: .binary
        case .null, .list, .dictionary: nil
        }
    }

    private func leaves(of value: WAMPValue) -> [WAMPValue] {
        switch value {
        case .list(let items): items.flatMap { leaves(of: $0) }
        case .dictionary(let dictionary): dictionary.pairs.flatMap { leaves(of: $0.value) }
        default: [value]
        }
    }

    @Test func `There are twelve kinds, octets, and nothing but a stamp, by names that are stable`() {
        #expect(
            DocumentKind.allCases.map(\.name) == [
                "tick", "position", "flags", "chat", "sensors", "order", "permissions", "log", "matrix", "catalogue",
                "article", "telemetry", "binary", "stamp",
            ])
        #expect(DocumentKind.stamp.classes == nil)
        #expect(DocumentSet.shipped(.stamp, seed: 1).variants.isEmpty)
    }

    @Test func `Every size goes with every content but one, and each shape is redundant and not`() {
        let classes = Self.documented.filter { $0 != .binary }.compactMap(\.classes)
        #expect(Set(classes.map { "\($0.size) \($0.content)" }).count == 8)
        #expect(Set(classes.map { "\($0.isNested) \($0.isRedundant)" }).count == 4)
    }

    @Test(arguments: documented) func `Every variant lies in its size class`(kind: DocumentKind) throws {
        let classes = try #require(kind.classes)
        for variant in try documents(kind).variants {
            let octets = encoded(variant, .json).count
            let size: DocumentClasses.Size = octets < 100 ? .small : octets < 1000 ? .medium : .large
            #expect(size == classes.size && octets <= 8192, "\(octets) octets")
        }
    }

    @Test(arguments: documented) func `Most leaves are what the kind is of`(kind: DocumentKind) throws {
        let classes = try #require(kind.classes)
        for variant in try documents(kind).variants {
            let leaves = leaves(of: variant)
            let fitting = leaves.count { content(of: $0) == classes.content }
            #expect(fitting * 3 >= leaves.count * 2, "\(fitting) of \(leaves.count)")
        }
    }

    @Test(arguments: documented) func `A kind is nested where containers stand within others`(kind: DocumentKind) throws
    {
        let classes = try #require(kind.classes)
        for variant in try documents(kind).variants { #expect((variant.depth > 1) == classes.isNested) }
    }

    @Test(arguments: documented) func `A kind is redundant where one document compresses well`(
        kind: DocumentKind
    ) throws {
        let classes = try #require(kind.classes)
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: false)
        var pool = CodecPool(limits: CodecLimits())
        for variant in try documents(kind).variants {
            let octets = encoded(variant, .json)
            var compressed = ByteBuffer()
            let isDone = deflater.compress(octets.span, into: &compressed, pool: &pool)
            #expect(isDone)
            let share = Double(compressed.count) / Double(octets.count)
            #expect((share < 0.4) == classes.isRedundant, "\(share)")
        }
    }

    @Test(arguments: documented) func `Values come back from both serializers, through one another, too`(
        kind: DocumentKind
    ) throws {
        for variant in try documents(kind).variants {
            let fromJSON = try decoded(encoded(variant, .json), .json)
            #expect(fromJSON == variant)
            #expect(try decoded(encoded(fromJSON, .msgpack), .msgpack) == variant)
        }
    }

    @Test(arguments: documented) func `The same seed makes the same variants, another seed others`(kind: DocumentKind) {
        let variants = DocumentSet.shipped(kind, seed: 5).variants
        #expect(variants == DocumentSet.shipped(kind, seed: 5).variants)
        let others = Set(DocumentSet.shipped(kind, seed: 6).variants.map { encoded($0, .json) })
        #expect(!variants.contains { others.contains(encoded($0, .json)) })
    }

    @Test(arguments: documented) func `No variant comes again before twice the compressor's window is full`(
        kind: DocumentKind
    ) throws {
        let documents = try documents(kind)
        #expect(Set(documents.variants.map { encoded($0, .json) }).count == documents.variants.count)
        for serializer in Serializer.allCases { #expect(documents.octets(serializer) > 65_536) }
    }
}
