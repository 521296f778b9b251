package import RennbahnWebSocket

/// The message that a connection gets before it is ended for what it does not take: in WAMP a GOODBYE.
package struct Farewell: Sendable {
    package var kind: MessageKind
    package var bytes: [UInt8]

    package init(_ kind: MessageKind, _ bytes: [UInt8]) {
        self.kind = kind
        self.bytes = bytes
    }
}
