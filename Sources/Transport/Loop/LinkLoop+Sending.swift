import RennbahnBytes
import RennbahnCrypto
import RennbahnReactor
import RennbahnWebSocket
import RennbahnWebSocketDeflate

/// What became of a message for one connection.
package enum SendOutcome: Sendable {
    case queued
    /// The connection is not open any more.
    case gone
    /// Queued, and the connection is above ``Limits/queuedOutputHighMark``: who sends to it shall wait.
    case congested
    /// Queued, and the connection is above that mark, but nobody waits for it.
    case detached
    /// Not queued: the peer has said that it takes no messages of that size. RawSocket only.
    case tooLarge
}

extension LinkLoop {
    /// Queues a message for one connection; what a turn queues leaves in one system call at its end.
    package func send(_ message: inout OutgoingMessage, to id: LinkID) -> SendOutcome {
        guard let slot = openSlot(id) else { return .gone }
        switch links.value[slot].sendWay {
        case .plain:
            message.finishPlain()
            pool.value.append(message.plainFrame, to: &links.value[slot].output)
        case .compressed, .masked, .shaped, .rawSocket:
            guard queueOwn(&message, slot) else { return .tooLarge }
        }
        return queued(slot, message)
    }

    /// As ``send(_:to:)``, for a message that several connections get: those that take it as it is send it from one
    /// place. ``release(_:)`` ends that.
    package func share(_ message: inout OutgoingMessage, with id: LinkID) -> SendOutcome {
        guard let slot = openSlot(id) else { return .gone }
        guard links.value[slot].takesPlainFrames else {
            guard queueOwn(&message, slot) else { return .tooLarge }
            return queued(slot, message)
        }
        let frame: SharedFrame
        if let made = message.shared, pool.value.holds(made) {
            frame = made
        } else {
            frame = makeShared(&message)
            // Making it may have ended the turn's output, and this connection with it.
            guard links.value[slot].isOpen(generation: id.generation) else { return .gone }
        }
        // A connection that waits for room keeps what it gets beyond the turn.
        if links.value[slot].life.wantsWrite, frame.count < ChunkPool.blockThreshold {
            pool.value.append(message.plainFrame, to: &links.value[slot].output)
        } else {
            pool.value.append(frame, to: &links.value[slot].output)
        }
        return queued(slot, message)
    }

    private func makeShared(_ message: inout OutgoingMessage) -> SharedFrame {
        message.finishPlain()
        if !pool.value.canShare(message.plainFrame.count) {
            // What is overdue keeps the bytes of its turn, and is too much to be sent here.
            guard !isOverdue else { return makeSharedBlock(&message) }
            flush()
        }
        let frame = pool.value.share(message.plainFrame)
        message.shared = frame
        return frame
    }

    @inline(never)
    private func makeSharedBlock(_ message: inout OutgoingMessage) -> SharedFrame {
        let frame = pool.value.shareBlock(message.plainFrame)
        message.shared = frame
        return frame
    }

    /// The message was shared with all its receivers.
    package func release(_ message: inout OutgoingMessage) {
        guard let frame = message.shared else { return }
        pool.value.release(frame)
        message.shared = nil
    }

    /// The slot of a connection that is open.
    @inline(__always)
    func openSlot(_ id: LinkID) -> Int? {
        let slot = Int(id.index)
        guard links.value.contains(slot) else { return nil }
        return links.value[slot].isOpen(generation: id.generation) ? slot : nil
    }

    /// Queues the form of a message that is the connection's own; false when the peer takes none of that size.
    @inline(__always)
    private func queueOwn(_ message: inout OutgoingMessage, _ slot: Int) -> Bool {
        switch links.value[slot].sendWay {
        case .plain: preconditionFailure("a connection that takes the plain frame has none of its own")
        case .compressed: queueCompressed(&message, slot)
        case .masked:
            message.finishMasked(key: maskKeys.value.next())
            pool.value.append(message.plainFrame, to: &links.value[slot].output)
        case .shaped: queueShaped(&message, slot)
        case .rawSocket: return queueRawSocket(message, slot)
        }
        return true
    }

    private func queueCompressed(_ message: inout OutgoingMessage, _ slot: Int) {
        let isServer = links.value[slot].isServer
        guard message.payloadCount >= Int(links.value[slot].compressionThreshold) else {
            return queueUncompressed(&message, slot)
        }
        if isServer, !links.value[slot].sendTakeover {
            queueCompressedAlike(&message, slot)
            return
        }
        guard compress(&message, slot) else { return queueUncompressed(&message, slot) }
        message.compressed.finish(message.opcode, maskKey: isServer ? nil : maskKeys.value.next())
        pool.value.append(message.compressed.frame, to: &links.value[slot].output)
    }

    /// Without context, and without a mask, it is the same frame for all that have agreed on the same.
    private func queueCompressedAlike(_ message: inout OutgoingMessage, _ slot: Int) {
        let parameters = links.value[slot].deflateParameters
        if let place = message.compressed.place(of: parameters) {
            pool.value.append(message.compressed[place], to: &links.value[slot].output)
            return
        }
        guard compress(&message, slot) else { return queueUncompressed(&message, slot) }
        message.compressed.finish(message.opcode, maskKey: nil)
        message.compressed.share(parameters)
        pool.value.append(message.compressed.frame, to: &links.value[slot].output)
    }

    /// A message that is not worth it, or that there is no memory for.
    private func queueUncompressed(_ message: inout OutgoingMessage, _ slot: Int) {
        if links.value[slot].isServer {
            message.finishPlain()
        } else {
            message.finishMasked(key: maskKeys.value.next())
        }
        pool.value.append(message.plainFrame, to: &links.value[slot].output)
    }

    /// Compresses the payload as the connection has agreed to; the frame is the caller's to complete. False without memory: the
    /// message goes as it is.
    func compress(_ message: inout OutgoingMessage, _ slot: Int) -> Bool {
        message.compressed.begin()
        guard message.compressPayload(with: &links.value[slot].deflater!, &codecs.value) else { return false }
        counters.value.compressed &+= 1
        noteCodecUse(slot)
        return true
    }

    @inline(__always)
    private func queued(_ slot: Int, _ message: borrowing OutgoingMessage) -> SendOutcome {
        counters.value.messagesOut &+= 1
        let count = links.value[slot].output.count
        if !links.value[slot].isDirty { markDirty(slot) }
        return count <= limits.queuedOutputHighMark ? .queued : aboveHighMark(slot, count &- message.payloadCount)
    }

    func markDirty(_ slot: Int) {
        guard !links.value[slot].isDirty else { return }
        links.value[slot].isDirty = true
        turn.value.dirty.append(UInt32(truncatingIfNeeded: slot))
    }

    /// Queues a control frame (RFC 6455, section 5.5). A pong is left out while the peer does not take its output.
    func queueControl(_ slot: Int, _ opcode: Opcode, _ payload: Span<UInt8>) {
        if opcode == .pong, links.value[slot].output.count > limits.queuedOutputHighMark { return }
        if case .rawSocket = links.value[slot].sendWay {
            // There are no close frames, and a pong that the peer would not take is none.
            if opcode == .pong, queueRawSocket(.pong, payload, slot) { markDirty(slot) }
            return
        }
        var frame = ByteBuffer(capacity: OutgoingMessage.headroom + payload.count)
        let shape = profiles[Int(links.value[slot].profile)].options.plainShape(links.value[slot].role)
        shape.append(opcode: opcode, payload: payload, nextKey: { maskKeys.value.next() }, to: &frame)
        traceSentFrames(slot, frame.span)
        pool.value.append(frame.span, to: &links.value[slot].output)
        markDirty(slot)
    }

    // MARK: Writing

    /// Where few do, out of the way of the flush.
    @inline(never)
    func writeAside(_ slot: Int) { write(slot) }

    @inline(__always)
    func write(_ slot: Int) {
        guard !links.value[slot].life.hasEnded else { return }
        let before = links.value[slot].output.count
        noteQueued(before)
        if links.value[slot].isSecure {
            writeSecure(slot)
            return
        }
        let result = kernel.writeQueued(
            links.value[slot].descriptor, pool: &pool.value, queue: &links.value[slot].output)
        let left = links.value[slot].output.count
        counters.value.bytesOut &+= UInt64(truncatingIfNeeded: before &- left)
        switch result {
        case .closed:
            transportEnded(slot)
            return
        case .failed(let errno):
            transportEnded(slot, errno: errno, writing: true)
            return
        case .bytes, .wouldBlock: break
        }
        if left > 0 { waitForRoom(slot, sent: before &- left) } else { allWritten(slot) }
        if links.value[slot].isBehind { noteTaken(slot, before &- left) }
    }

    /// Takes note of how much is queued, before it becomes less: so no peak is missed.
    func noteQueued(_ count: Int) {
        counters.value.mostQueuedOfOne = max(counters.value.mostQueuedOfOne, count)
        counters.value.mostQueued = max(counters.value.mostQueued, pool.value.queuedBytes)
    }

    /// - Parameter sent: octets that the socket took now.
    func waitForRoom(_ slot: Int, sent: Int) {
        guard !links.value[slot].life.wantsWrite else {
            links.value[slot].pace.sent(sent)
            return
        }
        pool.value.keep(&links.value[slot].output)
        carryOut(links.value[slot].life.roomMissing(), slot)
        links.value[slot].pace = Pace(at: now)
        if links.value[slot].stallTimer == nil { armStallTimer(slot) }
    }

    func allWritten(_ slot: Int) {
        if links.value[slot].life.isOpen, !links.value[slot].life.wantsWrite { return }
        carryOut(links.value[slot].life.allSent(), slot)
        if case .answering = links.value[slot].life.phase { answerWritten(slot) }
    }
}

extension OutgoingMessage {
    /// False without memory.
    mutating func compressPayload(with deflater: inout Deflater, _ pool: inout CodecPool) -> Bool {
        var target = ByteBuffer()
        swap(&target, &compressed.payload)
        let isDone = deflater.compress(payloadSpan, into: &target, pool: &pool)
        swap(&target, &compressed.payload)
        return isDone
    }
}
