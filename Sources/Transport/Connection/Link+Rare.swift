import RennbahnBytes
import RennbahnReactor
import RennbahnTLS

/// What few connections have: those with TLS, a client's while it opens, those that are slow or wait for such, whose role says
/// what comes of that, that have rates, and that have a message inflated in pieces. The others pay for the reference to it, and
/// none of their messages touches it.
struct RareState: ~Copyable {
    var tls: TLSSession?
    /// Client: the value that the server must answer the key with.
    var expectedAccept = ""
    /// Client: answers before the one that counts that may come yet.
    private var interimAnswers = 8
    /// Of a connection that is, or was, behind what it is sent.
    var congestion = Congestion()
    var marks = QueueMarks()
    /// What becomes of those who send to it, where the role of its session says other than its transport.
    var slowReceivers: SlowReceivers?
    /// Of a connection that is being ended for the sake of others.
    var ended: EndedPeer?
    /// Ends the time that others wait for it.
    var holdTimer: TimerID?
    /// Of a connection that waits, or has waited, for others.
    var account = HoldAccount()
    /// Of a connection that may send so much in a second.
    var ration: Ration?
    /// Ends the time that it is not read for having sent more.
    var rationTimer: TimerID?
    /// The message that is being inflated.
    var partlyInflated: PartlyInflated?

    /// Whether one more answer before the one that counts is passed over.
    mutating func takesInterimAnswer() -> Bool {
        interimAnswers -= 1
        return interimAnswers >= 0
    }
}

extension Link {
    /// Reads or changes the rare state, which is made if there is none.
    mutating func withRare<Result, Failure>(
        _ body: (inout RareState) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if !hasRare { rare = Box(RareState()) }
        return try withPresent(body)
    }

    var hasRare: Bool {
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
}
