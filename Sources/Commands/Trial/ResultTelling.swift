import RennbahnReactor
import RennbahnReport

/// What a long run tells while it measures. Who reads may go before the run is over (`| head`), and a disk may be full: what is
/// measured goes into the results file all the same, and only then the command fails.
final class ResultTelling {
    private var failure: SystemError?

    /// A text with its line end, as soon as it is known; nothing where there is none.
    func tell(_ text: String) {
        guard !text.isEmpty, failure == nil else { return }
        do throws(SystemError) {
            try Console.output(text)
        } catch {
            failure = error
        }
    }

    /// Where the results are, which is told to standard error where nobody reads standard output any more.
    ///
    /// - Parameter source: the results, for the page that is written beside them.
    func finish(_ path: Result<String, any Error>, _ source: PageSource) throws {
        let path = try path.get()
        tell("results: \(path)")
        let page = Result { try ResultTelling.putPage(source, beside: path) }
        if let place = try? page.get() { tell("page: \(place)") }
        if let failure {
            Console.error("rennbahn: the results are in \(path)")
            throw failure
        }
        _ = try page.get()
    }

    /// `NAME.html` beside `NAME.json`.
    private static func putPage(_ source: PageSource, beside path: String) throws -> String {
        let place = (path.hasSuffix(".json") ? String(path.dropLast(5)) : path) + ".html"
        var named = source
        named.name = path.split(separator: "/").last.map(String.init) ?? path
        do throws(ResultsFile.Failure) {
            try ResultsFile.put(text: ReportPage.render([named]), at: place)
        } catch {
            throw Failure.internalError("the page of the results could not be written: \(error)")
        }
        return place
    }
}
