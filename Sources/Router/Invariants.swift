import RennbahnBytes
import RennbahnWAMP

extension RoutingCore {
    /// Whether nothing is left of sessions: no topic, registration or call. Realms stay.
    package var isEmpty: Bool {
        sessions.count == 0 && broker.isEmpty && dealer.isEmpty && interestOwner.isEmpty && registrationOwner.isEmpty
    }

    /// The parts that hold something of sessions, by name: none when ``isEmpty``.
    package var occupiedParts: [String] {
        let parts = [
            ("sessions", sessions.count == 0), ("topics and subscriptions", broker.isEmpty),
            ("procedures and calls", dealer.isEmpty), ("numbers of subscriptions", interestOwner.isEmpty),
            ("numbers of registrations", registrationOwner.isEmpty),
        ]
        return parts.filter { !$0.1 }.map { $0.0 }
    }

    /// Sessions of this shard that are established, or about to be. For tests.
    package var sessionCount: Int { sessions.count }

    /// Traps when the tables contradict each other. Slow; for tests.
    package func checkInvariants() {
        checkSessions()
        checkTopics()
        checkRegistrations()
        checkCalls()
        checkState()
    }

    private func checkSessions() {
        var live = 0
        var memberships = 0
        var registrations = 0
        var calls = 0
        var invocations = 0
        for slot in 0..<UInt32(sessions.slots) {
            switch sessions[slot].phase {
            case .joining, .established: live += 1
            case .vacant, .closed, .shuttingDown, .failed: precondition(sessions[slot].ownsNothing)
            }
            memberships += Int(sessions[slot].memberships.count)
            registrations += Int(sessions[slot].registrations.count)
            calls += Int(sessions[slot].calls.count)
            invocations += Int(sessions[slot].invocations.count)
        }
        precondition(live == sessions.count)
        precondition(memberships == broker.memberships.count && memberships == broker.membershipIndex.count)
        precondition(registrations == dealer.held.count)
        precondition(calls == dealer.calls.count && calls == dealer.callIndex.count)
        precondition(invocations == dealer.invocations.count && invocations == dealer.invocationIndex.count)
        precondition(invocations == dealer.callToInvocation.count)
    }

    /// What is kept, by looking at each thing.
    private func checkState() {
        var (kept, waitingSubscriptions, waitingRegistrations) = (0, 0, 0)
        for slot in 0..<UInt32(sessions.slots) {
            let session = sessions[slot]
            switch session.phase {
            case .joining, .established: kept += charge(of: slot) - session.nameOctets
            case .vacant, .closed, .shuttingDown, .failed: break
            }
            waitingSubscriptions += Int(session.waitingSubscriptions)
            waitingRegistrations += Int(session.waitingRegistrations)
            var names = 0
            var membership = session.memberships.first
            while membership != Pool<Membership>.none {
                let topic = Int(broker.memberships[membership].topic)
                names += StateCost.name(broker.topics.byteCount(topic), broker.topics[topic].match)
                membership = broker.memberships[membership].links.next
            }
            var held = session.registrations.first
            while held != Pool<HeldRegistration>.none {
                let procedure = Int(dealer.held[held].procedure)
                names += StateCost.name(dealer.procedures.byteCount(procedure), dealer.procedures[procedure].match)
                held = dealer.held[held].links.next
            }
            precondition(names == session.nameOctets)
        }
        precondition(kept == keptOctets())
        precondition(waitingSubscriptions == self.waitingSubscriptions)
        precondition(waitingRegistrations == self.waitingRegistrations)
        precondition(RoutingCore.octets(of: broker.topics) == broker.topics.octets)
        precondition(RoutingCore.octets(of: dealer.procedures) == dealer.procedures.octets)
        precondition(RoutingCore.octets(of: interestOwner.subscriptions) == interestOwner.subscriptions.octets)
        precondition(RoutingCore.octets(of: registrationOwner.names) == registrationOwner.names.octets)
        if isEmpty { precondition(kept == 0 && nameOctets() == 0) }
    }

    private static func octets<Record: ~Copyable>(of map: borrowing URIMap<Record>) -> Int {
        var octets = 0
        for index in 0..<map.usedSlots where map.contains(index) {
            octets += URIMap<Record>.octets(ofURI: map.byteCount(index))
        }
        return octets
    }

    private func checkTopics() {
        var bound = 0
        var subscribers = 0
        var patterns = 0
        var waiting = 0
        var yielding = 0
        for topic in 0..<broker.topics.usedSlots where broker.topics.contains(topic) {
            let interest = broker.topics[topic].interest
            let isBound = broker.topics[topic].subscription != .none
            let isKnown = broker.topics[topic].remote != 0 || interest == .ready
            precondition(isBound == isKnown)
            precondition(isKnown || interest == .wanted, "a topic that nobody needs")
            precondition((interest == .ready) == broker.topics[topic].hasSubscribers)
            let aside = broker.topics[topic].aside
            let isYielding = broker.topics[topic].traits.contains(.yielding)
            precondition((interest == .wanted || isYielding) == (aside != Topic.none))
            if interest == .wanted {
                waiting += 1
                precondition(!broker.waiting[aside].isEmpty && !isYielding)
            }
            if isYielding {
                yielding += 1
                precondition(!broker.yielding[aside].isEmpty)
            }
            precondition(broker.topics[topic].remote & (1 << UInt64(shard)) == 0)
            let match = broker.topics[topic].match
            if match != .exact {
                patterns += 1
                precondition(broker.patterns.value(match, node: broker.topics[topic].node) == UInt32(topic))
            }
            if isBound {
                bound += 1
                precondition(broker.bindings.find(broker.topics[topic].subscription) == topic)
            }
            subscribers += checkSubscribers(broker.topics[topic].subscribers, .queue, topic: topic)
            guard isYielding else { continue }
            subscribers += checkSubscribers(broker.yielding[aside].dropping, .drop, topic: topic)
            subscribers += checkSubscribers(broker.yielding[aside].keepingLatest, .latest, topic: topic)
        }
        precondition(bound == broker.bindings.count && subscribers == broker.memberships.count)
        precondition(patterns == broker.patterns.count && waiting == broker.waiting.count)
        precondition(yielding == broker.yielding.count)
        broker.patterns.checkInvariants()
    }

    /// - Returns: how many there are.
    private func checkSubscribers(_ subscribers: borrowing Subscribers, _ slow: SlowPolicy, topic: Int) -> Int {
        for position in 0..<subscribers.count {
            let subscriber = subscribers[position]
            precondition(sessions[subscriber.index].handle == subscriber)
            guard let membership = broker.membershipIndex.find(subscriber.index, UInt64(topic)) else {
                preconditionFailure("a subscriber without membership")
            }
            precondition(Int(broker.memberships[membership].position) == position)
            precondition(Int(broker.memberships[membership].topic) == topic)
            precondition(broker.memberships[membership].slow == slow)
        }
        return subscribers.count
    }

    private func checkRegistrations() {
        var held = 0
        var patterns = 0
        for procedure in 0..<dealer.procedures.usedSlots where dealer.procedures.contains(procedure) {
            precondition(dealer.bindings.find(dealer.procedures[procedure].registration) == procedure)
            let match = dealer.procedures[procedure].match
            if match != .exact {
                patterns += 1
                precondition(dealer.patterns.value(match, node: dealer.procedures[procedure].node) == UInt32(procedure))
            }
            let isHome = Int(dealer.procedures[procedure].home) == shard
            precondition(isHome == (dealer.procedures[procedure].held != .max))
            guard isHome else { continue }
            held += 1
            let registration = dealer.procedures[procedure].held
            precondition(Int(dealer.held[registration].procedure) == procedure)
            precondition(sessions[dealer.held[registration].callee].phase == .established)
        }
        precondition(patterns == dealer.patterns.count)
        dealer.patterns.checkInvariants()
        precondition(held == dealer.held.count && dealer.bindings.count == dealer.procedures.count)
        precondition(registrationOwner.ids.count == registrationOwner.registrations.count)
        precondition(interestOwner.ids.count == interestOwner.subscriptions.count)
    }

    private func checkCalls() {
        for call in 0..<dealer.calls.usedSlots where dealer.calls.contains(call) {
            precondition(dealer.find(reference(to: call)) == call)
            precondition(dealer.callIndex.find(dealer.calls[call].caller, dealer.calls[call].request.value) == call)
        }
        for slot in 0..<dealer.invocations.usedSlots where dealer.invocations.contains(slot) {
            precondition(dealer.callToInvocation.find(dealer.invocations[slot].call) == slot)
            let callee = dealer.invocations[slot].callee
            precondition(dealer.invocationIndex.find(callee, dealer.invocations[slot].request.value) == slot)
            precondition(dealer.invocations[slot].request.value <= sessions[callee].lastInvocation.value)
        }
    }
}
