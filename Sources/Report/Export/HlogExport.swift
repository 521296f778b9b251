import Foundation
import RennbahnMeasurement

/// Latencies as a log of HdrHistogram, format 1.3, which its tools in other languages read.
///
/// ```
/// #[Histogram log format version 1.3]
/// #[StartTime: 1772366400.000 (seconds since epoch), 2026-03-01T12:00:00Z]
/// "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
/// Tag=response,3.012,1.000,2.769,HISTFAAA…
/// ```
///
/// Times are seconds since the start; the largest value is told in ms, histograms are of ns. Where the run was cut into intervals
/// that have histograms, there is a line for each; what is known of the whole window only has one line.
enum HlogExport {
    private static let version = "#[Histogram log format version 1.3]"
    private static let legend = #""StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram""#
    /// What stands before a V2 payload that is compressed: this word and the length of what follows.
    private static let cookie: UInt32 = 0x1c84_9314

    private struct Line {
        var tag: String
        var start: Double
        var seconds: Double
        var figure: LatencyFigure
    }

    static func text(of document: ResultsDocument) throws(ExportRefusal) -> String {
        var comments = ["#Written by rennbahn; values are nanoseconds, Interval_Max is in milliseconds"]
        var lines: [Line] = []
        let intervals = document.cells.count == 1 ? (document.intervals ?? []).filter { $0.latency != nil } : []
        for (index, cell) in document.cells.enumerated() {
            let prefix = document.cells.count > 1 ? "\(index + 1)." : ""
            comments.append("#\(prefix.isEmpty ? "" : "Tags \(prefix)…: ")\(cell.title.printable)")
            let start = intervals.first.map { $0.at - $0.seconds } ?? 0
            for latency in try cell.latencies() where intervals.isEmpty || latency.name != "response" {
                lines.append(
                    Line(
                        tag: prefix + latency.name, start: start, seconds: cell.measurements.seconds,
                        figure: latency.figure))
            }
        }
        for interval in intervals {
            guard let figure = interval.latency else { continue }
            _ = try ResultCell.recorder(of: figure)
            lines.append(
                Line(
                    tag: "response", start: interval.at - interval.seconds, seconds: interval.seconds, figure: figure))
        }
        guard !lines.isEmpty else { throw ExportRefusal("no latencies were recorded") }
        comments.append(
            intervals.isEmpty
                ? "#A line is of a whole window: there are no histograms of intervals"
                : "#A line of response is of an interval, one of another tag of the whole window")
        let overRange = lines.reduce(UInt64(0)) { $0 &+ $1.figure.histogram.overRange }
        if overRange > 0 { comments.append("#\(overRange) of them took longer than 120 s and count as that") }
        var text = ([version] + comments + times(document.environment) + [legend]).joined(separator: "\n") + "\n"
        for line in lines { text += try render(line) }
        return text
    }

    /// The start, and that times count from it; nothing where it cannot be read.
    private static func times(_ environment: RunEnvironment) -> [String] {
        guard let date = ISO8601DateFormatter().date(from: environment.date) else { return [] }
        let seconds = fixed(date.timeIntervalSince1970)
        return [
            "#[StartTime: \(seconds) (seconds since epoch), \(environment.date)]",
            "#[BaseTime: \(seconds) (seconds since epoch)]",
        ]
    }

    private static func render(_ line: Line) throws(ExportRefusal) -> String {
        let longest = Double(line.figure.summary.max) / 1_000_000
        let payload = try compressed([UInt8](line.figure.histogram.payload))
        return "Tag=\(line.tag),\(fixed(max(0, line.start))),\(fixed(line.seconds)),\(fixed(longest)),\(payload)\n"
    }

    /// The compressed form of a V2 payload, in Base64.
    private static func compressed(_ payload: [UInt8]) throws(ExportRefusal) -> String {
        let stream = try ZlibStream.compressed(payload)
        return Data(octets(cookie) + octets(UInt32(truncatingIfNeeded: stream.count)) + stream).base64EncodedString()
    }

    /// The most significant first.
    private static func octets(_ word: UInt32) -> [UInt8] {
        stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
    }

    private static func fixed(_ value: Double) -> String { String(format: "%.3f", value) }
}
