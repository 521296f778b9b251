package import RennbahnConfiguration

/// The components that `classname` may name, made from their `extra`. A test holds it against the table of keys.
package enum ComponentRegistry {
    package static let names = makers.keys.sorted()

    private static let makers: [String: @Sendable (Tree?) -> any HostedComponent] = [
        "adder": { AdderComponent(procedure: $0[Keys.Extra.addProcedure]) },
        "echo": { EchoComponent(procedure: $0[Keys.Extra.echoProcedure]) },
        "publisher": { extra in
            PublisherComponent(
                topic: extra[Keys.Extra.topic], rate: extra[Keys.Extra.rate],
                payloadSize: extra[Keys.Extra.payloadSize], count: UInt64(clamping: extra[Keys.Extra.count]),
                acknowledges: extra[Keys.Extra.acknowledges])
        },
        "subscriber": {
            SubscriberComponent(topic: $0[Keys.Extra.topic], count: UInt64(clamping: $0[Keys.Extra.count]))
        },
    ]

    /// `nil`: there is none of this name.
    package static func make(_ name: String, extra: Tree?) -> (any HostedComponent)? {
        makers[name].map { $0(extra) }
    }
}
