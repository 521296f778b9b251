import Foundation
import RennbahnMeasurement
import RennbahnTrial
import Testing

@testable import RennbahnReport

/// What there is in which form, of samples and of the results that are kept.
struct ExportFormatTests {
    private static let results = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../results")

    private func refusal(_ format: ExportFormat, _ source: ExportSource) -> String? {
        do throws(ExportRefusal) {
            _ = try format.text(of: source)
            return nil
        } catch {
            return error.description
        }
    }

    /// What must be so of every text of a form.
    private func check(_ text: String, _ format: ExportFormat, _ name: String) throws {
        #expect(!text.isEmpty, "\(name)")
        switch format {
        case .hlog:
            #expect(text.hasPrefix("#[Histogram log format version 1.3]\n") && text.contains("\nTag="), "\(name)")
        case .csv, .resources:
            let rows = try CSVReader.rows(text)
            #expect(rows.count > 1 && Set(rows.map(\.count)).count == 1, "\(name)")
        case .markdown:
            #expect(MarkdownReader.tables(text).count > 0, "\(name)")
            for table in MarkdownReader.tables(text) { #expect(Set(table).count == 1, "\(name): \(table)") }
        case .junit: #expect(XMLElements.read(text) != nil, "\(name)")
        case .openmetrics: #expect(try OpenMetricsReader(text).families.count > 10, "\(name)")
        }
    }

    @Test func `Every form of every sample is well-formed`() throws {
        for (index, source) in ExportSamples.sources.enumerated() {
            for format in ExportFormat.allCases {
                guard refusal(format, source) == nil else { continue }
                try check(try format.text(of: source), format, "\(index) as \(format.rawValue)")
            }
        }
    }

    @Test func `What a file does not have is refused in one clause`() {
        let (run, trials) = (ExportSource.run(Samples.document), ExportSource.trials(ExportSamples.trials()))
        #expect(refusal(.csv, run) == "the file has no intervals, which only those of rennbahn load --results have")
        #expect(
            refusal(.resources, run)
                == "the file has no samples of resources, which only those of rennbahn load --results have")
        #expect(refusal(.hlog, trials) == "trials keep no histograms; csv has their figures")
        #expect(refusal(.resources, trials) == "trials keep no samples of resources; csv has their figures")
        #expect(refusal(.openmetrics, trials) == "trials are ratios with intervals and count nothing; csv has them")
        var empty = Samples.document
        empty.cells = []
        #expect(refusal(.junit, .run(empty)) == "the file holds no run")
        var nothing = ExportSamples.trials()
        (nothing.trials, nothing.goals) = ([], nil)
        #expect(refusal(.markdown, .trials(nothing)) == "the file holds no trials")
        var quiet = ExportSamples.run
        quiet.cells[0].measurements.latency = LatencyFigures(response: LatencyFigure(LatencyRecorder()))
        quiet.intervals = nil
        #expect(refusal(.hlog, .run(quiet)) == "no latencies were recorded")
        var damaged = ExportSamples.run
        damaged.cells[0].measurements.latency.response.histogram.payload = Data([1, 2, 3])
        for format in [.hlog, .openmetrics] as [ExportFormat] {
            #expect(refusal(format, .run(damaged)) == "histogram payload is damaged (it is cut off)")
        }
    }

    @Test func `The committed results have every form of what they hold`() throws {
        var (runs, trials) = (0, 0)
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.results.path) where name.hasSuffix(".json")
        {
            // Other programs have schemas of their own, or none.
            guard let source = try? ExportSource(reading: Self.results.appending(path: name).path) else { continue }
            let forms: Set<ExportFormat>
            switch source {
            case .run(let document):
                runs += 1
                forms =
                    document.intervals == nil
                    ? [.hlog, .markdown, .junit, .openmetrics] : Set(ExportFormat.allCases)
            case .trials:
                trials += 1
                forms = [.csv, .markdown, .junit]
            }
            for format in ExportFormat.allCases {
                #expect((refusal(format, source) == nil) == forms.contains(format), "\(name) as \(format.rawValue)")
            }
            for format in forms { try check(try format.text(of: source), format, "\(name) as \(format.rawValue)") }
        }
        #expect(runs >= 5 && trials >= 5)
    }
}
