import Histogram

/// The V2 payload of HdrHistogram, the form that its tools in other languages read, before compression.
///
/// ```
/// 0       4         8          12       16        24        32          40
/// | cookie | length  | offset 0 | digits | lowest  | highest | ratio 1.0 | counts …      all big-endian
/// 0x1c849313          int32      int32    int64     int64     float64     length bytes
/// ```
///
/// `counts` holds one number per slot, from the lowest up to the slot of the largest sample: ZigZag, then LEB128 of at
/// most nine bytes, of which the ninth carries eight bits. A run of z ≥ 2 empty slots is the number −z, one is 0.
enum HistogramV2 {
    static let cookie: UInt32 = 0x1c84_9313
    static let headerBytes = 40

    enum Malformed: Error, Equatable, CustomStringConvertible {
        case truncated
        case notV2
        /// Parameters that no histogram can have, or more slots than its range holds.
        case badLayout
        /// Counts whose sum, or whose weighted sum, does not fit 64 bits.
        case implausibleCounts

        var description: String {
            switch self {
            case .truncated: "it is cut off"
            case .notV2: "it is not in the V2 encoding of HdrHistogram"
            case .badLayout: "it has a layout that no histogram can have"
            case .implausibleCounts: "its counts are more than can be counted"
            }
        }
    }

    static func encode(_ histogram: Histogram<UInt64>) -> [UInt8] {
        let counts = encodedCounts(of: histogram)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(headerBytes + counts.count)
        append(cookie, to: &bytes)
        append(UInt32(counts.count), to: &bytes)
        append(UInt32(0), to: &bytes)
        append(UInt32(histogram.numberOfSignificantValueDigits.rawValue), to: &bytes)
        append(histogram.lowestDiscernibleValue, to: &bytes)
        append(histogram.highestTrackableValue, to: &bytes)
        append(Double(1).bitPattern, to: &bytes)
        bytes += counts
        return bytes
    }

    private static func encodedCounts(of histogram: Histogram<UInt64>) -> [UInt8] {
        var bytes: [UInt8] = []
        guard histogram.totalCount > 0 else { return bytes }
        var empty: Int64 = 0
        // Slots are reported with their highest equivalent value, as `max` is: the slot of the largest sample is the
        // last one that is not above it.
        let last = histogram.max
        for slot in histogram.allValues() {
            if slot.value > last { break }
            if slot.count == 0 {
                empty += 1
                continue
            }
            appendRun(ofEmpty: empty, to: &bytes)
            empty = 0
            appendZigZag(Int64(clamping: slot.count), to: &bytes)
        }
        return bytes
    }

    static func decode(_ bytes: [UInt8]) throws(Malformed) -> Histogram<UInt64> {
        guard bytes.count >= headerBytes else { throw .truncated }
        guard integer(UInt32.self, at: 0, of: bytes) == cookie else { throw .notV2 }
        let length = Int(integer(UInt32.self, at: 4, of: bytes))
        guard bytes.count - headerBytes >= length else { throw .truncated }
        guard bytes.count - headerBytes == length, integer(UInt32.self, at: 8, of: bytes) == 0 else { throw .badLayout }
        var histogram = try emptyHistogram(header: bytes)
        try fill(&histogram, from: bytes)
        return histogram
    }

    /// Refuses the layouts on which the histogram would trap.
    private static func emptyHistogram(header bytes: [UInt8]) throws(Malformed) -> Histogram<UInt64> {
        let lowest = integer(UInt64.self, at: 16, of: bytes)
        let highest = integer(UInt64.self, at: 24, of: bytes)
        guard let digitCount = Int8(exactly: integer(UInt32.self, at: 12, of: bytes)),
            let digits = SignificantDigits(rawValue: digitCount),
            (1...(1 << 40)).contains(lowest), highest / 2 >= lowest, highest <= UInt64(Int64.max)
        else { throw .badLayout }
        return Histogram(
            lowestDiscernibleValue: lowest, highestTrackableValue: highest, numberOfSignificantValueDigits: digits)
    }

    private static func fill(_ histogram: inout Histogram<UInt64>, from bytes: [UInt8]) throws(Malformed) {
        var position = headerBytes
        var value: UInt64 = 0
        var weighted: UInt64 = 0
        let ceiling = histogram.highestEquivalentForValue(histogram.highestTrackableValue)
        while position < bytes.count {
            let number = try zigZag(at: &position, of: bytes)
            // Past the last slot nothing may follow, whatever it counts.
            guard value <= ceiling else { throw .badLayout }
            guard number > 0 else {
                var empty = number == 0 ? 1 : number.magnitude
                while empty > 0, value <= ceiling {
                    value = histogram.nextNonEquivalentForValue(value)
                    empty -= 1
                }
                guard empty == 0 else { throw .badLayout }
                continue
            }
            let highest = histogram.highestEquivalentForValue(value)
            let (product, overflow) = highest.multipliedReportingOverflow(by: UInt64(number))
            let (sum, carry) = weighted.addingReportingOverflow(product)
            guard !overflow, !carry, histogram.totalCount <= UInt64(Int64.max) - UInt64(number) else {
                throw .implausibleCounts
            }
            weighted = sum
            guard histogram.record(min(highest, ceiling), count: UInt64(number)) else { throw .badLayout }
            value = histogram.nextNonEquivalentForValue(value)
        }
    }
}

// Numbers of the payload.
extension HistogramV2 {
    private static func append<Integer: FixedWidthInteger>(_ value: Integer, to bytes: inout [UInt8]) {
        for shift in stride(from: Integer.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> Integer(shift)))
        }
    }

    private static func integer<Integer: FixedWidthInteger>(
        _ type: Integer.Type, at offset: Int, of bytes: [UInt8]
    ) -> Integer {
        bytes[offset..<(offset + Integer.bitWidth / 8)].reduce(0) { $0 << 8 | Integer(truncatingIfNeeded: $1) }
    }

    private static func appendRun(ofEmpty count: Int64, to bytes: inout [UInt8]) {
        guard count > 0 else { return }
        appendZigZag(count == 1 ? 0 : -count, to: &bytes)
    }

    static func appendZigZag(_ value: Int64, to bytes: inout [UInt8]) {
        var rest = UInt64(bitPattern: value << 1 ^ value >> 63)
        for _ in 0..<8 {
            guard rest > 0x7f else { break }
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    static func zigZag(at position: inout Int, of bytes: [UInt8]) throws(Malformed) -> Int64 {
        var raw: UInt64 = 0
        for index in 0..<9 {
            guard position < bytes.count else { throw .truncated }
            let byte = UInt64(bytes[position])
            position += 1
            guard index < 8 else {
                raw |= byte << 56
                break
            }
            raw |= (byte & 0x7f) << UInt64(7 * index)
            if byte & 0x80 == 0 { break }
        }
        return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
    }
}
