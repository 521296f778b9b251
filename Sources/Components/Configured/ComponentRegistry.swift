package import RennbahnConfiguration

/// The components that `classname` may name, made from their `extra`. A test holds it against the table of keys.
package enum ComponentRegistry {
    package static let names = makers.keys.sorted()

    private static let makers: [String: @Sendable (Tree?) -> any HostedComponent] = [
        "adder": { AdderComponent(procedure: $0?["procedure"]?.text ?? "com.example.add") },
        "echo": { EchoComponent(procedure: $0?["procedure"]?.text ?? "com.example.echo") },
        "publisher": { extra in
            PublisherComponent(
                topic: topic(extra), rate: extra?["rate"]?.integer ?? 1,
                payloadSize: extra?["payload_size"]?.integer ?? 32, count: count(extra),
                acknowledges: extra?["acknowledge"]?.boolean ?? false)
        },
        "subscriber": { SubscriberComponent(topic: topic($0), count: count($0)) },
    ]

    /// `nil`: there is none of this name.
    package static func make(_ name: String, extra: Tree?) -> (any HostedComponent)? {
        makers[name].map { $0(extra) }
    }

    private static func topic(_ extra: Tree?) -> String { extra?["topic"]?.text ?? "com.example.topic" }
    private static func count(_ extra: Tree?) -> UInt64 { UInt64(clamping: extra?["count"]?.integer ?? 0) }
}
