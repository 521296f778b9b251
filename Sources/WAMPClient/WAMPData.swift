/// A value in the arguments of a WAMP message: what JSON and MsgPack both have a form for.
///
/// Literals make values, so that arguments read as they are meant: `["pump", 3, 0.5, true, nil, ["unit": "bar"]]`.
/// A value of another type than expected gives `nil` from the accessors, never a trap.
public enum WAMPData: Sendable, Hashable {
    /// No value.
    case null
    /// A truth value.
    case bool(Bool)
    /// Every integer that fits; ``init(_:)-(UInt64)`` keeps to that.
    case integer(Int64)
    /// An integer above `Int64.max`, and no other.
    case unsigned(UInt64)
    /// A number with a fraction. JSON has no form for infinities and NaN: sending them there is an error.
    case double(Double)
    /// A text. In JSON a text that starts with U+0000 would mean binary data (WAMP specification, "Binary conversion of
    /// JSON Strings"): sending it there is an error.
    case string(String)
    /// Bytes; in JSON they travel as Base64.
    case binary([UInt8])
    /// Values in order.
    case list([WAMPData])
    /// Values by name; the order of the wire is not kept, and of a name that occurs twice the last counts.
    case dictionary([String: WAMPData])

    /// An integer.
    public init(_ value: Int) {
        self = .integer(Int64(value))
    }

    /// An integer: ``integer(_:)`` where that has room, else ``unsigned(_:)``.
    public init(_ value: UInt64) {
        self = Int64(exactly: value).map(WAMPData.integer) ?? .unsigned(value)
    }

    /// A number with a fraction.
    public init(_ value: Double) {
        self = .double(value)
    }

    /// A text.
    public init(_ value: String) {
        self = .string(value)
    }

    /// A truth value.
    public init(_ value: Bool) {
        self = .bool(value)
    }

    // MARK: Accessors

    /// Whether this is ``null``.
    public var isNull: Bool { self == .null }

    /// The truth value.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The integer, where `Int` has room for it.
    public var intValue: Int? {
        if case .integer(let value) = self { Int(exactly: value) } else { nil }
    }

    /// Any number, rounded where `Double` has no exact form.
    public var doubleValue: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .double(let value): value
        case .null, .bool, .string, .binary, .list, .dictionary: nil
        }
    }

    /// The text.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The bytes.
    public var binaryValue: [UInt8]? {
        if case .binary(let value) = self { value } else { nil }
    }

    /// The values of a list.
    public var listValue: [WAMPData]? {
        if case .list(let value) = self { value } else { nil }
    }

    /// The values of a dictionary.
    public var dictionaryValue: [String: WAMPData]? {
        if case .dictionary(let value) = self { value } else { nil }
    }

    /// The value of a name when this is a dictionary that has it.
    public subscript(name: String) -> WAMPData? { dictionaryValue?[name] }

    /// The value at an index when this is a list that has it.
    public subscript(index: Int) -> WAMPData? {
        guard case .list(let values) = self, values.indices.contains(index) else { return nil }
        return values[index]
    }
}

// MARK: Literals

extension WAMPData: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    /// ``null``
    public init(nilLiteral: ()) { self = .null }

    /// ``bool(_:)``
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// ``integer(_:)``
    public init(integerLiteral value: Int64) { self = .integer(value) }

    /// ``double(_:)``
    public init(floatLiteral value: Double) { self = .double(value) }

    /// ``string(_:)``
    public init(stringLiteral value: String) { self = .string(value) }

    /// ``list(_:)``
    public init(arrayLiteral elements: WAMPData...) { self = .list(elements) }

    /// ``dictionary(_:)``; of a name that occurs twice the last counts.
    public init(dictionaryLiteral elements: (String, WAMPData)...) {
        self = .dictionary(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
}

extension WAMPData: CustomStringConvertible {
    /// The value as a literal of it would read; of binary data only the length.
    public var description: String {
        switch self {
        case .null: "nil"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .unsigned(let value): "\(value)"
        case .double(let value): "\(value)"
        case .string(let value): value.debugDescription
        case .binary(let value): "<\(value.count) bytes>"
        case .list(let values): "\(values)"
        case .dictionary(let values): "\(values)"
        }
    }
}
