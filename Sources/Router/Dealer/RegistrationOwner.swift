import RennbahnBytes
import RennbahnWAMP

/// The owner's view of a registration.
struct OwnedRegistration: BitwiseCopyable {
    enum Stage: BitwiseCopyable {
        /// The home was told; nobody else knows yet.
        case granted
        /// `missing` shards have still to take note.
        case spreading(missing: Int)
        case active
        /// The procedure's name is free again; `missing` shards have still to forget the registration. `request` is
        /// the UNREGISTER, if there was one.
        case removing(missing: Int, request: RequestID)
    }

    /// In `RegistrationOwner.names`, unless it is being removed.
    var name: Int
    var home: Int
    var callee: SessionReference
    var stage = Stage.granted
}

/// The owner's part of the registration protocol: numbers the registrations, lets each procedure or pattern have one,
/// and spreads them.
struct RegistrationOwner: ~Copyable {
    var ids = RouterScopeIDs<RegistrationID>()
    /// From procedures and patterns to `registrations`.
    var names: URIMap<UInt32>
    var registrations = Pool<OwnedRegistration>()
    /// From ids to `registrations`.
    var bindings = RouterScopeBindings<RegistrationID>()

    init(hash: ByteHash) {
        names = URIMap(hash: hash)
    }

    var isEmpty: Bool { names.isEmpty && registrations.isEmpty && bindings.isEmpty && ids.count == 0 }

    func find(_ id: RegistrationID) -> Int {
        guard let registration = bindings.find(id) else { preconditionFailure("unknown registration") }
        return registration
    }

    mutating func remove(_ id: RegistrationID) {
        registrations.remove(find(id))
        bindings.unbind(id)
        ids.release(id)
    }
}

extension RoutingCore {
    mutating func registrationWanted(
        realm: UInt32, match: MatchPolicy, procedure: InputURI, callee: SessionReference, request: RequestID,
        from home: Int, into effects: inout Effects
    ) {
        let space = URISpace.of(realm, match)
        guard registrationOwner.names.find(space, procedure.bytes) == nil else {
            return tell(
                .registrationRefused(callee: callee, request: request, refusal: .procedureAlreadyExists), to: home,
                into: &effects)
        }
        let id = registrationOwner.ids.allocate()
        let name = registrationOwner.names.insert(space, procedure.bytes, 0)
        let registration = registrationOwner.registrations.insert(
            OwnedRegistration(name: name, home: home, callee: callee))
        registrationOwner.names[name] = UInt32(registration)
        registrationOwner.bindings.bind(id, to: registration)
        tell(
            .registrationGranted(
                realm: realm, match: match, registration: id, callee: callee, request: request), to: home,
            uri: procedure, into: &effects)
    }

    mutating func registrationHeld(
        _ id: RegistrationID, realm: UInt32, match: MatchPolicy, procedure: InputURI, into effects: inout Effects
    ) {
        let registration = registrationOwner.find(id)
        let home = registrationOwner.registrations[registration].home
        guard shards > 1 else {
            registrationOwner.registrations[registration].stage = .active
            return tell(.registrationReady(registration: id), to: home, into: &effects)
        }
        registrationOwner.registrations[registration].stage = .spreading(missing: shards - 1)
        for other in 0..<shards where other != home {
            tell(
                .registrationAdded(realm: realm, match: match, registration: id, home: UInt16(home)), to: other,
                uri: procedure, into: &effects)
        }
    }

    mutating func registrationNoted(_ id: RegistrationID, into effects: inout Effects) {
        let registration = registrationOwner.find(id)
        switch registrationOwner.registrations[registration].stage {
        case .spreading(let missing) where missing > 1:
            registrationOwner.registrations[registration].stage = .spreading(missing: missing - 1)
        case .spreading:
            registrationOwner.registrations[registration].stage = .active
            let home = registrationOwner.registrations[registration].home
            tell(.registrationReady(registration: id), to: home, into: &effects)
        case .removing: break  // It ended before all had taken note.
        case .granted, .active: preconditionFailure("nobody waits for this note")
        }
    }

    mutating func registrationEnded(_ id: RegistrationID, request: RequestID, into effects: inout Effects) {
        let registration = registrationOwner.find(id)
        registrationOwner.names.remove(registrationOwner.registrations[registration].name)
        switch registrationOwner.registrations[registration].stage {
        case .granted: return removed(id, request: request, into: &effects)
        case .spreading, .active: break
        case .removing: preconditionFailure("a registration ended twice")
        }
        guard shards > 1 else { return removed(id, request: request, into: &effects) }
        let home = registrationOwner.registrations[registration].home
        registrationOwner.registrations[registration].stage = .removing(missing: shards - 1, request: request)
        for other in 0..<shards where other != home {
            tell(.registrationRemoved(registration: id), to: other, into: &effects)
        }
    }

    mutating func removalNoted(_ id: RegistrationID, into effects: inout Effects) {
        let registration = registrationOwner.find(id)
        switch registrationOwner.registrations[registration].stage {
        case .removing(let missing, let request) where missing > 1:
            registrationOwner.registrations[registration].stage = .removing(missing: missing - 1, request: request)
        case .removing(missing: _, let request): removed(id, request: request, into: &effects)
        case .granted, .spreading, .active: preconditionFailure("nobody waits for this note")
        }
    }

    /// No shard knows the registration any more.
    private mutating func removed(_ id: RegistrationID, request: RequestID, into effects: inout Effects) {
        let registration = registrationOwner.find(id)
        let home = registrationOwner.registrations[registration].home
        let callee = registrationOwner.registrations[registration].callee
        registrationOwner.remove(id)
        noteFreed(StateCost.registration)
        guard request != .none else { return }
        tell(.removalReady(callee: callee, request: request), to: home, into: &effects)
    }
}
