package import RennbahnWAMP

// What the log has to say of sessions; never asked for a message.

extension RoutingCore {
    /// The topic of a subscription, or its pattern of topics; `nil`: nobody has it, as far as this shard knows.
    package func topic(of subscription: SubscriptionID) -> [UInt8]? {
        guard let topic = broker.bindings.find(subscription) else { return nil }
        return broker.topics.uri(topic)
    }

    /// The name of the realm that a connection's session is in; `nil`: it has no session, or the realm was made by HELLO.
    package func realm(of session: SessionHandle) -> String? {
        guard sessions.isEstablished(session) else { return nil }
        let realm = Int(sessions[session.index].realm)
        return configuration.realms.indices.contains(realm) ? configuration.realms[realm] : nil
    }
}
