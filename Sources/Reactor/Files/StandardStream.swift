import CRennbahnLinux

/// Where a process tells what it has to tell.
package enum StandardStream: Sendable {
    case output
    case error

    /// Writes all of `text`. A reader that has gone is an error only while SIGPIPE is blocked.
    package func write(_ text: String) throws(SystemError) {
        switch self {
        case .output: try StandardStream.write(text, to: Descriptor(STDOUT_FILENO), named: "standard output")
        case .error: try StandardStream.write(text, to: Descriptor(STDERR_FILENO), named: "standard error")
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

    /// Writes all of `text`, and waits where a pipe is full.
    static func write(_ text: String, to descriptor: Descriptor, named name: StaticString) throws(SystemError) {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let result = unsafe bytes.withUnsafeBytes { source in
                unsafe CRennbahnLinux.write(
                    descriptor.rawValue, source.baseAddress! + written, bytes.count - written)
            }
            if result > 0 {
                written += result
            } else if clinux_errno() == EAGAIN {
                var waited = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&waited, 1, -1)
            } else if clinux_errno() != EINTR {
                throw .last(name)
            }
        }
    }
}
