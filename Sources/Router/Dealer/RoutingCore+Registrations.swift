import RennbahnBytes
import RennbahnWAMP

/// REGISTER and UNREGISTER, and this shard's side of the registration protocol (``ShardMessage``).
///
/// The owner decides; the home takes the registration first, so that it is ready for invocations from shards that
/// learn of it before it hears that all of them have.
extension RoutingCore {
    mutating func register(
        _ index: UInt32, request: RequestID, options: RegisterOptions, procedure: InputURI,
        into effects: inout Effects
    ) {
        let callee = sessions[index].handle
        // Shared registrations are not kept yet: a callee that asked for one must not believe to have it.
        guard options.invoke == .single else {
            return effects.append(.error(callee, code: .register, request: request, error: .optionNotAllowed))
        }
        guard isClaimable(procedure.bytes, options.match) else {
            return effects.append(.error(callee, code: .register, request: request, error: .invalidURI))
        }
        let registrations = Int(sessions[index].registrations.count) + Int(sessions[index].waitingRegistrations)
        let name = StateCost.name(procedure.bytes.count, options.match)
        guard registrations < configuration.limits.registrationsPerSession, admits(procedure.bytes, options.match),
            affords(index, StateCost.registration, name: name)
        else {
            return effects.append(.error(callee, code: .register, request: request, error: .unavailable))
        }
        sessions[index].waitingRegistrations += 1
        waitingRegistrations += 1
        tell(
            .registrationWanted(
                realm: sessions[index].realm, match: options.match, callee: sessions[index].reference,
                request: request),
            to: RoutingCore.owner, uri: procedure, into: &effects)
    }

    mutating func unregister(
        _ index: UInt32, request: RequestID, registration: RegistrationID, into effects: inout Effects
    ) {
        guard let held = held(registration, by: index), dealer.held[held].request == .none else {
            return effects.append(
                .error(
                    sessions[index].handle, code: .unregister, request: request, error: .noSuchRegistration))
        }
        release(Int(held), request: request, into: &effects)
    }

    private mutating func held(_ registration: RegistrationID, by index: UInt32) -> UInt32? {
        guard let procedure = dealer.bindings.find(registration) else { return nil }
        let held = dealer.procedures[procedure].held
        guard held != .max, dealer.held[held].callee == index else { return nil }
        return held
    }

    /// Ends a registration of this shard: no invocation reaches the callee from now on.
    mutating func release(_ held: Int, request: RequestID, into effects: inout Effects) {
        let procedure = Int(dealer.held[held].procedure)
        let registration = dealer.procedures[procedure].registration
        let callee = dealer.held[held].callee
        sessions[callee].nameOctets -= StateCost.name(
            dealer.procedures.byteCount(procedure), dealer.procedures[procedure].match)
        dealer.held.unlink(held, from: &sessions[callee].registrations)
        dealer.held.remove(held)
        dealer.remove(procedure)
        noteFreed(StateCost.registration)
        tell(
            .registrationEnded(registration: registration, request: request), to: RoutingCore.owner, into: &effects)
    }

    /// REGISTERED, unless it was sent before.
    mutating func confirm(_ held: UInt32, into effects: inout Effects) {
        let request = dealer.held[held].request
        guard request != .none else { return }
        dealer.held[held].request = .none
        let registration = dealer.procedures[Int(dealer.held[held].procedure)].registration
        effects.append(
            .registered(
                sessions[dealer.held[held].callee].handle, request: request, registration: registration))
    }

    // MARK: From the owner

    mutating func registrationGranted(
        _ registration: RegistrationID, realm: UInt32, match: MatchPolicy, procedure uri: InputURI,
        callee: SessionReference, request: RequestID, into effects: inout Effects
    ) {
        guard sessions.isLive(callee) else {
            return tell(
                .registrationEnded(registration: registration, request: .none), to: RoutingCore.owner, into: &effects)
        }
        sessions[callee.index].waitingRegistrations -= 1
        waitingRegistrations -= 1
        sessions[callee.index].nameOctets += StateCost.name(uri.bytes.count, match)
        let home = UInt16(truncatingIfNeeded: shard)
        let procedure = dealer.insert(
            uri.bytes, Procedure(registration: registration, home: home, match: match, realm: realm))
        let held = dealer.held.insert(
            HeldRegistration(procedure: UInt32(procedure), callee: callee.index, request: request))
        dealer.held.link(held, into: &sessions[callee.index].registrations)
        dealer.procedures[procedure].held = UInt32(held)
        tell(
            .registrationHeld(realm: realm, match: match, registration: registration), to: RoutingCore.owner,
            uri: uri, into: &effects)
    }

    mutating func registrationRefused(
        callee: SessionReference, request: RequestID, refusal: ShardMessage.Refusal, into effects: inout Effects
    ) {
        guard sessions.isLive(callee) else { return }
        sessions[callee.index].waitingRegistrations -= 1
        waitingRegistrations -= 1
        effects.append(
            .error(sessions[callee.index].handle, code: .register, request: request, error: refusal.error))
    }

    /// The registration may have ended meanwhile.
    mutating func registrationReady(_ registration: RegistrationID, into effects: inout Effects) {
        guard let procedure = dealer.bindings.find(registration) else { return }
        confirm(dealer.procedures[procedure].held, into: &effects)
    }

    mutating func removalReady(callee: SessionReference, request: RequestID, into effects: inout Effects) {
        guard sessions.isLive(callee) else { return }
        effects.append(.unregistered(sessions[callee.index].handle, request: request))
    }

    mutating func registrationAdded(
        _ registration: RegistrationID, realm: UInt32, match: MatchPolicy, procedure uri: Span<UInt8>, home: UInt16,
        into effects: inout Effects
    ) {
        _ = dealer.insert(uri, Procedure(registration: registration, home: home, match: match, realm: realm))
        tell(.registrationNoted(registration: registration), to: RoutingCore.owner, into: &effects)
    }

    mutating func registrationRemoved(_ registration: RegistrationID, into effects: inout Effects) {
        guard let procedure = dealer.bindings.find(registration) else {
            preconditionFailure("an unknown registration ended")
        }
        dealer.remove(procedure)
        noteFreed(StateCost.registration)
        tell(.removalNoted(registration: registration), to: RoutingCore.owner, into: &effects)
    }
}
