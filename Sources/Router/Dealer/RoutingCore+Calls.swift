import RennbahnBytes
import RennbahnWAMP

/// CALL, YIELD, ERROR and CANCEL.
///
/// The caller's shard owns the call, the callee's shard the invocation id; either may lose interest while a message
/// of the other is on its way, so a reference that leads nowhere is no mistake. Nothing here allocates or touches a
/// reference count once the tables have grown.
extension RoutingCore {
    @inline(__always)
    mutating func call(_ index: UInt32, request: RequestID, procedure: Span<UInt8>, into effects: inout Effects) {
        guard let vacancy = dealer.callIndex.vacancy(index, request.value) else {
            return violate(sessions[index].handle, message: "CALL with the id of a pending call", into: &effects)
        }
        let exact = dealer.procedures.find(
            URISpace.of(sessions[index].realm, .exact), procedure, likely: sessions[index].lastProcedure)
        guard let known = exact ?? resolvePattern(procedure, of: index, request: request, into: &effects) else {
            return
        }
        guard dealer.calls.count < freeCalls || affordsCall(index) else {
            return effects.append(
                .error(sessions[index].handle, code: .call, request: request, error: .unavailable))
        }
        sessions[index].lastProcedure = UInt32(truncatingIfNeeded: known)
        let home = dealer.procedures[known].home
        dealer.callsMade &+= 1
        let generation = UInt32(truncatingIfNeeded: dealer.callsMade)
        let call = dealer.calls.insert(Call(caller: index, generation: generation, request: request, home: home))
        dealer.calls.link(call, into: &sessions[index].calls)
        dealer.callIndex.fill(vacancy, index, request.value, call)
        let reference = CallReference(
            shard: UInt16(truncatingIfNeeded: shard), slot: UInt32(truncatingIfNeeded: call), generation: generation)
        guard Int(home) != shard else { return invoke(reference, procedure: known, into: &effects) }
        let message = ShardMessage.invocation(
            call: reference, registration: dealer.procedures[known].registration,
            carriesProcedure: dealer.procedures[known].match.isPattern)
        effects.append(.forward(message, to: Int(home)))
    }

    /// Whether a session may have one more pending call, where there are many of them on the shard.
    @inline(never)
    private func affordsCall(_ index: UInt32) -> Bool {
        sessions[index].calls.count < configuration.limits.pendingCallsPerSession && affords(index, StateCost.call)
    }

    /// The best pattern for a call of a procedure that nobody has registered itself; nil after an ERROR.
    @inline(never)
    private mutating func resolvePattern(
        _ procedure: Span<UInt8>, of index: UInt32, request: RequestID, into effects: inout Effects
    ) -> Int? {
        let isValid = URIRules.isValid(procedure, strictness: configuration.uriStrictness, match: .exact)
        if isValid, let pattern = dealer.resolve(sessions[index].realm, procedure) { return pattern }
        let error = isValid ? PredefinedURI.noSuchProcedure : .invalidURI
        effects.append(.error(sessions[index].handle, code: .call, request: request, error: error))
        return nil
    }

    /// At the callee's shard, from another one.
    mutating func invoke(_ call: CallReference, registration: RegistrationID, into effects: inout Effects) {
        guard let procedure = dealer.bindings.find(registration) else {
            // The callee has unregistered, or left, while the call was on its way.
            return tell(
                .callFailed(call: call, refusal: .noSuchProcedure), to: Int(call.shard), into: &effects)
        }
        invoke(call, procedure: procedure, into: &effects)
    }

    @inline(__always)
    private mutating func invoke(_ call: CallReference, procedure: Int, into effects: inout Effects) {
        let held = dealer.procedures[procedure].held
        if dealer.held[held].request != .none { confirm(held, into: &effects) }
        let index = dealer.held[held].callee
        sessions[index].lastInvocation.value &+= 1
        let request = sessions[index].lastInvocation
        let invocation = dealer.invocations.insert(Invocation(callee: index, request: request, call: call))
        dealer.invocations.link(invocation, into: &sessions[index].invocations)
        dealer.invocationIndex.insert(index, request.value, invocation)
        dealer.callToInvocation.set(call, to: invocation)
        effects.append(
            .invocation(
                sessions[index].handle, request: request, registration: dealer.procedures[procedure].registration,
                carriesProcedure: dealer.procedures[procedure].match.isPattern))
    }

    @inline(__always)
    mutating func yield(_ index: UInt32, request: RequestID, into effects: inout Effects) {
        guard let call = takeInvocation(index, request: request) else {
            return answerUnknown(index, request: request, into: &effects)
        }
        if Int(call.shard) == shard {
            result(call, into: &effects)
        } else {
            effects.append(.forward(.result(call: call), to: Int(call.shard)))
        }
    }

    mutating func invocationError(
        _ index: UInt32, request: RequestID, error: InputURI, into effects: inout Effects
    ) {
        guard let call = takeInvocation(index, request: request) else {
            return answerUnknown(index, request: request, into: &effects)
        }
        // A callee's own errors are passed on under loose rules: a strict router must not hide what went wrong.
        guard URIRules.isValid(error.bytes, strictness: .loose, match: .exact) else {
            return tell(.callFailed(call: call, refusal: .invalidURI), to: Int(call.shard), into: &effects)
        }
        tell(.callError(call: call), to: Int(call.shard), uri: error, into: &effects)
    }

    /// Ends an invocation that the callee answers, if there is one.
    @inline(__always)
    private mutating func takeInvocation(_ index: UInt32, request: RequestID) -> CallReference? {
        guard let invocation = dealer.invocationIndex.remove(index, request.value) else { return nil }
        let call = dealer.invocations[invocation].call
        discard(invocation, of: index, call: call)
        return call
    }

    /// An answer to an invocation that was never made is a violation; one that nobody waits for any more is dropped.
    @inline(never)
    private mutating func answerUnknown(_ index: UInt32, request: RequestID, into effects: inout Effects) {
        guard request == .none || request.value > sessions[index].lastInvocation.value else { return }
        violate(sessions[index].handle, message: "answer to an unknown invocation", into: &effects)
    }

    @inline(__always)
    private mutating func removeCall(_ call: Int) {
        let caller = dealer.calls[call].caller
        dealer.callIndex.remove(caller, dealer.calls[call].request.value)
        dealer.calls.unlink(call, from: &sessions[caller].calls)
        dealer.calls.remove(call)
    }

    private mutating func removeInvocation(_ invocation: Int) {
        let callee = dealer.invocations[invocation].callee
        dealer.invocationIndex.remove(callee, dealer.invocations[invocation].request.value)
        discard(invocation, of: callee, call: dealer.invocations[invocation].call)
    }

    /// Removes an invocation that is in the index no more.
    @inline(__always)
    private mutating func discard(_ invocation: Int, of callee: UInt32, call: CallReference) {
        dealer.callToInvocation.clear(call)
        dealer.invocations.unlink(invocation, from: &sessions[callee].invocations)
        dealer.invocations.remove(invocation)
    }

    // MARK: At the caller's shard

    @inline(__always)
    mutating func result(_ reference: CallReference, into effects: inout Effects) {
        guard let call = dealer.find(reference) else { return }
        let index = dealer.calls[call].caller
        effects.append(.result(sessions[index].handle, request: dealer.calls[call].request))
        removeCall(call)
    }

    mutating func callError(_ reference: CallReference, into effects: inout Effects) {
        guard let call = dealer.find(reference) else { return }
        let index = dealer.calls[call].caller
        effects.append(.callError(sessions[index].handle, request: dealer.calls[call].request))
        counts.callsWithoutResult &+= 1
        removeCall(call)
    }

    mutating func callFailed(
        _ reference: CallReference, refusal: ShardMessage.Refusal, into effects: inout Effects
    ) {
        guard let call = dealer.find(reference) else { return }
        let index = dealer.calls[call].caller
        let request = dealer.calls[call].request
        effects.append(.error(sessions[index].handle, code: .call, request: request, error: refusal.error))
        counts.callsWithoutResult &+= 1
        removeCall(call)
    }

    /// CANCEL. No callee can announce `call_canceling` yet, so that every mode is `skip`: the caller gets its ERROR at
    /// once, the callee's answer is dropped when it comes. A call that is not pending is ignored.
    mutating func cancel(_ index: UInt32, request: RequestID, into effects: inout Effects) {
        guard let call = dealer.callIndex.find(index, request.value) else { return }
        effects.append(
            .error(sessions[index].handle, code: .call, request: request, error: .canceled))
        abandon(call, into: &effects)
    }

    func reference(to call: Int) -> CallReference {
        CallReference(
            shard: UInt16(truncatingIfNeeded: shard), slot: UInt32(truncatingIfNeeded: call),
            generation: dealer.calls[call].generation)
    }

    /// Ends a call whose answer nobody wants any more.
    private mutating func abandon(_ call: Int, into effects: inout Effects) {
        let reference = reference(to: call)
        let home = Int(dealer.calls[call].home)
        counts.callsWithoutResult &+= 1
        removeCall(call)
        tell(.interrupt(call: reference), to: home, into: &effects)
    }

    /// At the callee's shard: the answer will be dropped, since its invocation is unknown from now on.
    mutating func interrupt(_ call: CallReference) {
        guard let invocation = dealer.callToInvocation.find(call), dealer.invocations[invocation].call == call else {
            return
        }
        removeInvocation(invocation)
    }

    /// Ends the calls and the registrations of a session that leaves, and gives up the calls that it had to answer.
    mutating func leaveDealer(_ index: UInt32, into effects: inout Effects) {
        while !sessions[index].calls.isEmpty { abandon(Int(sessions[index].calls.first), into: &effects) }
        while !sessions[index].registrations.isEmpty {
            release(Int(sessions[index].registrations.first), request: .none, into: &effects)
        }
        while !sessions[index].invocations.isEmpty {
            let invocation = Int(sessions[index].invocations.first)
            let call = dealer.invocations[invocation].call
            removeInvocation(invocation)
            tell(.callFailed(call: call, refusal: .canceled), to: Int(call.shard), into: &effects)
        }
    }
}
