/// Where the contents of a string stand in a message.
package struct TextRange: Sendable, Equatable {
    /// The contents: for JSON what is between the quotation marks, for MsgPack the bytes behind the length.
    package var range: Range<Int>
    /// Whether the contents hold a JSON escape and mean something else than they say: read them through
    /// ``JSONText/unescape(_:into:)``.
    package var escaped: Bool

    package init(range: Range<Int>, escaped: Bool) {
        self.range = range
        self.escaped = escaped
    }

    package static let none = TextRange(range: 0..<0, escaped: false)
}

/// A client's message and where its parts stand. All ranges are ranges of the scanned bytes.
package struct ScannedClientMessage: Sendable, Equatable {
    package var message: ClientMessage
    /// Realm, topic, procedure, reason or error; for AUTHENTICATE the signature. Empty where a message has none, and
    /// for HELLO with `null` as its realm.
    package var uri: TextRange
    /// The options or details dictionary, braces included; empty where the message has none.
    package var options: Range<Int>
    package var payload: Payload
    /// The payload's bytes; see ``Payload`` for what belongs to them.
    package var payloadRange: Range<Int>
}

/// A router's message and where its parts stand, as ``ScannedClientMessage``.
package struct ScannedRouterMessage: Sendable, Equatable {
    package var message: RouterMessage
    /// Reason or error; for CHALLENGE the authentication method. Empty where a message has none.
    package var uri: TextRange
    package var options: Range<Int>
    package var payload: Payload
    package var payloadRange: Range<Int>
}
