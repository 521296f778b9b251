package import RennbahnWAMP

/// Which request ids of a session are accepted; anything else is a protocol violation.
///
/// It concerns SUBSCRIBE, UNSUBSCRIBE, PUBLISH, REGISTER, UNREGISTER and CALL.
package enum RequestIDOrder: Sendable {
    /// Any, since old clients use random ids.
    case off
    /// Each greater than the one before.
    case monotonic
    /// 1, 2, 3 … and 1 again after 2^53, as the specification demands.
    case sequential
}

/// How many of each thing there may be. All are generous: they bound what one client can cost.
package struct RouterLimits: Sendable {
    /// Sessions of one shard. One more HELLO is answered with ABORT `wamp.error.unavailable`.
    package var sessions = 1_000_000
    /// Subscriptions of one session, those that wait for SUBSCRIBED included. One more: ERROR `wamp.error.unavailable`.
    package var subscriptionsPerSession = 100_000
    /// Registrations of one session, those that wait for REGISTERED included. One more: ERROR `wamp.error.unavailable`.
    package var registrationsPerSession = 100_000
    /// Components of a pattern that matches by `wildcard`. One more: ERROR `wamp.error.unavailable`. It bounds what a
    /// lookup can cost (``WildcardTrie``), whatever is subscribed and registered.
    package var wildcardComponents = 12
    /// Octets of a URI that is subscribed or registered. One more: ERROR `wamp.error.unavailable`. It bounds what a name takes
    /// of the memory, and of patterns how many subscriptions one publication can have.
    package var uriLength = 1_000
    /// Calls of one session without an answer. One more: ERROR `wamp.error.unavailable`.
    package var pendingCallsPerSession = 100_000
    /// Octets of what a shard keeps of sessions and their subscriptions, registrations and calls, URIs included. Above a half
    /// of its parts a session gets no more than its share of them, and above them nobody gets more: ERROR or, for a HELLO, ABORT
    /// `wamp.error.unavailable`. ``StateBudget`` has the parts.
    package var memory = 256 * 1024 * 1024
    /// Realms, where they are created on demand. One more: ABORT `wamp.error.no_such_realm`.
    package var realms = 10_000

    package init() {}
}

package struct RouterConfiguration: Sendable {
    /// The names of the realms; a realm's number is its place here.
    package var realms: [String]
    /// Whether HELLO creates a realm that does not exist. A created realm stays.
    package var createsRealms = false
    package var requestIDOrder = RequestIDOrder.off
    package var uriStrictness = URIRules.Strictness.loose
    package var limits = RouterLimits()

    package init(realms: [String]) {
        self.realms = realms
    }
}
