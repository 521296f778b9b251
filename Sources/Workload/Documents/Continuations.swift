package import RennbahnBytes
package import RennbahnWAMP

/// What follows the stamped text in the octets of each message: the document and the brackets that close, written once for each
/// variant, so that a message costs a copy, and its check a comparison.
///
/// ```
/// JSON     ["<stamp>",{"a":1}]        MsgPack  0x92 0xd9 32 <stamp> 0x81 0xa1 'a' 1
///                   └────────┘ continuation                        └─────────────┘
/// ```
package struct Continuations: ~Copyable {
    private var octets = ByteBuffer()
    /// Where each variant's octets end.
    private var ends = FlatList<Int>()

    /// Nothing follows.
    package init() {
        ends.append(0)
    }

    /// - Parameters:
    ///   - documents: `nil`: only what closes follows.
    ///   - closing: brackets of JSON.
    package init(_ documents: DocumentSet?, serializer: Serializer, closing: StaticString) {
        let variants = documents?.variants ?? []
        for variant in variants {
            if serializer == .json { octets.append("\",") }
            variant.encode(serializer, into: &octets)
            if serializer == .json { octets.append(closing) }
            ends.append(octets.count)
        }
        guard variants.isEmpty else { return }
        if serializer == .json {
            octets.append("\"")
            octets.append(closing)
        }
        ends.append(octets.count)
    }

    private func range(of stamp: Stamp) -> Range<Int> {
        let variant = DocumentSet.variant(of: stamp, count: ends.count)
        return (variant == 0 ? 0 : ends[variant &- 1])..<ends[variant]
    }

    /// Appends what follows this stamp.
    package func append(of stamp: Stamp, to buffer: inout ByteBuffer) {
        buffer.append(octets.span.extracting(range(of: stamp)))
    }

    /// Whether `bytes` are what follows this stamp.
    package func matches(_ stamp: Stamp, _ bytes: Span<UInt8>) -> Bool {
        bytes.equals(octets.span.extracting(range(of: stamp)))
    }
}
