/// The units of numbers, on the command line and in conditions.
package enum QuantityUnit: String, CaseIterable, Sendable {
    case one = ""
    case kilo = "k"
    case mega = "M"
    case giga = "G"
    case percent = "%"
    case nanoseconds = "ns"
    case microseconds = "µs"
    case milliseconds = "ms"
    case seconds = "s"
    case minutes = "min"
    case hours = "h"
    case bytes = "B"
    case kilobytes = "kB"
    case megabytes = "MB"
    case gigabytes = "GB"
    case kibibytes = "KiB"
    case mebibytes = "MiB"
    case gibibytes = "GiB"

    /// What a unit measures.
    package enum Dimension: Sendable {
        /// A bare number, or one with k, M or G.
        case number
        /// A part of something, counted in hundredths.
        case share
        /// Counted in nanoseconds.
        case time
        /// Counted in octets.
        case size
    }

    /// As people write it; there are two signs for micro.
    package init?(name: String) {
        switch name {
        case "us", "\u{B5}s", "\u{3BC}s": self = .microseconds
        case "m": self = .minutes
        case "K": self = .kilo
        case "KB": self = .kilobytes
        default: self.init(rawValue: name)
        }
    }

    package var dimension: Dimension {
        switch self {
        case .one, .kilo, .mega, .giga: .number
        case .percent: .share
        case .nanoseconds, .microseconds, .milliseconds, .seconds, .minutes, .hours: .time
        case .bytes, .kilobytes, .megabytes, .gigabytes, .kibibytes, .mebibytes, .gibibytes: .size
        }
    }

    /// One of it, in what its dimension is counted in.
    package var factor: UInt128 {
        switch self {
        case .one, .percent, .nanoseconds, .bytes: 1
        case .kilo, .kilobytes, .microseconds: 1000
        case .mega, .megabytes, .milliseconds: 1_000_000
        case .giga, .gigabytes, .seconds: 1_000_000_000
        case .minutes: 60_000_000_000
        case .hours: 3_600_000_000_000
        case .kibibytes: 1024
        case .mebibytes: 1_048_576
        case .gibibytes: 1_073_741_824
        }
    }

    /// Of all units, as a message has them.
    static let names = allCases.map(\.rawValue).filter { !$0.isEmpty }.joined(separator: ", ")
}
