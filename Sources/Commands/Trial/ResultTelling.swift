import RennbahnReactor

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
    func finish(_ path: Result<String, any Error>) throws {
        let path = try path.get()
        tell("results: \(path)")
        guard let failure else { return }
        Console.error("rennbahn: the results are in \(path)")
        throw failure
    }
}
