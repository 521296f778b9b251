import Logging
import Synchronization

/// The lines of a log, for whoever wants to see what was written.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.lines.withLock { $0.append("\(event.level) \(event.message)") } }
    }

    /// A logger that writes here what is of `level` or above.
    func logger(level: Logger.Level = .critical) -> Logger {
        Logger(label: "test") { _ in Handler(lines: self, logLevel: level) }
    }
}
