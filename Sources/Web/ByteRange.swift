/// The octets that a client asks for with `Range` (RFC 9110, section 14).
enum ByteRange: Equatable {
    /// All of it: nothing was asked for, or what this server may pass over, such as several ranges at once.
    case whole
    case part(Range<Int>)
    case unsatisfiable

    /// - Parameter count: octets that there are.
    init(_ field: String, of count: Int) {
        self = ByteRange.part(field, count) ?? .whole
    }

    private static func part(_ field: String, _ count: Int) -> ByteRange? {
        guard field.lowercased().hasPrefix("bytes=") else { return nil }
        let bounds = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count == 2 else { return nil }
        if bounds[0].isEmpty {
            // The last so many.
            guard let length = number(bounds[1]) else { return nil }
            return length == 0 || count == 0 ? .unsatisfiable : .part(max(0, count - length)..<count)
        }
        guard let first = number(bounds[0]) else { return nil }
        guard bounds[1].isEmpty || number(bounds[1]) != nil else { return nil }
        let last = number(bounds[1]) ?? Int.max - 1
        guard last >= first else { return nil }
        return first >= count ? .unsatisfiable : .part(first..<min(last + 1, count))
    }

    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        // A number beyond all files is as good as the end of this one.
        return min(Int(text) ?? Int.max - 1, Int.max - 1)
    }
}
