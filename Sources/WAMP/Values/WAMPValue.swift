/// A value of a WAMP message as a tree: for details, options and whatever is not on the path of every message.
package enum WAMPValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// Only what ``integer(_:)`` has no room for; build with ``init(_:)-(UInt64)``.
    case unsigned(UInt64)
    case double(Double)
    case string(String)
    case binary([UInt8])
    case list([WAMPValue])
    case dictionary(WAMPDictionary)

    package init(_ value: UInt64) {
        self = Int64(exactly: value).map(WAMPValue.integer) ?? .unsigned(value)
    }

    // MARK: Accessors, `nil` for a value of another type

    package var isNull: Bool { self == .null }

    package var integerValue: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// An integer from 0 up.
    package var naturalValue: UInt64? {
        switch self {
        case .integer(let value): UInt64(exactly: value)
        case .unsigned(let value): value
        case .null, .bool, .double, .string, .binary, .list, .dictionary: nil
        }
    }

    package var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    package var listValue: [WAMPValue]? {
        if case .list(let value) = self { value } else { nil }
    }

    package var dictionaryValue: WAMPDictionary? {
        if case .dictionary(let value) = self { value } else { nil }
    }

    /// The value of a key when this is a dictionary that has it.
    package subscript(key: String) -> WAMPValue? { dictionaryValue?[key] }

    /// The item at an index when this is a list that has it.
    package subscript(index: Int) -> WAMPValue? {
        guard let list = listValue, list.indices.contains(index) else { return nil }
        return list[index]
    }
}

/// Pairs of a key and a value in the order of the wire.
package struct WAMPDictionary: Sendable, Equatable {
    package struct Pair: Sendable, Equatable {
        package var key: String
        package var value: WAMPValue

        package init(key: String, value: WAMPValue) {
            self.key = key
            self.value = value
        }
    }

    package var pairs: [Pair]

    package init(_ pairs: [Pair] = []) {
        self.pairs = pairs
    }

    package var isEmpty: Bool { pairs.isEmpty }
    package var count: Int { pairs.count }

    /// The value of a key; of a key that occurs twice the last counts. Setting `nil` removes the key.
    package subscript(key: String) -> WAMPValue? {
        get { pairs.last { $0.key == key }?.value }
        set {
            guard let newValue else { return pairs.removeAll { $0.key == key } }
            if let index = pairs.lastIndex(where: { $0.key == key }) {
                pairs[index].value = newValue
            } else {
                pairs.append(Pair(key: key, value: newValue))
            }
        }
    }
}

// MARK: Literals

extension WAMPDictionary: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, WAMPValue)...) {
        self.init(elements.map { Pair(key: $0.0, value: $0.1) })
    }
}

extension WAMPValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    package init(dictionaryLiteral elements: (String, WAMPValue)...) {
        self = .dictionary(WAMPDictionary(elements.map { WAMPDictionary.Pair(key: $0.0, value: $0.1) }))
    }

    package init(arrayLiteral elements: WAMPValue...) { self = .list(elements) }

    package init(stringLiteral value: String) { self = .string(value) }

    package init(integerLiteral value: Int64) { self = .integer(value) }

    package init(floatLiteral value: Double) { self = .double(value) }

    package init(booleanLiteral value: Bool) { self = .bool(value) }

    package init(nilLiteral: ()) { self = .null }
}
