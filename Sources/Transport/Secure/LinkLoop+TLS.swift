import RennbahnBytes
import RennbahnReactor
import RennbahnTLS
import RennbahnWebSocket

// A connection with TLS differs where bytes pass the socket, once for each system call, and nowhere else: what is read
// is decrypted into the receive buffer, what is queued is encrypted as it is sent. No bytes are kept in between but a
// record that came in part, which OpenSSL holds, and encrypted bytes that the socket did not take.

extension LinkLoop {
    /// Encrypted bytes of one connection that are made before the socket is asked to take them.
    private static let sealedAtOnce = 64 * 1024

    /// Gives a connection its session; false when it ended over that.
    private func secure(_ slot: Int, _ context: TLSContext, resuming ticket: TLSTicket? = nil) -> Bool {
        do throws(TLSFailure) {
            let session = try TLSSession(context, wire: wire, resuming: ticket)
            links.value[slot].makeSecure(session)
            return true
        } catch {
            end(slot, .tls(error.description))
            return false
        }
    }

    /// A connection was accepted where TLS is spoken: waits for the client's first words.
    func beginSecuring(_ slot: Int, _ context: TLSContext) {
        if secure(slot, context) { handshakes.begin(slot, addresses[slot]?.address ?? .unknown) }
    }

    /// The TCP connection of a client is made: says its first words.
    func startSecuring(_ slot: Int, _ context: TLSContext) {
        // A session goes on as who began it: who has a certificate of their own begins one.
        let ticket = openings[slot]?.tls == nil ? ticket : nil
        guard secure(slot, context, resuming: ticket) else { return }
        do throws(TLSFailure) {
            try links.value[slot].withTLS { session throws(TLSFailure) in try session.start() }
        } catch {
            wire.discardSealed()
            end(slot, .tls(error.description))
            return
        }
        takeSealed(slot)
    }

    // MARK: Reading

    /// As the rest of ``startReading(_:)``, of a connection with TLS.
    @inline(never)
    func readSecure(_ slot: Int) {
        let isSecuring = isSecuring(slot)
        if isSecuring {
            if links.value[slot].isServer { return awaitTurn(slot) }
            // The poller tells of it again in the next turn, behind those that it has not told of yet.
            if turn.value.securingTime >= limits.securingTimePerTurn { return }
        }
        receiveSecure(slot, isSecuring: isSecuring)
    }

    /// Reads what has come, and decrypts it or goes on with the handshake.
    func receiveSecure(_ slot: Int, isSecuring: Bool) {
        let wire = wire
        wire.begin()
        switch kernel.receive(links.value[slot].descriptor, into: &wire.received, minimumFree: TLSWire.readSize) {
        case .bytes(let count): counters.value.bytesIn += UInt64(count)
        case .wouldBlock: return
        case .closed:
            transportEnded(slot)
            return
        case .failed(let errno):
            transportEnded(slot, errno: errno)
            return
        }
        guard isSecuring else {
            unseal(slot)
            return
        }
        let start = kernel.now()
        unseal(slot)
        turn.value.securingTime &+= kernel.now() &- start
    }

    func isSecuring(_ slot: Int) -> Bool {
        if case .securing = links.value[slot].life.phase { true } else { false }
    }

    private func unseal(_ slot: Int) {
        takeKept(slot)
        let kept = input.value.count
        let reading = links.value[slot].withTLS { $0.read(into: &input.value) }
        takeSealed(slot)
        if case .failed(let failure) = reading {
            failSecure(slot, .tls(failure.description))
            return
        }
        if isSecuring(slot) {
            guard links.value[slot].withTLS({ $0.isEstablished }) else { return }
            secured(slot)
        }
        let hasText = input.value.count > kept
        if hasText {
            turn.value.window = 0..<input.value.count
            turn.value.current = slot
        } else {
            keepRest(slot, 0..<input.value.count)
        }
        guard case .ended = reading else { return }
        // Behind the last text the socket shall tell of the end, whatever the peer does with it.
        if hasText {
            kernel.shutdownRead(links.value[slot].descriptor)
        } else {
            transportEnded(slot)
        }
    }

    /// The handshake is done: the opening handshake of the WebSocket connection follows.
    private func secured(_ slot: Int) {
        counters.value.secured += 1
        if links.value[slot].withTLS({ $0.isResumed }) { counters.value.resumed += 1 }
        if links.value[slot].withTLS({ $0.isLeftToKernel }) { counters.value.leftToKernel += 1 }
        carryOut(links.value[slot].life.secured(), slot)
        handshakes.end(slot)
        if !links.value[slot].isServer { sendRequest(slot) }
    }

    /// Ends a connection whose session is broken: the last thing that the peer is told is the session's alert.
    private func failSecure(_ slot: Int, _ reason: LinkEnd) {
        pool.value.clear(&links.value[slot].output)
        carryOut(links.value[slot].life.lastWordQueued(reason), slot)
    }

    /// A client's connection is open: the next one goes on with its session.
    func keepTicket(_ slot: Int) {
        guard connectProfile?.tls?.resumes == true, let fresh = links.value[slot].withTLS({ $0.ticket }) else { return }
        ticket = fresh
    }

    // MARK: Sending

    /// Queues what the session has to say by itself: parts of the handshake, alerts.
    private func takeSealed(_ slot: Int) {
        guard wire.hasOutput else { return }
        links.value[slot].withTLS { $0.keepSealed() }
        markDirty(slot)
    }

    /// As the rest of ``write(_:)``, of a connection with TLS.
    @inline(never)
    func writeSecure(_ slot: Int) {
        let before = links.value[slot].output.count
        var sent = 0
        let result = sealAndSend(slot, &sent)
        counters.value.bytesOut &+= UInt64(truncatingIfNeeded: sent)
        switch result {
        case .closed:
            transportEnded(slot)
            return
        case .failed(let errno):
            transportEnded(slot, errno: errno, writing: true)
            return
        case .bytes, .wouldBlock: break
        }
        if links.value[slot].life.hasEnded { return }
        let left = links.value[slot].output.count
        if left > 0 || links.value[slot].withTLS({ $0.hasUnsent }) {
            waitForRoom(slot, sent: sent)
        } else {
            allWritten(slot)
        }
        if links.value[slot].isBehind { noteTaken(slot, before &- left) }
    }

    /// Sends until all is sent or the socket is full; `sent` are the bytes that it took.
    private func sealAndSend(_ slot: Int, _ sent: inout Int) -> IOResult {
        var bytes = ByteBuffer()
        while true {
            switch links.value[slot].withTLS({ $0.step }) {
            case .unsent:
                links.value[slot].withTLS { swap(&$0.unsent, &bytes) }
            case .sealed:
                guard links.value[slot].output.count > 0 else { return .bytes(0) }
                do throws(TLSFailure) {
                    try sealQueued(slot)
                } catch {
                    wire.discardSealed()
                    end(slot, .tls(error.description))
                    return .bytes(0)
                }
                wire.exchangeSealed(with: &bytes)
            case .handOver, .record, .text:
                return sendByKernel(slot, &sent)
            }
            let result = kernel.send(links.value[slot].descriptor, bytes.span)
            if case .bytes(let count) = result { sent += count }
            guard case .bytes(bytes.count) = result else {
                if case .bytes(let count) = result { bytes.removeFirst(count) }
                // Nothing is before them: what waited is what was sent.
                links.value[slot].withTLS { swap(&$0.unsent, &bytes) }
                if case .bytes = result { return .wouldBlock }
                return result
            }
            bytes.removeAll(keepingCapacity: true)
            wire.exchangeSealed(with: &bytes)
        }
    }

    /// Encrypts queued bytes, up to as many as are sent at once.
    private func sealQueued(_ slot: Int) throws(TLSFailure) {
        var queue = links.value[slot].output
        defer { links.value[slot].output = queue }
        while queue.count > 0, wire.sealed.count < LinkLoop.sealedAtOnce {
            try pool.value.drain(&queue) { bytes throws(TLSFailure) in
                try links.value[slot].withTLS { session throws(TLSFailure) in try session.seal(bytes) }
            }
        }
    }

    /// Tells the peer that nothing more comes, where that can be sent at once.
    ///
    /// - Returns: whether the sending half may be shut down then. The kernel may have encrypted what the TCP connection had
    ///   no room for, which would be lost over that: such a peer knows the end by our word alone.
    func closeSecure(_ slot: Int) -> Bool {
        let isLeftToKernel = links.value[slot].withTLS { $0.isLeftToKernel }
        guard !links.value[slot].withTLS({ $0.hasUnsent }) else { return !isLeftToKernel }
        links.value[slot].withTLS { $0.close() }
        guard wire.hasOutput else { return !isLeftToKernel }
        links.value[slot].withTLS { $0.keepSealed() }
        if isLeftToKernel {
            closeByKernel(slot)
        } else {
            let descriptor = links.value[slot].descriptor
            _ = links.value[slot].withTLS { kernel.send(descriptor, $0.unsent.span) }
        }
        return !isLeftToKernel
    }
}
