import CRennbahnLinux

/// A failed system call: its errno and what was called.
package struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The errno value.
    package let code: Int32
    /// The call that failed, such as `"bind"`.
    package let operation: StaticString

    package init(code: Int32, operation: StaticString) {
        self.code = code
        self.operation = operation
    }

    /// The error that the calling thread's last failed call left in errno.
    static func last(_ operation: StaticString) -> SystemError {
        SystemError(code: clinux_errno(), operation: operation)
    }

    /// The system's text for an errno value, such as "Connection refused".
    package static func text(_ code: Int32) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { scratch in
            guard let start = scratch.baseAddress, unsafe clinux_error_text(code, start, 256) == 0 else {
                return "error \(code)"
            }
            return unsafe String(cString: start)
        }
    }

    package var description: String { "\(operation): \(SystemError.text(code)) (errno \(code))" }

    package static func == (left: SystemError, right: SystemError) -> Bool {
        left.code == right.code && left.operation.description == right.operation.description
    }
}

extension SystemError {
    /// No slot for one more connection: `ENOBUFS`.
    package static var noRoom: Int32 { ENOBUFS }

    /// The peer did not answer in time: `ETIMEDOUT`.
    package static var timedOut: Int32 { ETIMEDOUT }

    package var isAddressInUse: Bool { code == EADDRINUSE }

    package var isNotConnected: Bool { code == ENOTCONN }

    /// Whether an errno value says that the peer went away, and nothing about this side.
    package static func isPeerGone(_ code: Int32) -> Bool {
        code == ECONNRESET || code == EPIPE || code == ECONNABORTED
    }
}
