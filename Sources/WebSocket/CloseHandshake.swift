/// The closing handshake (RFC 6455, section 7.1): both sides send one Close frame, then the server ends the TCP
/// connection and the client waits for that.
package struct CloseHandshake: Sendable {
    package enum State: Sendable, Equatable {
        case open
        /// Our Close is out, the peer's has not come.
        case closeSent
        /// Both are exchanged; a client waits for the server to end the transport.
        case closeReceived
        /// The transport is gone, or is to be dropped.
        case closed
    }

    /// What the caller has to do.
    package enum Action: Sendable, Equatable {
        case nothing
        /// Send a Close frame, then wait for the peer with the closing timer running.
        case sendClose(CloseCode?)
        /// Send a Close frame, then end the transport in good order: shut down the sending half once everything is
        /// out, and read and discard until the peer ends, since a reset could destroy the Close frame on its way.
        case sendCloseAndEnd(CloseCode?)
        /// End the transport.
        case dropTransport
        /// Wait for the peer to end the transport, with the closing timer running.
        case wait
    }

    package let role: Role
    /// Whether the peer's code is sent back; otherwise the answer is always 1000.
    package let echoesCode: Bool
    package private(set) var state = State.open
    /// The code the connection ended with, as section 7.1.5 defines it: that of the first Close frame received.
    package private(set) var receivedCode = CloseCode.abnormalClosure
    /// Whether both Close frames were exchanged (section 7.1.4).
    package private(set) var isClean = false

    package init(role: Role, echoesCode: Bool = true) {
        self.role = role
        self.echoesCode = echoesCode
    }

    /// We want to end the connection.
    package mutating func localClose(_ code: CloseCode?) -> Action {
        switch state {
        case .open:
            state = .closeSent
            return .sendClose(code)
        case .closeSent, .closeReceived, .closed:
            return .nothing
        }
    }

    /// The peer broke the protocol (section 7.1.7): nothing it sends will be read any more.
    package mutating func fail(_ code: CloseCode) -> Action {
        switch (state, role) {
        case (.open, .server):
            state = .closed
            return .sendCloseAndEnd(code)
        case (.open, .client):
            state = .closeReceived
            return .sendClose(code)
        case (.closeSent, _), (.closeReceived, _):
            state = .closed
            return .dropTransport
        case (.closed, _):
            return .nothing
        }
    }

    /// The peer's Close frame arrived.
    package mutating func remoteClose(_ code: CloseCode?) -> Action {
        switch state {
        case .open:
            exchanged(code)
            let answer = echoesCode ? code : .normalClosure
            return role == .server ? .sendCloseAndEnd(answer) : .sendClose(answer)
        case .closeSent:
            exchanged(code)
            return role == .server ? .dropTransport : .wait
        case .closeReceived, .closed:
            return .nothing
        }
    }

    private mutating func exchanged(_ code: CloseCode?) {
        receivedCode = code ?? .noStatusReceived
        isClean = true
        state = role == .server ? .closed : .closeReceived
    }

    /// The transport ended: end of input, or an error.
    package mutating func transportEnded() -> Action {
        switch state {
        case .open, .closeSent, .closeReceived:
            state = .closed
            return .dropTransport
        case .closed:
            return .nothing
        }
    }

    /// The closing timer fired.
    package mutating func timeout() -> Action {
        switch state {
        case .open:
            return .nothing
        case .closeSent, .closeReceived:
            state = .closed
            return .dropTransport
        case .closed:
            // A server that waits for its last bytes to leave, or for the peer to end.
            return .dropTransport
        }
    }
}
