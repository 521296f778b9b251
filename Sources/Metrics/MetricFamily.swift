/// What there is to know of a family of metrics: what the code writes by, and what docs/metrics.md is made of.
package struct MetricFamily: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case counter, gauge, histogram, info
    }

    /// With its unit at its end, and without what samples have behind it (`_total`).
    package let name: String
    package let kind: Kind
    /// `seconds`, `bytes`; `nil` for numbers of things.
    package let unit: String?
    package let help: String
    /// Names of the labels, in the order in which samples have their values.
    package let labels: [String]

    init(_ name: String, _ kind: Kind, unit: String? = nil, labels: [String] = [], _ help: String) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.labels = labels
        self.help = help
    }

    /// What a query names; of a histogram each sample has more behind it.
    package var sampleName: String {
        switch kind {
        case .counter: name + "_total"
        case .info: name + "_info"
        case .gauge, .histogram: name
        }
    }
}

/// One number of a family.
package struct MetricSample: Sendable, Equatable {
    /// The values of the family's labels.
    package let labels: [String]
    package let value: MetricNumber

    package init(_ labels: [String], _ value: MetricNumber) {
        self.labels = labels
        self.value = value
    }
}

package enum MetricNumber: Sendable, Equatable {
    case count(UInt64)
    case real(Double)

    /// As both formats write it.
    var text: String {
        switch self {
        case .count(let count): "\(count)"
        case .real(let value) where value.isNaN: "NaN"
        case .real(let value) where value.isInfinite: value > 0 ? "+Inf" : "-Inf"
        case .real(let value): "\(value)"
        }
    }
}

/// How many samples are no longer than each bound, for a family that is a histogram.
package struct MetricBuckets: Sendable, Equatable {
    /// Ascending, without the infinite one.
    package let bounds: [Double]
    /// One for each bound, each with those of the bounds before.
    package let counts: [UInt64]
    /// Of all samples.
    package let count: UInt64
    package let sum: Double

    package init(bounds: [Double], counts: [UInt64], count: UInt64, sum: Double) {
        precondition(bounds.count == counts.count)
        self.bounds = bounds
        self.counts = counts
        self.count = count
        self.sum = sum
    }
}
