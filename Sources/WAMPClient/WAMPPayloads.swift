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

/// What a call brings back, and what a handler returns: RESULT and YIELD.
public struct WAMPResult: Sendable, Hashable {
    /// Positional values.
    public var arguments: [WAMPData]
    /// Named values.
    public var keywords: [String: WAMPData]

    /// A result; without arguments one that says nothing but that it is done.
    public init(arguments: [WAMPData] = [], keywords: [String: WAMPData] = [:]) {
        self.arguments = arguments
        self.keywords = keywords
    }
}
