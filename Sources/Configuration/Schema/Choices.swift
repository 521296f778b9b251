/// One of several words: what this version takes.
package protocol ChoiceValue: Readable, RawRepresentable<String>, CaseIterable {}

extension ChoiceValue {
    package static func read(_ tree: Tree) -> Self? { tree.text.flatMap(Self.init(rawValue:)) }
    package var written: Tree.Value { .text(rawValue) }

    /// Its words, and those that are legal and refused.
    static func shape(refused: [Choice] = []) -> Shape { .choice(allCases.map { Choice($0.rawValue) } + refused) }
    static var shape: Shape { shape() }
}

extension Key where Value: ChoiceValue {
    /// The key `type` of any of several sections, which tells them apart.
    init(kind about: String) {
        self.init(required: "type", Value.shape, about)
    }

    /// The row of that key in the section of one kind.
    func row(_ kind: Value) -> Row {
        Row(name, .choices(kind.rawValue), required: true, row.about)
    }
}

package enum WorkerKind: String, ChoiceValue {
    case router, container
}

package enum TransportKind: String, ChoiceValue {
    case webSocket = "websocket"
    case rawSocket = "rawsocket"
    case universal, web
}

package enum ConnectingKind: String, ChoiceValue {
    case webSocket = "websocket"
    case rawSocket = "rawsocket"
}

package enum EndpointKind: String, ChoiceValue {
    case tcp, unix
}

package enum WebServiceKind: String, ChoiceValue {
    case webSocket = "websocket"
    case files = "static"
    case json
    case nodeInfo = "nodeinfo"
    case redirect
}

package enum CookieStoreKind: String, ChoiceValue {
    case memory, file
}

package enum SlowReceiversChoice: String, ChoiceValue {
    case disconnect, hold
}

package enum SerializerChoice: String, ChoiceValue {
    case json, msgpack

    static let others = [Choice("cbor", .notYet), Choice("ubjson", .notYet)]
}

package enum URICheckChoice: String, ChoiceValue {
    case loose, strict
}

package enum SameSiteChoice: String, ChoiceValue {
    case strict = "Strict"
    case lax = "Lax"
    case none = "None"
}

package enum KeyDerivationChoice: String, ChoiceValue {
    case argon2id = "argon2id-13"
    case pbkdf2
}

package enum ShutdownChoice: String, ChoiceValue {
    case manual = "shutdown-manual"
    case onLastComponentStopped = "shutdown-on-last-component-stopped"
    case onAnyComponentFailed = "shutdown-on-any-component-failed"
    case onAnyComponentStopped = "shutdown-on-any-component-stopped"
}

package enum RestartChoice: String, ChoiceValue {
    case always = "restart-always"
    case onFailed = "restart-on-failed"
    case never = "restart-never"
}
