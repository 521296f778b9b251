import RennbahnWebSocket

// What a connection waits for, and what its loop has to do after an input.

extension ConnectionLife {
    /// What is waited for with a time-out. There is one at a time; each begins anew, or ends, the one before.
    enum Wait: UInt8 {
        /// The TCP connection, where it has a time of its own.
        case connecting
        /// The rest of the opening handshake.
        case opening
        /// The next request of a client that has had an answer.
        case nextRequest
        /// The peer's part of the closing handshake.
        case closing
        /// The rest of the queued output, and the peer's end.
        case draining
    }

    /// What the loop has to do after an input, in the order of the members.
    struct Step: Equatable {
        enum TimerChange: Equatable {
            case keep
            case cancel
            case arm(Wait)
        }

        enum Word: Equatable {
            case nothing
            /// A Close frame with this code; without one it is empty.
            case close(CloseCode?)
        }

        /// What was received and not worked off is of no use any more.
        var dropsInput = false
        /// What is queued goes nowhere any more: the peer takes nothing.
        var dropsOutput = false
        /// What to queue for the peer, behind all that is queued.
        var word = Word.nothing
        var timer = TimerChange.keep
        /// The peer gets a reset instead of an orderly end.
        var resets = false
        /// What is queued goes out with the turn.
        var sends = false
        /// The sending half is to be shut down.
        var shutsDown = false
        /// The connection is over: ``ConnectionLife/ending`` says why.
        var ends = false

        static let nothing = Step()
    }
}
