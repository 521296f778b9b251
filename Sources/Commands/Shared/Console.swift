import Foundation
import RennbahnReactor

/// Standard output and standard error, a whole line at a time.
enum Console {
    /// A result that could not be written whole must not pass for one: that is an error.
    ///
    /// - Parameter patience: nanoseconds that a reader has for it; `nil`: as many as it likes.
    static func output(_ line: String, within patience: UInt64? = nil) throws(SystemError) {
        try StandardStream.output.write(line + "\n", within: patience)
    }

    /// A text with line ends of its own.
    static func output(whole text: String) throws(SystemError) {
        try StandardStream.output.write(text)
    }

    /// Where nobody hears of an error there is nobody to tell.
    static func error(_ line: String) {
        draw(line + "\n")
    }

    /// Without a line end, for a line that is drawn again.
    static func draw(_ text: String) {
        try? StandardStream.error.write(text)
    }

    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether colours and emphasis are wanted and understood (no-color.org).
    static var outputIsStyled: Bool {
        isStyled(isTerminal: outputIsTerminal, environment: ProcessInfo.processInfo.environment)
    }

    /// Whether a line can be drawn again.
    static var errorIsRedrawn: Bool {
        errorIsTerminal && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    static var errorIsStyled: Bool {
        isStyled(isTerminal: errorIsTerminal, environment: ProcessInfo.processInfo.environment)
    }

    static func isStyled(isTerminal: Bool, environment: [String: String]) -> Bool {
        isTerminal && environment["TERM"] != "dumb" && (environment["NO_COLOR"] ?? "").isEmpty
    }

    /// Columns of the terminal; `nil` where there is none: what reads a pipe wants all.
    static var outputColumns: Int? {
        outputIsTerminal ? StandardStream.output.columns ?? 80 : nil
    }

    static var errorColumns: Int { StandardStream.error.columns ?? 80 }
    static var errorRows: Int { StandardStream.error.rows ?? 24 }
}
