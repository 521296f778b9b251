import CRennbahnZlib
import Foundation
import RennbahnMeasurement
import Testing

@testable import RennbahnReport

/// Logs of HdrHistogram, read back.
struct HlogExportTests {
    private struct Line {
        let head: String
        let payload: Data
    }

    /// Data lines, each without its payload, and that before its compression.
    private func lines(_ document: ResultsDocument) throws -> [Line] {
        let text = try ExportFormat.hlog.text(of: .run(document))
        return try text.split(separator: "\n").filter { $0.hasPrefix("Tag=") }.map { line in
            let comma = try #require(line.lastIndex(of: ","))
            return Line(head: String(line[..<comma]), payload: try payload(String(line[line.index(after: comma)...])))
        }
    }

    private func payload(_ text: String) throws -> Data {
        #expect(text.hasPrefix("HISTFAAA"))
        let bytes = [UInt8](try #require(Data(base64Encoded: text)))
        #expect(bytes.prefix(4) == [0x1c, 0x84, 0x93, 0x14])
        let length = bytes[4..<8].reduce(0) { $0 << 8 | Int($1) }
        try #require(bytes.count == 8 + length)
        var output = [UInt8](repeating: 0, count: 1 << 20)
        var size = uLongf(output.count)
        let status = uncompress(&output, &size, Array(bytes[8...]), uLong(length))
        try #require(status == Z_OK)
        return Data(output.prefix(Int(size)))
    }

    @Test func `Before the lines stands what they are of`() throws {
        let text = try ExportFormat.hlog.text(of: .run(ExportSamples.run))
        let head = text.split(separator: "\n").prefix { !$0.hasPrefix("Tag=") }.joined(separator: "\n")
        #expect(
            head == """
                #[Histogram log format version 1.3]
                #Written by rennbahn; values are nanoseconds, Interval_Max is in milliseconds
                #pubsub 20 × 1→99 32 B, 4 in flight, json
                #A line of response is of an interval, one of another tag of the whole window
                #[StartTime: 1772366400.000 (seconds since epoch), 2026-03-01T12:00:00Z]
                #[BaseTime: 1772366400.000 (seconds since epoch)]
                "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
                """)
        #expect(text.hasSuffix("\n"))
    }

    @Test func `An interval has a line, with the histogram that the results have of it`() throws {
        let document = ExportSamples.run
        let lines = try lines(document)
        #expect(
            lines.map(\.head) == [
                "Tag=last-subscriber,1.000,2.000,1.000", "Tag=response,1.000,1.000,1.000",
            ])
        let interval = try #require(document.intervals?[1].latency)
        #expect(lines[1].payload == interval.histogram.payload)
        #expect(lines[0].payload == document.cells[0].measurements.latency.lastSubscriber?.histogram.payload)
    }

    @Test func `Lines of all intervals together are the histogram of the run`() throws {
        var document = ExportSamples.run
        var recorder = LatencyRecorder()
        document.intervals = (1...3).map { second in
            var own = LatencyRecorder()
            for number in 1...100 * UInt64(second) { own.record(nanoseconds: number * 10_007 * UInt64(second)) }
            recorder.merge(own)
            var interval = RunInterval(
                at: Double(second), seconds: 1, phase: "measuring", connections: 1, messages: 1)
            interval.latency = LatencyFigure(own)
            return interval
        }
        document.cells[0].measurements.latency.response = LatencyFigure(recorder)
        var sum = LatencyRecorder()
        for line in try lines(document) where line.head.hasPrefix("Tag=response,") {
            var record = HistogramRecord(recorder)
            record.payload = line.payload
            sum.merge(try record.recorder())
        }
        #expect(sum.count == 600 && HistogramRecord(sum) == HistogramRecord(recorder))
    }

    @Test func `Without histograms of intervals there is a line for the whole window, and a comment says so`() throws {
        var document = ExportSamples.run
        document.intervals?[1].latency = nil
        let lines = try lines(document)
        #expect(lines.map(\.head) == ["Tag=response,0.000,2.000,1.000", "Tag=last-subscriber,0.000,2.000,1.000"])
        #expect(lines[0].payload == document.cells[0].measurements.latency.response.histogram.payload)
        let text = try ExportFormat.hlog.text(of: .run(document))
        #expect(text.contains("\n#A line is of a whole window: there are no histograms of intervals\n"))
    }

    @Test func `Cells are told apart by their tags, and what they are stands above`() throws {
        let document = ResultsDocument(
            environment: Samples.environment, cells: [Samples.cell("json"), Samples.cell("msgpack")])
        #expect(
            try lines(document).map { $0.head.prefix { $0 != "," } } == [
                "Tag=1.response", "Tag=1.last-subscriber", "Tag=2.response", "Tag=2.last-subscriber",
            ])
        let text = try ExportFormat.hlog.text(of: .run(document))
        #expect(text.contains("\n#Tags 2.…: pubsub 20 × 1→99 32 B, 4 in flight, msgpack\n"))
    }

    @Test func `No name begins a line of its own, and what took too long is told`() throws {
        let hostile = try ExportFormat.hlog.text(of: .run(ExportSamples.hostileRun))
        for line in hostile.split(separator: "\n") {
            #expect(line.hasPrefix("#") || line.hasPrefix("Tag=") || line.hasPrefix("\"StartTimestamp\""), "\(line)")
        }
        var document = ExportSamples.run
        document.intervals?[1].latency = ExportSamples.latency(1_000_000, 130_000_000_000)
        #expect(try lines(document)[1].head == "Tag=response,1.000,1.000,120000.000")
        let text = try ExportFormat.hlog.text(of: .run(document))
        #expect(text.contains("\n#1 of them took longer than 120 s and count as that\n"))
    }
}
