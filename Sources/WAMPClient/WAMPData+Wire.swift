import RennbahnWAMP

// Between the public values and those of the codecs.

extension WAMPData {
    /// How deep a value may be nested to be sent. MsgPack readers stop at 32 levels, of which the list of arguments and
    /// the message around it take two; see ``WAMPValue/decode(_:serializer:)``.
    static let maxDepth = 30

    init(_ value: WAMPValue) {
        switch value {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .integer(let number): self = .integer(number)
        case .unsigned(let number): self = WAMPData(number)
        case .double(let number): self = .double(number)
        case .string(let text): self = .string(text)
        case .binary(let bytes): self = .binary(bytes)
        case .list(let items): self = .list(items.map { WAMPData($0) })
        case .dictionary(let pairs): self = .dictionary(WAMPData.names(pairs))
        }
    }

    static func names(_ dictionary: WAMPDictionary) -> [String: WAMPData] {
        var values: [String: WAMPData] = [:]
        for pair in dictionary.pairs { values[pair.key] = WAMPData(pair.value) }
        return values
    }

    /// The value for a codec.
    ///
    /// - Throws: ``WAMPError/Code/usage`` for what the serializer has no form for.
    func value(for serializer: Serializer, depth: Int = 1) throws(WAMPError) -> WAMPValue {
        guard depth <= WAMPData.maxDepth else {
            throw WAMPError(.usage, message: "a value is nested deeper than \(WAMPData.maxDepth) levels")
        }
        switch self {
        case .null: return .null
        case .bool(let flag): return .bool(flag)
        case .integer(let number): return .integer(number)
        case .unsigned(let number): return WAMPValue(number)
        case .double(let number):
            guard serializer != .json || number.isFinite else {
                throw WAMPError(.usage, message: "JSON has no form for \(number)")
            }
            return .double(number)
        case .string(let text):
            try WAMPData.check(text, for: serializer)
            return .string(text)
        case .binary(let bytes): return .binary(bytes)
        case .list(let items): return .list(try WAMPData.list(items, for: serializer, depth: depth + 1))
        case .dictionary(let values):
            return .dictionary(try WAMPData.dictionary(values, for: serializer, depth: depth + 1))
        }
    }

    static func list(
        _ items: [WAMPData], for serializer: Serializer, depth: Int = 1
    ) throws(WAMPError) -> [WAMPValue] {
        var values: [WAMPValue] = []
        values.reserveCapacity(items.count)
        for item in items { values.append(try item.value(for: serializer, depth: depth)) }
        return values
    }

    static func dictionary(
        _ values: [String: WAMPData], for serializer: Serializer, depth: Int = 1
    ) throws(WAMPError) -> WAMPDictionary {
        var pairs: [WAMPDictionary.Pair] = []
        pairs.reserveCapacity(values.count)
        for (name, value) in values {
            try check(name, for: serializer)
            pairs.append(WAMPDictionary.Pair(key: name, value: try value.value(for: serializer, depth: depth)))
        }
        return WAMPDictionary(pairs)
    }

    private static func check(_ text: String, for serializer: Serializer) throws(WAMPError) {
        guard serializer == .json, text.utf8.first == 0 else { return }
        throw WAMPError(.usage, message: "a text that starts with U+0000 would mean binary data in JSON")
    }
}
