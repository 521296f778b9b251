import RennbahnBytes
import RennbahnReactor
import RennbahnTLS

/// What few connections have: those with TLS or pings by the clock, and a client's while it opens. The others pay for
/// the reference to it, and no message of a connection without TLS touches it.
struct RareState: ~Copyable {
    var tls: TLSSession?
    /// Client: the value that the server must answer the key with.
    var expectedAccept = ""
    /// Of the next ping, or of the pong that is waited for.
    var pingTimer: TimerID?
    /// When the ping that is not answered was sent, and its number; 0: none is.
    var pingSent: UInt64 = 0
    var pingNumber: UInt32 = 0
}

extension Link {
    /// Reads or changes the rare state, which is made if there is none.
    mutating func withRare<Result, Failure>(
        _ body: (inout RareState) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if !hasRare { rare = Box(RareState()) }
        return try withPresent(body)
    }

    private var hasRare: Bool {
        switch rare {
        case .some: true
        case nil: false
        }
    }

    private func withPresent<Result, Failure>(
        _ body: (inout RareState) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        switch rare {
        case .some(let rare): return try body(&rare.value)
        case nil: preconditionFailure("rare state is made before it is used")
        }
    }

    /// The opening handshake of a client is done: without TLS nothing is left that is rare.
    mutating func forgetOpening() {
        if isSecure { withRare { $0.expectedAccept = "" } } else { rare = nil }
    }

    var pingTimer: TimerID? {
        switch rare {
        case .some(let rare): rare.value.pingTimer
        case nil: nil
        }
    }

    /// Whether a ping is not answered.
    var awaitsPong: Bool {
        switch rare {
        case .some(let rare): rare.value.pingSent != 0
        case nil: false
        }
    }
}
