/// Versions of the WebSocket protocol, as `Sec-WebSocket-Version` numbers them. Their frames are the same.
package struct ProtocolVersions: OptionSet, Sendable, Equatable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// 8, of the draft hybi-10, whose pages are named by `Sec-WebSocket-Origin`.
    package static let hybi10 = ProtocolVersions(rawValue: 1)
    /// 13, of RFC 6455.
    package static let rfc6455 = ProtocolVersions(rawValue: 2)
    package static let all: ProtocolVersions = [.hybi10, .rfc6455]

    /// The one version that `number` is, as it stands in a request; `nil`: none of these.
    static func one(_ number: String?) -> ProtocolVersions? {
        switch number {
        case "8": .hybi10
        case "13": .rfc6455
        case _: nil
        }
    }

    /// What tells a client in `Sec-WebSocket-Version` which versions it may try (RFC 6455, section 4.4).
    var list: String? {
        switch (contains(.rfc6455), contains(.hybi10)) {
        case (true, true): "13, 8"
        case (true, false): "13"
        case (false, true): "8"
        case (false, false): nil
        }
    }
}
