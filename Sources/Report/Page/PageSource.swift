import Foundation
import RennbahnMeasurement
import RennbahnTrial

/// Results that a page is made of: those that can be exported, and what is said of them in words.
package struct PageSource: Equatable, Sendable {
    /// As a reader knows it: the file's name without its folders.
    package var name: String
    package var results: ExportSource
    /// Of `rennbahn serializers`.
    package var advice: [String] = []

    private struct Words: Decodable {
        let advice: [String]?
    }

    package init(_ name: String, _ results: ExportSource, advice: [String] = []) {
        self.name = name
        self.results = results
        self.advice = advice
    }

    package init(reading path: String) throws(ResultsFile.Failure) {
        let data = try ResultsFile.bytes(of: path)
        let results = try ExportSource(data, path: path)
        let words = try? JSONDecoder().decode(Words.self, from: data)
        self.init(URL(fileURLWithPath: path).lastPathComponent, results, advice: words?.advice ?? [])
    }

    /// Reads all of them, and tells of all that cannot be read.
    package static func readAll(_ paths: [String]) -> (sources: [PageSource], problems: [String]) {
        var (sources, problems): ([PageSource], [String]) = ([], [])
        for path in paths {
            do throws(ResultsFile.Failure) {
                sources.append(try PageSource(reading: path))
            } catch {
                problems.append("\(error)")
            }
        }
        return (sources, problems)
    }

    var environment: RunEnvironment {
        switch results {
        case .run(let document): document.environment
        case .trials(let document): document.environment
        }
    }

    /// `load: pubsub 1→100 32 B`; `bench: 4 groups`.
    var title: String {
        switch results {
        case .run(let document):
            document.cells.count == 1 ? document.cells[0].title : document.cells.count.of("run")
        case .trials(let document): "\(document.command): \(document.trials.count.of("group"))"
        }
    }

    var verdict: PageVerdict {
        switch results {
        case .run(let document): PageVerdict(document)
        case .trials(let document): PageVerdict(document)
        }
    }
}
