/// How WAMP messages are written as bytes. The raw value is stable: it travels between shards.
package enum Serializer: UInt8, Sendable, CaseIterable {
    case json = 0
    case msgpack = 1

    /// The key used in configuration, on the command line and in results.
    package var name: String {
        switch self {
        case .json: "json"
        case .msgpack: "msgpack"
        }
    }

    package init?(name: String) {
        switch name {
        case "json": self = .json
        case "msgpack": self = .msgpack
        default: return nil
        }
    }

    /// The WebSocket subprotocol (WAMP specification, "WebSocket Transport").
    package var subprotocol: String {
        switch self {
        case .json: "wamp.2.json"
        case .msgpack: "wamp.2.msgpack"
        }
    }

    /// The number in the handshake of RawSocket (WAMP specification, "RawSocket Transport").
    package var rawSocketID: UInt8 {
        switch self {
        case .json: 1
        case .msgpack: 2
        }
    }

    /// Whether messages travel in binary frames; JSON travels in text frames.
    package var isBinary: Bool { self == .msgpack }
}
