import CRennbahnLinux
import Synchronization

/// Keys of the terminal on standard input, each as it is pressed. Whoever takes them gives them back before the process ends: a
/// terminal that shows no key is of no use to who comes next.
package enum TerminalKeys {
    /// The mode that the terminal had before keys were taken; `nil`: none are.
    private static let before = Mutex<termios?>(nil)

    /// Keys that one look takes at most.
    private static let limit = 64

    /// Whether they are this process's now: not without a terminal, nor in the background.
    package static func take() -> Bool {
        tcgetpgrp(STDIN_FILENO) == getpgrp() && take(STDIN_FILENO)
    }

    static func take(_ descriptor: Int32) -> Bool {
        before.withLock { before in
            guard before == nil, let mode = mode(of: descriptor) else { return false }
            var keys = clinux_key_mode(mode)
            guard unsafe tcsetattr(descriptor, TCSANOW, &keys) == 0 else { return false }
            before = mode
            return true
        }
    }

    /// Gives them back; nothing to do where they were not taken.
    package static func giveBack() { giveBack(STDIN_FILENO) }

    static func giveBack(_ descriptor: Int32) {
        before.withLock { before in
            guard var mode = before else { return }
            _ = unsafe tcsetattr(descriptor, TCSANOW, &mode)
            before = nil
        }
    }

    /// What was pressed since the last look. Never waits.
    package static func pressed() -> [UInt8] {
        // A process that was put into the background would be stopped by the attempt.
        tcgetpgrp(STDIN_FILENO) == getpgrp() ? pressed(STDIN_FILENO) : []
    }

    static func pressed(_ descriptor: Int32) -> [UInt8] {
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&waited, 1, 0) > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = unsafe read(descriptor, &bytes, limit)
        return count > 0 ? Array(bytes.prefix(count)) : []
    }

    private static func mode(of descriptor: Int32) -> termios? {
        var mode = termios()
        return unsafe tcgetattr(descriptor, &mode) == 0 ? mode : nil
    }
}
