/// The servers that a command has started and that still run: where it ends at once, they are to end before it.
///
/// One owner, one thread.
final class RunningServers {
    private struct Entry {
        weak var process: ServerProcess?
    }

    private var entries: [Entry] = []

    func add(_ process: ServerProcess) {
        entries.removeAll { $0.process == nil }
        entries.append(Entry(process: process))
    }

    /// Ends all, and waits for them.
    func endAll() {
        ServerProcess.end(entries.compactMap(\.process))
        entries = []
    }
}
