/// Shows how far a run is: one line that is rewritten on a terminal, plain lines elsewhere.
///
/// On a terminal ``update(_:)`` replaces the last line. Elsewhere, in a log of CI for example, updates are left out and
/// only milestones are written, so that the log holds one line a step. Bytes go to the writer that was handed in.
package struct Progress {
    private let isTerminal: Bool
    private let columns: Int
    private let write: (String) -> Void
    /// Whether the cursor stands behind a line that the next output must replace.
    private var hasOpenLine = false

    /// - Parameters:
    ///   - columns: width of the terminal; a longer line would wrap and could not be rewritten.
    package init(isTerminal: Bool, columns: Int = 80, write: @escaping (String) -> Void) {
        self.isTerminal = isTerminal
        self.columns = columns
        self.write = write
    }

    /// What is happening right now; the next call replaces it.
    package mutating func update(_ text: String) {
        guard isTerminal else { return }
        // The last column stays free: some terminals wrap as soon as it is written.
        write("\r" + text.printable.truncated(toColumns: columns - 1) + "\u{1B}[K")
        hasOpenLine = true
    }

    /// Something that is worth keeping: a step begins or has ended.
    package mutating func milestone(_ text: String) {
        clear()
        write(text.printable + "\n")
    }

    /// Takes the open line away; before anything else is printed, and at the end.
    package mutating func clear() {
        guard hasOpenLine else { return }
        write("\r\u{1B}[K")
        hasOpenLine = false
    }
}
