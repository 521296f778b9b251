import RennbahnBytes
package import RennbahnWAMP

/// The session state machine: HELLO, GOODBYE, ABORT, protocol violations, the end of the transport.
extension RoutingCore {
    /// Whether a HELLO of this connection would be considered. Anything else, ``hello(realm:from:as:into:)`` refuses.
    package mutating func awaitsHello(_ session: SessionHandle) -> Bool {
        !isShuttingDown && sessions.count < configuration.limits.sessions && hasRoomForSession()
            && isWithoutSession(session)
    }

    /// Whether a connection has no session, and was not refused one.
    package mutating func isWithoutSession(_ session: SessionHandle) -> Bool {
        switch sessions.phase(of: session) {
        case .vacant, .closed: true
        case .joining, .established, .shuttingDown, .failed: false
        }
    }

    /// An id for a session that is to be told it before it is welcome.
    package mutating func drawSessionID() -> SessionID { SessionID(random.id()) }

    mutating func join(
        realm: InputURI, from session: SessionHandle, as id: SessionID?, into effects: inout Effects
    ) {
        if isShuttingDown {
            return refuse(session, .systemShutdown, "the router is shutting down", into: &effects)
        }
        // A realm's name is no URI of a topic or procedure: it may have capitals where those may not.
        guard URIRules.isValid(realm.bytes, strictness: .loose, match: .exact) else {
            return refuse(session, .invalidURI, "the realm is not a valid URI", into: &effects)
        }
        guard sessions.count < configuration.limits.sessions else {
            return refuse(session, .unavailable, "too many sessions", into: &effects)
        }
        guard hasRoomForSession() else {
            return refuse(session, .unavailable, "no memory is left for a session", into: &effects)
        }
        if let known = realms.find(0, realm.bytes) {
            sessions.open(session.index, phase: .established, realm: realms[known])
            welcome(session, as: id, into: &effects)
        } else if configuration.createsRealms, id == nil {
            sessions.open(session.index, phase: .joining, realm: 0)
            tell(
                .realmWanted(session: sessions[session.index].reference), to: RoutingCore.owner, uri: realm,
                into: &effects)
        } else {
            refuse(session, .noSuchRealm, "no such realm", into: &effects)
        }
    }

    mutating func welcome(_ session: SessionHandle, as id: SessionID? = nil, into effects: inout Effects) {
        let realm = Int(sessions[session.index].realm)
        counts.sessionsOpened &+= 1
        effects.append(.welcome(session, session: id ?? drawSessionID(), realm: realm))
    }

    /// ABORT, then the transport goes; the session, if any, is gone.
    package mutating func refuse(
        _ session: SessionHandle, _ reason: PredefinedURI, _ message: StaticString, into effects: inout Effects
    ) {
        effects.append(.abort(session, reason: reason, message: message))
        drop(session, afterViolation: reason == .protocolViolation, into: &effects)
    }

    /// Ends the session without a word and lets the transport go.
    mutating func drop(_ session: SessionHandle, afterViolation: Bool = false, into effects: inout Effects) {
        end(session.index, leaving: .failed, as: afterViolation ? .violation : .abort, into: &effects)
        effects.append(.close(session, afterViolation: afterViolation))
    }

    mutating func goodbye(_ session: SessionHandle, into effects: inout Effects) {
        effects.append(.goodbye(session, reason: .goodbyeAndOut))
        end(session.index, leaving: .closed, as: .goodbye, into: &effects)
    }

    /// The client broke the protocol, here or in the codec: ABORT `wamp.error.protocol_violation`, and the transport
    /// goes. Nothing that came after is processed.
    package mutating func violate(_ session: SessionHandle, message: StaticString, into effects: inout Effects) {
        switch sessions.phase(of: session) {
        case .vacant, .closed, .joining, .established:
            refuse(session, .protocolViolation, message, into: &effects)
        case .shuttingDown: drop(session, into: &effects)
        case .failed: break
        }
    }

    /// The transport is gone, and the session with it. The handle's slot is free for another connection.
    package mutating func detach(_ session: SessionHandle, into effects: inout Effects) {
        guard sessions.contains(session) else { return }
        end(session.index, leaving: .vacant, as: .connectionEnd, into: &effects)
    }

    /// GOODBYE `wamp.close.system_shutdown` to every session; each transport is closed once its client has answered.
    /// New sessions are refused from now on.
    package mutating func shutDown(into effects: inout Effects) {
        isShuttingDown = true
        for slot in 0..<UInt32(sessions.slots) {
            let session = sessions[slot].handle
            switch sessions[slot].phase {
            case .established:
                effects.append(.goodbye(session, reason: .systemShutdown))
                end(slot, leaving: .shuttingDown, as: .shutdown, into: &effects)
            case .joining: refuse(session, .systemShutdown, "the router is shutting down", into: &effects)
            case .vacant, .closed, .shuttingDown, .failed: break
            }
        }
    }

    /// Whether the router has said goodbye to the session and waits for its answer.
    package mutating func awaitsGoodbye(_ session: SessionHandle) -> Bool {
        sessions.phase(of: session) == .shuttingDown
    }

    /// Ends the session on a connection, if there is one, with all that it owns.
    private mutating func end(
        _ index: UInt32, leaving phase: Session.Phase, as way: SessionEnd, into effects: inout Effects
    ) {
        let octets = charge(of: index)
        if sessions[index].phase == .established {
            counts.note(way)
            // Nothing may reach the session while its things are taken apart, not even its own cancellations.
            leaveBroker(index, into: &effects)
            leaveDealer(index, into: &effects)
            // The owner's answers will find nobody.
            waitingSubscriptions -= Int(sessions[index].waitingSubscriptions)
            waitingRegistrations -= Int(sessions[index].waitingRegistrations)
        }
        sessions.end(index, leaving: phase)
        // HELLO and GOODBYE can follow each other for ever on one connection.
        noteFreed(phase == .vacant ? octets + StateCost.departure : octets)
    }
}

/// Realms that HELLO creates, numbered by the owner.
extension RoutingCore {
    /// At the owner.
    mutating func realmWanted(
        name: InputURI, session: SessionReference, from asking: Int, into effects: inout Effects
    ) {
        let realm: UInt32
        if let known = realms.find(0, name.bytes) {
            realm = realms[known]
        } else if realms.count < configuration.limits.realms {
            realm = nextRealm
            nextRealm += 1
            _ = realms.insert(0, name.bytes, realm)
        } else {
            return tell(.realmRefused(session: session), to: asking, into: &effects)
        }
        tell(.realmReady(realm: realm, session: session), to: asking, uri: name, into: &effects)
    }

    mutating func realmReady(
        _ realm: UInt32, name: Span<UInt8>, session: SessionReference, into effects: inout Effects
    ) {
        if realms.find(0, name) == nil { _ = realms.insert(0, name, realm) }
        guard sessions.isLive(session, in: .joining) else { return }
        sessions[session.index].realm = realm
        sessions[session.index].phase = .established
        welcome(sessions[session.index].handle, into: &effects)
    }

    mutating func realmRefused(session: SessionReference, into effects: inout Effects) {
        guard sessions.isLive(session, in: .joining) else { return }
        refuse(sessions[session.index].handle, .noSuchRealm, "too many realms", into: &effects)
    }
}
