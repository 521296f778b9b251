/// What this shard keeps, in octets, and whether a session may have more of it. Nothing is counted for that where things come
/// and go: the tables know how much is in them.
extension RoutingCore {
    /// Of what the sessions of this shard have.
    package func keptOctets() -> Int {
        let subscriptions = broker.memberships.count + waitingSubscriptions
        let registrations = dealer.held.count + waitingRegistrations
        let lasting = subscriptions * StateCost.subscription + registrations * StateCost.registration
        return sessions.count * StateCost.session + lasting + dealer.calls.count * StateCost.call
    }

    /// Of the URIs that this shard knows, whoever has brought them.
    package func nameOctets() -> Int {
        let topics = broker.topics.octets + broker.patterns.octets
        let procedures = dealer.procedures.octets + dealer.patterns.octets
        return topics + procedures + interestOwner.subscriptions.octets + registrationOwner.names.octets
    }

    /// Of what one session has, its URIs included.
    func charge(of index: UInt32) -> Int {
        let subscriptions = Int(sessions[index].memberships.count) + Int(sessions[index].waitingSubscriptions)
        let registrations = Int(sessions[index].registrations.count) + Int(sessions[index].waitingRegistrations)
        let lasting = subscriptions * StateCost.subscription + registrations * StateCost.registration
        let calls = Int(sessions[index].calls.count) * StateCost.call
        return StateCost.session + lasting + calls + sessions[index].nameOctets
    }

    func hasRoomForSession() -> Bool {
        keptOctets() + StateCost.session <= budget.things
    }

    /// Whether a session may have one thing more of so many octets, and, where it is new here, a URI of `name` octets.
    func affords(_ index: UInt32, _ octets: Int, name: Int = 0) -> Bool {
        let kept = keptOctets() + octets
        let known = nameOctets() + name
        // URIs of others keep nobody from having what needs none.
        guard !budget.isExceeded(things: kept, names: name > 0 ? known : 0) else { return false }
        guard let share = budget.share(things: kept, names: known, sessions: sessions.count, shards: shards) else {
            return true
        }
        return charge(of: index) + octets + name <= share
    }

    // MARK: Giving memory back

    /// Something was given back that took so many octets. Makes the tables smaller where most of them is empty and as much was
    /// given back as looking through them costs.
    mutating func noteFreed(_ octets: Int) {
        freedOctets += octets
        guard freedOctets >= RoutingCore.leastCompacted / 8 else { return }
        let capacity = capacityOctets()
        guard capacity >= RoutingCore.leastCompacted, freedOctets >= capacity / 8,
            capacity / 4 > keptOctets() + nameOctets()
        else { return }
        freedOctets = 0
        compact()
    }

    /// Tables that are smaller than this stay as they are.
    private static let leastCompacted = 1024 * 1024

    /// Octets of the tables, whether they are filled or not.
    package func capacityOctets() -> Int {
        let topics =
            broker.topics.capacityOctets + broker.patterns.capacityOctets + broker.waiting.capacityOctets
            + broker.yielding.capacityOctets
        let memberships = broker.memberships.capacityOctets + broker.membershipIndex.capacityOctets
        let procedures = dealer.procedures.capacityOctets + dealer.patterns.capacityOctets + dealer.held.capacityOctets
        let calls = dealer.calls.capacityOctets + dealer.callIndex.capacityOctets
        let invocations = dealer.invocations.capacityOctets + dealer.invocationIndex.capacityOctets
        let owned = interestOwner.subscriptions.capacityOctets + registrationOwner.names.capacityOctets
        return topics + memberships + procedures + calls + invocations + owned
            + registrationOwner.registrations.capacityOctets
    }

    /// Nothing in the tables is at another place afterwards.
    @inline(never)
    private mutating func compact() {
        broker.topics.compact()
        broker.patterns.compact()
        broker.waiting.compact()
        broker.yielding.compact()
        broker.memberships.compact()
        broker.membershipIndex.compact()
        dealer.procedures.compact()
        dealer.compactPatterns()
        dealer.held.compact()
        dealer.calls.compact()
        dealer.callIndex.compact()
        dealer.invocations.compact()
        dealer.invocationIndex.compact()
        interestOwner.subscriptions.compact()
        registrationOwner.names.compact()
        registrationOwner.registrations.compact()
    }
}
