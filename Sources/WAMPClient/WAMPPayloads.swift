/// What a subscriber receives: EVENT.
public struct WAMPEvent: Sendable, Hashable {
    /// The topic that was subscribed to.
    public let topic: String
    /// The router's number of the publication, the same for all subscribers.
    public let publication: UInt64
    /// Positional arguments.
    public let arguments: [WAMPData]
    /// Keyword arguments.
    public let keywords: [String: WAMPData]
}

/// What a handler is called with: INVOCATION.
public struct WAMPInvocation: Sendable, Hashable {
    /// The procedure as it was registered.
    public let procedure: String
    /// Positional arguments.
    public let arguments: [WAMPData]
    /// Keyword arguments.
    public let keywords: [String: WAMPData]
}

/// The payload of a message (WAMP specification, "Arguments" and "ArgumentsKw"): what a call brings back, and what a handler
/// returns.
public struct WAMPPayload: Sendable, Hashable {
    /// Positional arguments.
    public var arguments: [WAMPData]
    /// Keyword arguments.
    public var keywords: [String: WAMPData]

    /// A payload; of a handler, an empty one says nothing but that the call is done.
    public init(arguments: [WAMPData] = [], keywords: [String: WAMPData] = [:]) {
        self.arguments = arguments
        self.keywords = keywords
    }
}
