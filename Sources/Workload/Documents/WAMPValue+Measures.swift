import RennbahnBytes
import RennbahnWAMP

extension WAMPValue {
    func octetCount(_ serializer: Serializer) -> Int {
        var buffer = ByteBuffer()
        encode(serializer, into: &buffer)
        return buffer.count
    }

    /// Levels of lists and dictionaries; 0 for a value that is neither.
    var depth: Int {
        switch self {
        case .null, .bool, .integer, .unsigned, .double, .string, .binary: 0
        case .list(let items): 1 + (items.lazy.map(\.depth).max() ?? 0)
        case .dictionary(let dictionary): 1 + (dictionary.pairs.lazy.map(\.value.depth).max() ?? 0)
        }
    }

    /// Whether both are the same to an application: keys in any order, numbers in any form (1 and 1.0).
    ///
    /// - Parameter other: has no key twice in one dictionary, which is asked once, not for each value that it is compared with.
    func means(_ other: WAMPValue) -> Bool {
        switch (self, other) {
        case (.list(let own), .list(let others)):
            return own.count == others.count && zip(own, others).allSatisfy { $0.means($1) }
        case (.dictionary(let own), .dictionary(let others)):
            guard own.count == others.count else { return false }
            let values = Dictionary(own.pairs.lazy.map { (Array($0.key.utf8), $0.value) }, uniquingKeysWith: { $1 })
            guard values.count == own.count else { return false }
            return others.pairs.allSatisfy { values[Array($0.key.utf8)]?.means($0.value) ?? false }
        // Strings of Swift are equal where their letters are, however those are composed.
        case (.string(let own), .string(let other)):
            return own.utf8.elementsEqual(other.utf8)
        case (.integer(let whole), .double(let number)), (.double(let number), .integer(let whole)):
            return Int64(exactly: number) == whole
        case (.unsigned(let whole), .double(let number)), (.double(let number), .unsigned(let whole)):
            return UInt64(exactly: number) == whole
        default:
            return self == other
        }
    }
}

extension WAMPDictionary {
    /// The first key that occurred before.
    var repeatedKey: String? {
        var seen: Set<[UInt8]> = []
        return pairs.first { !seen.insert(Array($0.key.utf8)).inserted }?.key
    }
}
