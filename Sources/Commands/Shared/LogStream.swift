import RennbahnMeasurement
import RennbahnReactor

/// Hands the lines that swift-log's handler has made to the thread that writes them.
struct LogStream: TextOutputStream, Sendable {
    /// Nanoseconds that a reader has at the end for what waits, at most.
    static let patience: UInt64 = 1_000_000_000

    private let writer: LineWriter

    init(_ writer: LineWriter) {
        self.writer = writer
    }

    func write(_ line: String) {
        writer.write(line)
    }

    /// A log on standard error, whose thread is yet to be started.
    static func standardError() throws(SystemError) -> LineWriter {
        try LineWriter(.error) { leftOut in
            let lines = leftOut.of("line of the log was", "lines of the log were")
            return "rennbahn: \(lines) left out: nobody took them in time\n"
        }
    }
}
