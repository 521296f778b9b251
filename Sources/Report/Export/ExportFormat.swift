import RennbahnMeasurement
import RennbahnTrial

/// The forms of other tools that results are written in. Each has a writer, which takes documents and returns text.
package enum ExportFormat: String, CaseIterable, Sendable {
    case hlog
    case csv
    case resources = "csv-resources"
    case markdown
    case junit
    case openmetrics

    /// - Throws: where the results do not have what the form is of.
    package func text(of source: ExportSource) throws(ExportRefusal) -> String {
        switch source {
        case .run(let document):
            guard !document.cells.isEmpty else { throw ExportRefusal("the file holds no run") }
            return try text(of: document)
        case .trials(let document):
            guard !document.trials.isEmpty || document.goals?.isEmpty == false else {
                throw ExportRefusal("the file holds no trials")
            }
            return try text(of: document)
        }
    }

    private func text(of document: ResultsDocument) throws(ExportRefusal) -> String {
        switch self {
        case .hlog: try HlogExport.text(of: document)
        case .csv: try CSVExport.intervals(of: document)
        case .resources: try CSVExport.resources(of: document)
        case .markdown: MarkdownExport.text(of: document)
        case .junit: JUnitExport.text(of: document)
        case .openmetrics: try OpenMetricsExport.text(of: document)
        }
    }

    private func text(of document: TrialDocument) throws(ExportRefusal) -> String {
        switch self {
        case .hlog: throw ExportRefusal("trials keep no histograms; csv has their figures")
        case .csv: return try CSVExport.figures(of: document)
        case .resources: throw ExportRefusal("trials keep no samples of resources; csv has their figures")
        case .markdown: return MarkdownExport.text(of: document)
        case .junit: return JUnitExport.text(of: document)
        case .openmetrics: throw ExportRefusal("trials are ratios with intervals and count nothing; csv has them")
        }
    }
}

/// Why results cannot be written in a form: one clause.
package struct ExportRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
