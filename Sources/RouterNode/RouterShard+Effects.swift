import RennbahnBytes
import RennbahnRouter
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket

extension RouterShard {
    /// Carries out what the router asked for, in order.
    @inline(__always)
    func carryOut(_ input: borrowing Input) {
        transcodedTo.value = RouterShard.nothing
        let count = effects.value.list.count
        for index in 0..<count { carryOut(effects.value.list[index], input) }
        effects.value.removeAll()
        if count > RouterShard.manyEffects { noteFanOut(to: count, input) }
    }

    /// More than these are told apart from a message that is for one.
    private static let manyEffects = 16

    @inline(__always)
    func carryOut(_ effect: Effect, _ input: borrowing Input) {
        switch effect {
        case .event(let subscription, let publication, let recipients, let carriesTopic):
            fanOut(subscription, publication, recipients, carriesTopic: carriesTopic, input)
        case .invocation(let callee, let request, let registration, let carriesProcedure):
            invoke(callee, request, registration, carriesProcedure: carriesProcedure, input)
        case .result(let caller, let request): answer(caller, request, isError: false, input)
        case .callError(let caller, let request):
            errors.value &+= 1
            answer(caller, request, isError: true, input)
        case .forward(let message, let other): forward(message, to: other, input)
        case .close(let session, let afterViolation):
            loop.close(LinkID(session), code: afterViolation ? .protocolError : .normalClosure)
        case .publicationRefused: noteRefusedPublication()
        case .welcome, .abort, .goodbye, .error, .published, .subscribed, .unsubscribed, .registered, .unregistered,
            .yieldingEvent, .yieldingEnded:
            sendControl(effect, input)
        }
    }

    // MARK: Messages with a payload

    private func fanOut(
        _ subscription: SubscriptionID, _ publication: PublicationID, _ recipients: Range<Int>, carriesTopic: Bool,
        _ input: borrowing Input
    ) {
        // A bit for each serializer.
        var built = 0
        var impossible = 0
        for index in recipients {
            let session = effects.value.recipients[index]
            let link = LinkID(session)
            let serializer = serializer(of: session)
            let bit = 1 << serializer.slot
            if built & bit == 0 {
                // A connection may have ended by the events before, of other subscriptions to the same topic.
                guard impossible & bit == 0, loop.isOpen(link) else { continue }
                guard buildEvent(serializer, subscription, publication, carriesTopic: carriesTopic, input) else {
                    impossible |= bit
                    continue
                }
                built |= bit
            }
            let outcome =
                recipients.count == 1
                ? loop.send(&messages[serializer.slot], to: link) : loop.share(&messages[serializer.slot], with: link)
            switch outcome {
            case .queued, .gone: break
            case .congested:
                loop.noteEvent(link, of: subscription.value, messages[serializer.slot].payloadCount)
                holdBack(input.origin, for: link)
            case .detached:
                loop.noteEvent(link, of: subscription.value, messages[serializer.slot].payloadCount)
            case .tooLarge: oversized.value += 1
            }
        }
        guard recipients.count > 1 else { return }
        for slot in 0..<messages.usedSlots { loop.release(&messages[slot]) }
        noteFanOut(to: recipients.count, input)
    }

    private func buildEvent(
        _ serializer: Serializer, _ subscription: SubscriptionID, _ publication: PublicationID, carriesTopic: Bool,
        _ input: borrowing Input
    ) -> Bool {
        let topic = input.uri
        return withPayload(of: input, in: serializer) { payload, bytes, message in
            if carriesTopic {
                MessageWriter.event(
                    serializer, subscription: subscription, publication: publication, topic: topic, payload: payload,
                    bytes, into: &message)
            } else {
                MessageWriter.event(
                    serializer, subscription: subscription, publication: publication, payload: payload, bytes,
                    into: &message)
            }
        }
    }

    private func invoke(
        _ callee: SessionHandle, _ request: RequestID, _ registration: RegistrationID, carriesProcedure: Bool,
        _ input: borrowing Input
    ) {
        // The first of each is false wherever everybody keeps up. Calls are not to end their callee.
        if loop.counters.value.detached > 0 && loop.isDetached(LinkID(callee))
            || loop.queuedBytes > loop.limits.maxQueuedOutput && loop.isFull(LinkID(callee))
        {
            undeliverable.value.append((callee, request, .unavailable))
            return
        }
        let serializer = serializer(of: callee)
        let procedure = input.uri
        let isBuilt = withPayload(of: input, in: serializer) { payload, bytes, message in
            if carriesProcedure {
                MessageWriter.invocation(
                    serializer, request: request, registration: registration, procedure: procedure, payload: payload,
                    bytes, into: &message)
            } else {
                MessageWriter.invocation(
                    serializer, request: request, registration: registration, payload: payload, bytes, into: &message)
            }
        }
        if isBuilt {
            send(serializer, to: callee, from: input.origin)
        } else {
            undeliverable.value.append((callee, request, .invalidArgument))
        }
    }

    /// RESULT, or ERROR with the input's URI. An answer that cannot be written in the caller's serializer becomes
    /// `wamp.error.invalid_argument`.
    private func answer(
        _ caller: SessionHandle, _ request: RequestID, isError: Bool, _ input: borrowing Input
    ) {
        let serializer = serializer(of: caller)
        let error = input.uri
        let isBuilt = withPayload(of: input, in: serializer) { payload, bytes, message in
            if isError {
                MessageWriter.callError(
                    serializer, request: request, error: error, payload: payload, bytes, into: &message)
            } else {
                MessageWriter.result(serializer, request: request, payload: payload, bytes, into: &message)
            }
        }
        if isBuilt {
            sendAnswer(serializer, to: caller, input)
        } else {
            sendControl(.error(caller, code: .call, request: request, error: .invalidArgument), input)
        }
    }

    /// Who does not take its answers waits for itself, since a callee works for others, too; with `hold` the callee waits, so that
    /// no more than the mark is ever queued.
    @inline(__always)
    private func sendAnswer(_ serializer: Serializer, to caller: SessionHandle, _ input: borrowing Input) {
        let link = LinkID(caller)
        switch loop.send(&messages[serializer.slot], to: link) {
        case .queued, .gone: break
        case .congested:
            if loop.holdsSenders(link), input.origin.exists {
                holdBack(input.origin, for: link)
            } else {
                loop.pauseUntilDrained(link)
            }
        case .detached: loop.pauseUntilDrained(link)
        case .tooLarge: answerTooLarge(serializer, for: caller)
        }
    }

    /// Begins a message and lets `build` write it with the payload in the message's serializer; false when the payload
    /// has no form in it.
    @inline(__always)
    func withPayload(
        of input: borrowing Input, in serializer: Serializer,
        _ build: (Payload, Span<UInt8>, inout ByteBuffer) -> Void
    ) -> Bool {
        begin(serializer)
        let (payload, bytes) = (input.payload, input.bytes)
        if payload.serializer.slot == serializer.slot || payload.elements == 0 {
            build(
                Payload(serializer: serializer, elements: payload.elements), bytes, &messages[serializer.slot].payload)
            return true
        }
        guard transcode(payload, bytes, to: serializer) else { return false }
        build(
            Payload(serializer: serializer, elements: payload.elements),
            unsafe _overrideLifetime(transcoded.unboundSpan, borrowing: self), &messages[serializer.slot].payload)
        return true
    }

    /// Rewrites the input's payload for another serializer, once for all that the input causes.
    private func transcode(_ payload: Payload, _ bytes: Span<UInt8>, to serializer: Serializer) -> Bool {
        if transcodedTo.value == serializer.slot { return true }
        transcodedTo.value = RouterShard.nothing
        transcoded.value.removeAll(keepingCapacity: true)
        do {
            try Transcoder.transcode(payload, bytes, to: serializer, into: &transcoded.value)
        } catch {
            return false
        }
        transcodedTo.value = serializer.slot
        return true
    }
}
