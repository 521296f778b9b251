/// Why something did not work, for every function of the client.
public struct WAMPError: Error, Sendable, Hashable {
    /// What kind of failure it was.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Name: String, Sendable {
            case connectionRefused, handshakeFailed, aborted, closed, connectionLost, protocolViolation
            case application, canceled, timedOut, unreadablePayload, bufferOverflow, invalidURI, usage
            case authenticationFailed, unavailable
        }

        private let name: Name

        /// No TCP connection could be made: the name is unknown, nobody listens, the network does not lead there, or
        /// the system has no descriptor or thread to spare.
        public static let connectionRefused = Code(name: .connectionRefused)
        /// The server does not speak WAMP over WebSocket in a serializer that was asked for (RFC 6455, section 4).
        public static let handshakeFailed = Code(name: .handshakeFailed)
        /// The server, or a front end before it, answers that it takes no connection now (HTTP status 429, 500, 502, 503 or 504;
        /// too many connections, over RawSocket). ``WAMPError/retryAfter`` tells when to try again, where it has said so.
        public static let unavailable = Code(name: .unavailable)
        /// The router sent ABORT; ``WAMPError/uri`` is its reason, such as `wamp.error.no_such_realm`.
        public static let aborted = Code(name: .aborted)
        /// The router asks for what the credentials cannot answer, or it has not proved itself where it must (method
        /// `scram`). Credentials that the *router* refuses are ``aborted``.
        public static let authenticationFailed = Code(name: .authenticationFailed)
        /// The session is over in good order. If the router said GOODBYE, ``WAMPError/uri`` is its reason, such as
        /// `wamp.close.system_shutdown`; it is empty after ``WAMPSession/close()`` here.
        public static let closed = Code(name: .closed)
        /// The connection ended without a word of WAMP. Whether a pending request was carried out is not known.
        public static let connectionLost = Code(name: .connectionLost)
        /// The router broke the protocol, and the connection was closed for it.
        public static let protocolViolation = Code(name: .protocolViolation)
        /// The router or a callee answered a request with ERROR; ``WAMPError/uri`` says with which. It is
        /// `wamp.error.payload_size_exceeded`, too, for what is longer than the router takes, which is not sent.
        public static let application = Code(name: .application)
        /// The waiting task was canceled.
        public static let canceled = Code(name: .canceled)
        /// A time-out of the configuration or of the call was reached.
        public static let timedOut = Code(name: .timedOut)
        /// What arrived is a valid message, but its arguments cannot be told as ``WAMPData``.
        public static let unreadablePayload = Code(name: .unreadablePayload)
        /// Events arrived faster than they were taken; see ``WAMPSession/subscribe(_:bufferedEvents:)``.
        public static let bufferOverflow = Code(name: .bufferOverflow)
        /// A realm, topic or procedure that no URI may look like (WAMP specification, "URIs").
        public static let invalidURI = Code(name: .invalidURI)
        /// The caller's own mistake; ``WAMPError/message`` says which.
        public static let usage = Code(name: .usage)

        /// What the code means, for people.
        var words: String {
            switch name {
            case .connectionRefused: "no connection"
            case .handshakeFailed: "the handshake failed"
            case .aborted: "ABORT"
            case .closed: "closed"
            case .connectionLost: "the connection was lost"
            case .protocolViolation: "the router broke the protocol"
            case .application: "ERROR"
            case .canceled: "canceled"
            case .timedOut: "timed out"
            case .unreadablePayload: "unreadable payload"
            case .bufferOverflow: "too many events wait"
            case .invalidURI: "invalid URI"
            case .usage: "wrong use"
            case .authenticationFailed: "authentication failed"
            case .unavailable: "no connection now"
            }
        }

        /// The name of the code, as it is declared here.
        public var description: String { name.rawValue }
    }

    /// What kind of failure it was.
    public let code: Code
    /// The URI of an ERROR, or the reason of an ABORT or GOODBYE; empty where there was none.
    public let uri: String
    /// For people; empty where ``uri`` says it all.
    public let message: String
    /// The positional arguments of an ERROR.
    public let arguments: [WAMPData]
    /// The keyword arguments of an ERROR.
    public let keywords: [String: WAMPData]
    /// With ``Code/unavailable``: how long the server asks to wait before another attempt, from 0 to a year; `nil` where it has
    /// not said so.
    public let retryAfter: Duration?

    init(
        _ code: Code, uri: String = "", message: String = "", arguments: [WAMPData] = [],
        keywords: [String: WAMPData] = [:], retryAfter: Duration? = nil
    ) {
        self.code = code
        self.uri = uri
        self.message = message
        self.arguments = arguments
        self.keywords = keywords
        self.retryAfter = retryAfter
    }

    /// The error that a handler throws to answer its caller with ERROR `uri`.
    public static func application(
        _ uri: String, arguments: [WAMPData] = [], keywords: [String: WAMPData] = [:]
    ) -> WAMPError {
        WAMPError(.application, uri: uri, arguments: arguments, keywords: keywords)
    }
}

extension WAMPError: CustomStringConvertible {
    /// One line with all that is known.
    public var description: String {
        var text = code.words
        if !uri.isEmpty { text += " \(uri)" }
        if !message.isEmpty { text += ": \(message)" }
        if !arguments.isEmpty { text += " \(arguments)" }
        if !keywords.isEmpty { text += " \(keywords)" }
        return text
    }
}
