import RennbahnMeasurement

/// One figure of one commit: the ratio of a metric to that of the anchor release, measured in the same job, so that what
/// machine it was falls out.
package struct HistoryRow: Equatable, Sendable {
    /// `2026-11-23` or with a time, ISO 8601: text that sorts by time.
    package var date: String
    package var commit: String
    /// What it was compared with: ratios to another anchor are another series.
    package var anchor: String
    /// Toolchain, processor and kernel, in a few letters: rows of other machines are told apart.
    package var machine: String
    package var cell: String
    /// The name of a ``GateMetric`` or ``ExactCounter``.
    package var metric: String
    /// Positive; 1.1 is ten percent more than the anchor.
    package var ratio: Double

    package init(
        date: String, commit: String, anchor: String, machine: String, cell: String, metric: String, ratio: Double
    ) {
        self.date = date
        self.commit = commit
        self.anchor = anchor
        self.machine = machine
        self.cell = cell
        self.metric = metric
        self.ratio = ratio
    }

    /// Eight hexadecimal digits of whatever tells machines apart (FNV-1a).
    package static func fingerprint(_ parts: [String]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in parts.joined(separator: "\u{1F}").utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        let digits = String(UInt32(truncatingIfNeeded: hash ^ hash >> 32), radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// The rows of a comparison with the anchor as its base.
    package static func rows(of report: GateReport, machine: String) -> [HistoryRow] {
        (report.paired?.cells ?? []).flatMap { cell in
            cell.metrics.compactMap { metric in
                metric.change.map {
                    HistoryRow(
                        date: report.environment.date, commit: report.environment.shortCommit,
                        anchor: report.base, machine: machine, cell: cell.name, metric: metric.metric.rawValue,
                        ratio: $0.ratio)
                }
            }
        }
    }
}
