import CRennbahnLinux

/// Where a process tells what it has to tell.
package enum StandardStream: Sendable {
    case output
    case error

    /// Writes all of `text`. A reader that has gone is an error only while SIGPIPE is blocked.
    ///
    /// - Parameter patience: nanoseconds that the reader may take for it; `nil`: as long as it likes.
    /// - Throws: ``SystemError/timedOut`` where that is over; a part may be written then.
    package func write(_ text: String, within patience: UInt64? = nil) throws(SystemError) {
        try StandardStream.write(text, to: descriptor, named: name, within: patience)
    }

    var descriptor: Descriptor {
        switch self {
        case .output: Descriptor(STDOUT_FILENO)
        case .error: Descriptor(STDERR_FILENO)
        }
    }

    private var name: StaticString {
        switch self {
        case .output: "standard output"
        case .error: "standard error"
        }
    }

    /// Width of the terminal that it goes to; `nil` where there is none, or it does not tell.
    package var columns: Int? {
        let columns =
            switch self {
            case .output: clinux_terminal_columns(STDOUT_FILENO)
            case .error: clinux_terminal_columns(STDERR_FILENO)
            }
        return columns > 0 ? Int(columns) : nil
    }

    /// Its height.
    package var rows: Int? {
        let rows =
            switch self {
            case .output: clinux_terminal_rows(STDOUT_FILENO)
            case .error: clinux_terminal_rows(STDERR_FILENO)
            }
        return rows > 0 ? Int(rows) : nil
    }

    /// So much a pipe takes without a wait where `poll` says that it is writable (PIPE_BUF).
    private static let pipePart = 4096

    /// Writes all of `text`, and waits where a pipe is full: for ever, or for so many nanoseconds in all.
    static func write(
        _ text: String, to descriptor: Descriptor, named name: StaticString, within patience: UInt64? = nil
    ) throws(SystemError) {
        let bytes = Array(text.utf8)
        let deadline = patience.map { MonotonicClock.now() + $0 }
        var written = 0
        while written < bytes.count {
            var part = bytes.count - written
            if let deadline {
                guard isWritable(descriptor, before: deadline) else {
                    throw SystemError(code: SystemError.timedOut, operation: name)
                }
                part = min(part, pipePart)
            }
            let result = unsafe bytes.withUnsafeBytes { source in
                unsafe CRennbahnLinux.write(descriptor.rawValue, source.baseAddress! + written, part)
            }
            if result > 0 {
                written += result
            } else if clinux_errno() == EAGAIN {
                if deadline != nil { continue }
                var waited = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&waited, 1, -1)
            } else if clinux_errno() != EINTR {
                throw .last(name)
            }
        }
    }

    /// Waits until something can be written; what has failed can, too, and then says why.
    private static func isWritable(_ descriptor: Descriptor, before deadline: UInt64) -> Bool {
        while true {
            let now = MonotonicClock.now()
            guard now < deadline else { return false }
            var waited = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
            let milliseconds = Int32((min(deadline - now, 60_000_000_000) + 999_999) / 1_000_000)
            if unsafe poll(&waited, 1, milliseconds) > 0 { return true }
        }
    }
}
